/**
 * Canonical values: the one form in which Accord holds, compares, hashes and stores a field's value.
 *
 * - blank is `null`: empty text, blank enum, all-zero GUID, `0001-01-01`, a missing or null member;
 * - text is a string as the system sent it; code is upper-cased one to one and trimmed;
 * - decimals and 64-bit integers are plain decimal strings without exponent, sign of zero or trailing zeros (`12.5`, `-3`, `0`);
 * - booleans are booleans; options are the option's external value as a string (`3`, `Ship`);
 * - GUIDs and lookups are lower-case GUIDs without braces; dates are `YYYY-MM-DD`; date-times are ISO 8601 in UTC.
 *
 * Numbers never pass through a JavaScript number between the wire and the API (engine rule 8).
 */
export type Value = string | boolean | null

/** Values of a record by field name. A field that was not read is absent; absent is never blank. */
export type Values = Readonly<Record<string, Value>>

/** What a field can hold. Lengths are UTF-16 code units. */
export type FieldType =
  | { readonly kind: 'text'; readonly maxLength: number }
  | { readonly kind: 'code'; readonly maxLength: number }
  | { readonly kind: 'decimal'; readonly scale: number; readonly nullable: boolean }
  | { readonly kind: 'integer'; readonly nullable: boolean }
  | { readonly kind: 'boolean'; readonly nullable: boolean }
  | { readonly kind: 'option'; readonly members: readonly string[] }
  | { readonly kind: 'guid' }
  /** `textIds`: the ids of that table are any text, not GUIDs. */
  | { readonly kind: 'lookup'; readonly table: string; readonly textIds?: boolean }
  | { readonly kind: 'date' }
  | { readonly kind: 'dateTime' }
  /** BLOBs, media, images, files and lists: refused when a mapping is saved, never read. `name` is the system's own. */
  | { readonly kind: 'unsupported'; readonly name: string }

/** Both directions of a connection's two systems. */
export const Side = { local: 'LOCAL', integration: 'INTEGRATION' } as const
export type Side = (typeof Side)[keyof typeof Side]

export function otherSide(side: Side): Side {
  return side === Side.local ? Side.integration : Side.local
}

/** Fails to compile when a closed set gained a member that a switch does not handle. */
export function assertNever(value: never): never {
  throw new Error(`Unexpected value: ${JSON.stringify(value)}`)
}
