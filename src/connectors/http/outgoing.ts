import { canonicalNumber } from '../../domain/number.js'
import { WireValueError } from './canonical.js'
import type { OutgoingJson } from './exact-json.js'
import { jsonNumber } from './exact-json.js'

/** A canonical text as a member of a body. Throws {@link WireValueError} for what is none. */
export function sendText(value: string | boolean, field: string): string {
  if (typeof value === 'string') return value
  throw new WireValueError(field, `Field ${field} takes text, not ${value}.`)
}

/** A canonical number as a member, with all of its digits. Throws {@link WireValueError} for what is none. */
export function sendNumber(value: string | boolean, field: string): OutgoingJson {
  try {
    return jsonNumber(canonicalNumber(String(value)))
  } catch {
    throw new WireValueError(field, `Field ${field} takes a number, not ${value}.`)
  }
}

/** A canonical Boolean as a member. Throws {@link WireValueError} for what is none. */
export function sendBoolean(value: string | boolean, field: string): boolean {
  if (typeof value === 'boolean') return value
  throw new WireValueError(field, `Field ${field} takes true or false, not ${value}.`)
}
