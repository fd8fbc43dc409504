/** Upper case one UTF-16 unit at a time, as Business Central stores codes: `straße` becomes `STRAßE`, never `STRASSE`. */
export function upperCaseOneToOne(text: string): string {
  let result = ''
  for (const character of text) {
    const upper = character.toUpperCase()
    result += upper.length === character.length ? upper : character
  }
  return result
}

/** The canonical form of a code: trimmed, upper-cased one to one. */
export function canonicalCode(text: string): string {
  return upperCaseOneToOne(text.trim())
}

/** Text by which case-insensitive matching compares: composed (NFC) and lower-cased. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** `1 mapping`, `2 mappings`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
