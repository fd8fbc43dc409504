import type { DocumentValue } from './document.js'

export interface OptionPair {
  readonly local: DocumentValue
  readonly integration: DocumentValue
}

type Optional = { readonly type: string; readonly members: readonly string[] | null } | undefined

/** The values that a field can have, where they are a closed set. */
export function valuesOf(field: Optional): readonly DocumentValue[] {
  if (field?.type === 'BOOLEAN') return [true, false]
  return field?.type === 'OPTION' ? (field.members ?? []) : []
}

/** Pairs to begin with: each value of one side with the one of like name; the others are left to be chosen. */
export function proposePairs(local: Optional, integration: Optional): readonly OptionPair[] {
  const [ones, others] = [valuesOf(local), valuesOf(integration)]
  const plain = (value: DocumentValue): string =>
    String(value)
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '')
  const pairs = ones.map((one) => ({
    local: one,
    integration: others.find((other) => plain(other) === plain(one)) ?? null,
  }))
  if (pairs.length > 0) return pairs
  return others.length > 0
    ? others.map((integrationValue) => ({ local: null, integration: integrationValue }))
    : [{ local: null, integration: null }]
}

/** Values that stand twice on a side: it would not be clear what they become. */
export function repeatedValues(pairs: readonly OptionPair[]): readonly DocumentValue[] {
  return (['local', 'integration'] as const).flatMap((side) =>
    pairs.map((pair) => pair[side]).filter((value, index, all) => all.indexOf(value) < index),
  )
}

/** Values of a closed set that no line translates: a record that holds one cannot be synchronized. */
export function unlistedValues(
  pairs: readonly OptionPair[],
  side: 'local' | 'integration',
  field: Optional,
): readonly DocumentValue[] {
  return valuesOf(field).filter((value) => !pairs.some((pair) => pair[side] === value))
}
