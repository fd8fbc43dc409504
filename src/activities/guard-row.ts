import { guardFlap, type FlapState } from '../domain/flap.js'
import type { TransferContext } from '../domain/field-transfer.js'
import type { RecordSnapshot } from '../domain/record.js'
import { Side } from '../domain/value.js'
import type { StoredCoupling } from '../persistence/queries/couplings.js'
import type { MappingContext } from './mapping-context.js'
import type { EngineDecision } from './page-format.js'

/** A pair that was decided, with both records as they were read. */
export interface GuardedPair {
  readonly coupling: StoredCoupling | null
  readonly source: RecordSnapshot | null
  readonly destination: RecordSnapshot | null
  readonly sourceSide: Side
}

/**
 * Stops a write that would carry on a fight of the two systems over a field (engine rule 9). `flap`: what the coupling has to
 * remember once the decision is carried out; left out where nothing changes about it.
 */
export function guardRow(
  context: MappingContext,
  transfer: TransferContext,
  decision: EngineDecision,
  pair: GuardedPair,
  time: number,
): { readonly decision: EngineDecision; readonly flap?: FlapState | null } {
  const { coupling, source, destination, sourceSide } = pair
  if (decision.outcome !== 'modified' || coupling === null || source === null || destination === null)
    return { decision }
  const [local, integration] = sourceSide === Side.local ? [source, destination] : [destination, source]
  const guarded = guardFlap(decision, {
    mapping: context.definition,
    context: transfer,
    coupling,
    local,
    integration,
    previous: coupling.flap,
    at: { time, run: context.mapping.runCount },
  })
  return guarded.state === coupling.flap
    ? { decision: guarded.decision }
    : { decision: guarded.decision, flap: guarded.state }
}
