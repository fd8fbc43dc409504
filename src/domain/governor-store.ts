import type { GovernedPrincipal, GovernorState } from './governor-state.js'

/** Keeps what is known of principals, and lets one change it at a time. */
export interface GovernorStore {
  /** Runs `change` with the state (null: none yet) and the store's clock, epoch ms, and keeps the state it returns. */
  change<Result>(who: GovernedPrincipal, change: GovernorChange<Result>): Promise<Result>
}

export type GovernorChange<Result> = (
  state: GovernorState | null,
  now: number,
) => { readonly state: GovernorState; readonly result: Result }
