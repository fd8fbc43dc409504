import type { MappingCounters } from '../../api/live.js'
import type { HomeQuery } from './generated/graphql.js'

export type Mapping = HomeQuery['integrationTableMappings'][number]

/** As it is told live, where it was told already. */
export function withCounters(mapping: Mapping, counters: MappingCounters | undefined): Mapping {
  if (counters === undefined) return mapping
  const { couplings, openErrors, skipped, pending } = counters
  return { ...mapping, couplings, openErrors, skippedRecords: skipped, pendingRecords: pending }
}

/** Pairs that are not known to agree: they wait for a person, or for the next run. */
export function apartOf({ couplings, skippedRecords, pendingRecords }: Mapping): number {
  return Math.min(couplings, skippedRecords + pendingRecords)
}
