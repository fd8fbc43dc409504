import { isUnchanged } from './comparison.js'
import type { Base, BaseValue } from './coupling.js'
import { fieldAgrees, fieldEnd, type TransferContext } from './field-transfer.js'
import { mappedValue, mappingCarries, type Direction, type MappingDefinition } from './mapping.js'
import { Side, type Value, type Values } from './value.js'

/** What a reconciliation says of one pair, or of one record without a partner. */
export const Verdict = {
  /** Both sides agree on every field that is carried, as far as each can hold the other's value. */
  equal: 'EQUAL',
  /** They differ by a change that the next run carries. */
  pending: 'PENDING',
  /** Both sides were changed, and neither an owner nor a policy decides. */
  conflict: 'CONFLICT',
  /** They differ, and the pair is a skipped synch. record. */
  skipped: 'SKIPPED',
  /** They differ, and the pair has an open error, or would have one. */
  failing: 'FAILING',
  /** They differ, and no run carries it. */
  drift: 'DRIFT',
  missingLocal: 'MISSING_LOCAL',
  missingIntegration: 'MISSING_INTEGRATION',
  missingBoth: 'MISSING_BOTH',
  /** A record of the pair may not be read. */
  forbidden: 'FORBIDDEN',
  /** A side whose changes are carried lies outside its filter. */
  outOfFilter: 'OUT_OF_FILTER',
  uncoupledLocal: 'UNCOUPLED_LOCAL',
  uncoupledIntegration: 'UNCOUPLED_INTEGRATION',
} as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

export const ReconciliationStatus = {
  running: 'RUNNING',
  completed: 'COMPLETED',
  failed: 'FAILED',
  cancelled: 'CANCELLED',
} as const
export type ReconciliationStatus = (typeof ReconciliationStatus)[keyof typeof ReconciliationStatus]

/** One field on which a pair does not agree. JSON-safe. */
export interface FieldDifference {
  /** Name of the field mapping. */
  readonly name: string
  readonly localField: string | null
  readonly integrationField: string | null
  readonly localCaption: string
  readonly integrationCaption: string
  readonly direction: Direction
  readonly local: Value
  readonly integration: Value
  /** Null: the field has none, since it was never synchronised. */
  readonly base: BaseValue | null
  readonly localChanged: boolean
  readonly integrationChanged: boolean
}

/** A mapping made ready for comparing many records of one side with what they last agreed on. */
export interface BaseComparison {
  readonly side: Side
  /** Whether the record's mapped values are those of its side of the base. */
  holds(values: Values, base: Base): boolean
}

/** Prepares {@link BaseComparison}: types are looked up once, not for every record. */
export function compareWithBase(
  mapping: MappingDefinition,
  side: Side,
  tables: Pick<TransferContext, 'localTable' | 'integrationTable'>,
): BaseComparison {
  const fields = mapping.fields.map((field) => ({ field, type: fieldEnd(field, side, tables).type }))
  return {
    side,
    holds: (values, base) =>
      fields.every(({ field, type }) => {
        const agreed = base[field.name]
        if (agreed === undefined) return false
        const before = side === Side.local ? agreed.local : agreed.integration
        return isUnchanged(mappedValue(field, side, values), before, type)
      }),
  }
}

/** The values of a side as the base keeps them, by its own field names. Fields without a base are left out. */
export function valuesOfBase(mapping: MappingDefinition, side: Side, base: Base): Values {
  const values: Record<string, Value> = {}
  for (const field of mapping.fields) {
    const agreed = base[field.name]
    const name = side === Side.local ? field.localField : field.integrationField
    if (agreed === undefined || name === null) continue
    values[name] = side === Side.local ? agreed.local : agreed.integration
  }
  return values
}

/**
 * Whether two sides, neither of which has news, agree on every field that is carried. With {@link BaseComparison} of both sides
 * it says that a pair is equal without looking at the two records together.
 */
export function agreeAtRest(
  mapping: MappingDefinition,
  local: Values,
  integration: Values,
  context: TransferContext,
): boolean {
  return mapping.fields.every(
    (field) =>
      !(
        mappingCarries(mapping, field, 'TO_INTEGRATION_TABLE') ||
        mappingCarries(mapping, field, 'FROM_INTEGRATION_TABLE')
      ) || fieldAgrees(field, local, integration, context),
  )
}

/**
 * Share of pairs that are equal, in percent with three decimals; cut, so that it says 100 only when all are. Null: there are
 * no pairs.
 */
export function equalPercent(equal: number, pairs: number): number | null {
  return pairs === 0 ? null : Math.floor((equal * 100_000) / pairs) / 1_000
}

/** Verdicts of pairs; the others are of single records. */
export function isOfPair(verdict: Verdict): boolean {
  return verdict !== Verdict.uncoupledLocal && verdict !== Verdict.uncoupledIntegration
}
