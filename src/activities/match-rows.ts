import { findPartner, matchKey, type Match } from '../domain/match.js'
import type { RecordSnapshot } from '../domain/record.js'
import { otherSide, Side } from '../domain/value.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import type { OpenIntents } from '../persistence/queries/open-intents.js'
import { isInFilter, type MappingContext } from './mapping-context.js'

/**
 * Finds the partners of uncoupled source records: one bulk read per match rule, whatever the number of records. Returns a
 * result for every source given.
 */
export async function matchRows(
  context: MappingContext,
  sourceSide: Side,
  sources: readonly RecordSnapshot[],
  open: OpenIntents,
): Promise<ReadonlyMap<string, Match>> {
  const rules = context.definition.matchRules
  if (sources.length === 0 || rules.length === 0)
    return new Map(sources.map((source) => [source.id, { kind: 'none' }]))
  const destinationSide = otherSide(sourceSide)
  const table = context.tables[destinationSide]
  const candidates = await readCandidates(context, sourceSide, sources)
  const all = [...candidates.values()]
  const index = new CandidateIndex(context, destinationSide, all)
  const coupled = await coupledIds(context.em, context.connection.id, destinationSide, table.name, [
    ...candidates.keys(),
  ])
  const keyField = table.assignedKey?.field
  const isBusy = (id: string) =>
    open.records.has(`${destinationSide}:${id}`) ||
    (keyField !== undefined &&
      open.keys.has(`${destinationSide}:${String(candidates.get(id)?.values[keyField])}`))
  const find = (source: RecordSnapshot, claimants: (id: string) => number) =>
    findPartner({
      source,
      sourceSide,
      rules,
      // A record that another mapping holds, and this one would not look at, is no candidate: a company that is both customer and
      // vendor has an account as each.
      candidates: index
        .near(source, sourceSide)
        .filter((record) => !coupled.has(record.id) || isInFilter(context, destinationSide, record)),
      isCoupled: (id) => coupled.has(id),
      isBusy,
      claimants,
      captions: { source: context.tables[sourceSide].caption, destination: table.caption },
    })
  const claims = new Map<string, number>()
  for (const source of sources) {
    const match = find(source, () => 1)
    if (match.kind === 'one') claims.set(match.partner.id, (claims.get(match.partner.id) ?? 0) + 1)
  }
  return new Map(sources.map((source) => [source.id, find(source, (id) => claims.get(id) ?? 0)]))
}

/** Records of the other side that agree with any of the sources in the first pair of a match rule, by id: one bulk read per rule. */
export async function readCandidates(
  context: MappingContext,
  sourceSide: Side,
  sources: readonly RecordSnapshot[],
): Promise<ReadonlyMap<string, RecordSnapshot>> {
  const destinationSide = otherSide(sourceSide)
  const table = context.tables[destinationSide]
  const reads = context.definition.matchRules.map(async (rule): Promise<readonly RecordSnapshot[]> => {
    const [pair] = rule.pairs
    if (pair === undefined) return []
    const [sourceField, destinationField] =
      sourceSide === Side.local
        ? [pair.localField, pair.integrationField]
        : [pair.integrationField, pair.localField]
    const values = new Set<string>()
    for (const source of sources) {
      const value = source.values[sourceField]
      if (matchKey(rule, sourceSide, source.values) !== null && typeof value === 'string') values.add(value)
    }
    if (values.size === 0) return []
    return context.connectors[destinationSide].readByValues(
      table,
      context.fields[destinationSide],
      destinationField,
      [...values],
    )
  })
  const candidates = new Map<string, RecordSnapshot>()
  for (const found of await Promise.all(reads)) for (const record of found) candidates.set(record.id, record)
  return candidates
}

/** Candidates by match key, so that a page of thousands is matched in one pass over it. */
class CandidateIndex {
  private readonly byKey = new Map<string, RecordSnapshot[]>()

  constructor(
    private readonly context: MappingContext,
    side: Side,
    candidates: readonly RecordSnapshot[],
  ) {
    for (const [number, rule] of context.definition.matchRules.entries()) {
      for (const candidate of candidates) {
        const key = matchKey(rule, side, candidate.values)
        if (key === null) continue
        const slot = `${number}:${key}`
        const known = this.byKey.get(slot)
        if (known === undefined) this.byKey.set(slot, [candidate])
        else known.push(candidate)
      }
    }
  }

  near(source: RecordSnapshot, side: Side): readonly RecordSnapshot[] {
    const found = new Map<string, RecordSnapshot>()
    for (const [number, rule] of this.context.definition.matchRules.entries()) {
      const key = matchKey(rule, side, source.values)
      if (key === null) continue
      for (const candidate of this.byKey.get(`${number}:${key}`) ?? []) found.set(candidate.id, candidate)
    }
    return [...found.values()]
  }
}
