import type { EntityManager } from '@mikro-orm/postgresql'
import type { BulkSettlement } from '../domain/bulk-action.js'
import type { FieldChoice } from '../domain/choice.js'
import { errorClassOf } from '../domain/failure.js'
import { Advice, recommend, type Recommendation } from '../domain/recommendation.js'
import { assertNever } from '../domain/value.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { RecordState } from '../persistence/entities/record-state.js'
import type { SettlementTarget } from '../persistence/queries/bulk-settlements.js'

/** What is done with a record. `fields`: of KEEP_FIELDS. */
export interface Settlement {
  readonly kind: Exclude<BulkSettlement, 'AS_RECOMMENDED'>
  readonly fields: Readonly<Record<string, FieldChoice>>
}

export interface Recommended {
  /** Those for which the same is recommended, together. */
  readonly groups: readonly {
    readonly settlement: Settlement
    readonly targets: readonly SettlementTarget[]
  }[]
  /** Nothing tells which side is right. */
  readonly undecided: readonly SettlementTarget[]
}

/** What is recommended for each of a page of skipped synch. records of one mapping, by what was known when they were skipped. */
export async function recommendedFor(
  em: EntityManager,
  targets: readonly SettlementTarget[],
): Promise<Recommended> {
  const [first] = targets
  if (first === undefined) return { groups: [], undecided: [] }
  const mapping = (await em.findOneOrFail(Mapping, { id: first.mappingId })).inForce()
  const ids = targets.map(({ stateId }) => stateId)
  const found = await em.find(RecordState, { id: ids }, { disableIdentityMap: true })
  const states = new Map(found.map((state) => [state.id, state]))
  const groups = new Map<string, { settlement: Settlement; targets: SettlementTarget[] }>()
  const undecided: SettlementTarget[] = []
  for (const target of targets) {
    const state = states.get(target.stateId)
    const settlement =
      state === undefined
        ? null
        : settlementOf(
            recommend(mapping, {
              errorClass: errorClassOf(state.reason),
              detail: state.detail ?? null,
              goneSide: state.goneSide ?? null,
            }),
          )
    if (settlement === null) undecided.push(target)
    else {
      const key = JSON.stringify(settlement)
      const group = groups.get(key) ?? { settlement, targets: [] }
      group.targets.push(target)
      groups.set(key, group)
    }
  }
  return { groups: [...groups.values()], undecided }
}

/** Null: a person has to choose. */
function settlementOf({ advice, fields }: Recommendation): Settlement | null {
  switch (advice) {
    case Advice.keepLocal:
    case Advice.keepIntegration:
    case Advice.merge:
      return { kind: advice, fields: {} }
    case Advice.perField:
      return {
        kind: 'KEEP_FIELDS',
        fields: Object.fromEntries(
          fields.flatMap(({ name, keep, clashes }) => (keep === null || !clashes ? [] : [[name, { keep }]])),
        ),
      }
    case Advice.restoreRecords:
      return { kind: 'RESTORE_RECORDS', fields: {} }
    case Advice.deleteCoupling:
      return { kind: 'DELETE_COUPLINGS', fields: {} }
    case Advice.fixAndRetry:
    case Advice.retry:
      return { kind: 'RETRY', fields: {} }
    case Advice.choose:
      return null
    default:
      return assertNever(advice)
  }
}
