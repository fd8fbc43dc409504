import { carriedFromSide, changedOn, isBidirectional, type FieldState } from './field-state.js'
import { otherSide, Side, type Value } from './value.js'

/** From where a settlement takes a field: a side, a person's own value, or nowhere: both sides stay as they are. */
export type Source = Side | { readonly own: Value } | null

/** Of a settlement, where each field's value is taken from. */
export type Taken = (state: FieldState) => Source

/** Both sides stay as they are. */
export const nothing: Taken = () => null

/** Each side's own changes, where carried: rows 14 and 16. */
export const ownChanges: Taken = (state) => {
  if (state.agrees) return null
  if (state.localChanged && state.carriedTo && !(state.integrationChanged && state.carriedFrom))
    return Side.local
  if (state.integrationChanged && state.carriedFrom && !(state.localChanged && state.carriedTo))
    return Side.integration
  return null
}

/**
 * A winner takes the whole record: every field carried from it that differs. Fields carried only the other way are settled
 * in the same step, where the loser changed them (engine rules 3 and 5).
 */
export function wholeRecord(winner: Side): Taken {
  const loser = otherSide(winner)
  return (state) => {
    if (state.agrees) return null
    if (carriedFromSide(state, winner)) return winner
    return carriedFromSide(state, loser) && changedOn(state, loser) ? loser : null
  }
}

/** Only the clashing fields go to the winner; all else merges (detection `fields`). */
export function clashesTo(winner: Side): Taken {
  return (state) => (clashes(state) ? winner : ownChanges(state))
}

/** Both sides changed the same bidirectional field to different values. */
export function clashes(state: FieldState): boolean {
  return isBidirectional(state) && !state.agrees && state.localChanged && state.integrationChanged
}

/**
 * First contact (engine rule 4): equal fields become the base; a blank is filled from the other side; a one-way field is
 * carried in its direction, differences too; other differences go to the winner, and stay open without one.
 */
export function firstContact(winner: Side | null): Taken {
  return (state) => {
    if (state.agrees) return null
    if (!isBidirectional(state))
      return state.carriedTo ? Side.local : state.carriedFrom ? Side.integration : null
    if (contested(state)) return winner
    return state.integration === null ? Side.local : Side.integration
  }
}

/** A difference that first contact cannot settle by itself: a bidirectional field of which neither side is blank. */
export function contested(state: FieldState): boolean {
  const localBlank = state.local === null && !state.blankIsLocalCurrency
  return isBidirectional(state) && !state.agrees && !localBlank && state.integration !== null
}
