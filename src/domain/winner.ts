import { isBidirectional, type FieldState } from './field-state.js'
import type { Pair } from './pair.js'
import { clashes, clashesTo, contested, firstContact, ownChanges, wholeRecord, type Taken } from './taken.js'
import { assertNever, Side } from './value.js'

/**
 * The side that Resolve Update Conflicts names for this pair; null: blank, or newest wins where the clocks cannot tell: the
 * edits are nearer to each other than the clocks' error and the coarser of the two stamps.
 */
export function policyWinner(pair: Pair): Side | null {
  const policy = pair.mapping.updateConflictPolicy
  switch (policy) {
    case 'NONE':
      return null
    case 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE':
      return Side.local
    case 'GET_DATA_UPDATE_FROM_INTEGRATION_TABLE':
      return Side.integration
    case 'NEWEST_WINS':
      return newest(pair)
    default:
      return assertNever(policy)
  }
}

function newest({ clocks, local, integration, context }: Pair): Side | null {
  const { LOCAL: localOffset, INTEGRATION: integrationOffset } = clocks.offsets
  if (localOffset === null || integrationOffset === null) return null
  const lead = local.stamp - localOffset - (integration.stamp - integrationOffset)
  const doubt =
    clocks.error + Math.max(context.localTable.stampResolution, context.integrationTable.stampResolution)
  if (Math.abs(lead) < doubt) return null
  return lead > 0 ? Side.local : Side.integration
}

/**
 * Whether a field of a pair that both sides changed is a matter for Resolve Update Conflicts: no owner decides it, and it is
 * contested at first contact; clashes, by `fields`; differs at all, by `timestamps`.
 */
export function isUndecided(pair: Pair, state: FieldState): boolean {
  if (state.field.owner !== undefined) return false
  if (pair.state.firstContact) return contested(state)
  return pair.mapping.conflictDetection === 'FIELDS' ? clashes(state) : differs(state)
}

/** Whether a field of a record that both sides changed is what makes a conflict of it, whoever decides it. */
export function isInConflict(pair: Pair, state: FieldState): boolean {
  return pair.mapping.conflictDetection === 'FIELDS' ? clashes(state) : differs(state)
}

/** A bidirectional field of which the sides hold different values. */
export function differs(state: FieldState): boolean {
  return isBidirectional(state) && !state.agrees
}

/** An owner's side where both sides changed its field, or first contact contests it; whoever alone changed it otherwise. */
function ownersFirst(others: Taken, clash: (state: FieldState) => boolean, rest: Taken): Taken {
  return (state) => {
    const { owner } = state.field
    if (owner === undefined || !isBidirectional(state)) return others(state)
    return clash(state) ? owner : rest(state)
  }
}

/** A record that both sides changed: owners decide their fields, the winner its due by the mapping's detection, the rest merges. */
export function settledBy(pair: Pair, winner: Side | null): Taken {
  const others =
    winner === null
      ? ownChanges
      : pair.mapping.conflictDetection === 'FIELDS'
        ? clashesTo(winner)
        : wholeRecord(winner)
  return ownersFirst(others, clashes, ownChanges)
}

/** Only what both sides changed goes to owner or winner, whatever the detection. */
export function merged(winner: Side | null): Taken {
  return ownersFirst(winner === null ? ownChanges : clashesTo(winner), clashes, ownChanges)
}

/** First contact: owners decide the contested of their fields, the winner those of the others. */
export function metFirst(winner: Side | null): Taken {
  return ownersFirst(firstContact(winner), contested, firstContact(null))
}
