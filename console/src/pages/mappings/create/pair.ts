/** Which way something is carried. */
export type Way = 'BIDIRECTIONAL' | 'TO_INTEGRATION_TABLE' | 'FROM_INTEGRATION_TABLE'

/** What has to be known of a field to say how it can be carried. */
export interface PairedField {
  readonly name: string
  readonly caption: string
  /** As the API names types: TEXT, LOOKUP, DATE_TIME. */
  readonly type: string
  readonly readOnly: boolean
  /** The values of an option; empty or null: not known. */
  readonly members: readonly string[] | null
  /** The table that a lookup refers to. */
  readonly lookupTable: string | null
}

/** Two tables that are paired already: through their couplings references are translated. */
export interface PairedTables {
  readonly name: string
  readonly localTable: string
  readonly integrationTable: string
}

/** How a pair of fields can be carried, or why it cannot. */
export type PairJudgement =
  | {
      readonly kind: 'carried'
      readonly direction: Way
      /** Mappings whose couplings translate the reference; empty: it is none. */
      readonly lookupMappings: readonly string[]
      /** A date meets a date and time: it has to be said where the day begins. */
      readonly needsTimeZone: boolean
    }
  | { readonly kind: 'refused'; readonly reason: 'READ_ONLY' | 'NO_MAPPING' | 'OPTIONS' }

type Pass = Exclude<Way, 'BIDIRECTIONAL'>

/**
 * How two fields can be carried within a mapping of that direction: not into what only its system writes, not where an option has no
 * counterpart, and references only where a mapping pairs the tables they lead to.
 */
export function judgePair(
  local: PairedField,
  integration: PairedField,
  direction: Way,
  mappings: readonly PairedTables[],
): PairJudgement {
  const wanted: readonly Pass[] =
    direction === 'BIDIRECTIONAL' ? ['TO_INTEGRATION_TABLE', 'FROM_INTEGRATION_TABLE'] : [direction]
  const ends = (pass: Pass): readonly [PairedField, PairedField] =>
    pass === 'TO_INTEGRATION_TABLE' ? [local, integration] : [integration, local]
  const writable = wanted.filter((pass) => !ends(pass)[1].readOnly)
  if (writable.length === 0) return { kind: 'refused', reason: 'READ_ONLY' }
  const passes = writable.filter((pass) => optionsFit(...ends(pass)))
  const [first] = passes
  if (first === undefined) return { kind: 'refused', reason: 'OPTIONS' }
  const refers = local.type === 'LOOKUP' || integration.type === 'LOOKUP'
  const lookupMappings = refers ? mappingsBetween(local, integration, mappings) : []
  if (refers && lookupMappings.length === 0) return { kind: 'refused', reason: 'NO_MAPPING' }
  const types = [local.type, integration.type]
  return {
    kind: 'carried',
    direction: passes.length === 2 ? 'BIDIRECTIONAL' : first,
    lookupMappings,
    needsTimeZone: types.includes('DATE') && types.includes('DATE_TIME'),
  }
}

function optionsFit(from: PairedField, to: PairedField): boolean {
  if (from.type !== 'OPTION' || to.type !== 'OPTION') return true
  const there = to.members ?? []
  return there.length === 0 || (from.members ?? []).every((member) => there.includes(member))
}

/** Types that can name a record: an id may stand there without a word of the table that it belongs to. */
const REFERRING: ReadonlySet<string> = new Set(['LOOKUP', 'GUID', 'OPTION', 'INTEGER'])

function mappingsBetween(
  local: PairedField,
  integration: PairedField,
  mappings: readonly PairedTables[],
): readonly string[] {
  if (!REFERRING.has(local.type) || !REFERRING.has(integration.type)) return []
  return mappings.filter((mapping) => leadsThrough(local, integration, mapping)).map(({ name }) => name)
}

/** Whether two fields may refer to records that a mapping pairs, as far as it is known where they lead. */
export function leadsThrough(
  local: Pick<PairedField, 'lookupTable'> | undefined,
  integration: Pick<PairedField, 'lookupTable'> | undefined,
  { localTable, integrationTable }: PairedTables,
): boolean {
  return (
    [localTable, null].includes(local?.lookupTable ?? null) &&
    [integrationTable, null].includes(integration?.lookupTable ?? null)
  )
}

const LONGEST_NAME = 50

/** A name for a mapping of this table that no other has: ITEM CATEGORY, ITEM CATEGORY 2. */
export function freeName(caption: string, taken: readonly string[]): string {
  const used = new Set(taken.map((name) => name.toUpperCase()))
  const base = caption.trim().toUpperCase().slice(0, LONGEST_NAME)
  for (let number = 2, name = base; ; number += 1) {
    if (!used.has(name)) return name
    const ending = ` ${number}`
    name = base.slice(0, LONGEST_NAME - ending.length) + ending
  }
}

/** Whether another mapping has this name: letters in upper and lower case are the same, as in {@link freeName}. */
export function isTaken(name: string, taken: readonly string[]): boolean {
  const wanted = name.trim().toUpperCase()
  return taken.some((one) => one.toUpperCase() === wanted)
}
