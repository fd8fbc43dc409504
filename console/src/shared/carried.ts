/** What a system may hold for nothing, where another leaves the field blank. */
const AS_GOOD_AS_BLANK = /^(0([.,]0+)?|false)?$/

/**
 * Whether one side holds a value and the other nothing, and the mapping still leaves both as they are, as with an amount in
 * a currency that it does not carry: calling such a pair of values equal would be wrong.
 */
export function isNotCarried({
  equal,
  lookup,
  local,
  integration,
}: {
  readonly equal: boolean
  /** References are translated: to a record that stands for nothing, too, as a local currency does. */
  readonly lookup: boolean
  readonly local: string | null
  readonly integration: string | null
}): boolean {
  if (!equal || lookup || (local === null) === (integration === null)) return false
  return !AS_GOOD_AS_BLANK.test(local ?? integration ?? '')
}
