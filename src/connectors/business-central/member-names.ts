/** The member that stands for the blank of an option. */
export const BLANK_MEMBER = '_x0020_'

/**
 * Enum members as OData names. A name may hold letters, digits and underscores and does not begin with a digit; every other
 * UTF-16 unit stands as `_xHHHH_`, and so does an underscore that would read as the start of such an escape.
 */
const ESCAPE = /_x([0-9A-Fa-f]{4})_/g
const NAME_CHARACTER = /^[\p{L}\p{Nd}_]$/u
const ESCAPE_AT_START = /^_x[0-9A-Fa-f]{4}_/

/** The external value of a member: `Non_x002D_Inventory` is `Non-Inventory`. */
export function decodeMemberName(name: string): string {
  return name.replace(ESCAPE, (_escape, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
}

/** The member name of an external value: `Bank Account` is `Bank_x0020_Account`. */
export function encodeMemberName(value: string): string {
  let name = ''
  for (let index = 0; index < value.length; index += 1) {
    const unit = value[index] ?? ''
    const plain =
      NAME_CHARACTER.test(unit) &&
      !(index === 0 && /\p{Nd}/u.test(unit)) &&
      !(unit === '_' && ESCAPE_AT_START.test(value.slice(index, index + 7)))
    name += plain ? unit : `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`
  }
  return name
}
