import type { GovernorState, Limits, Spent } from './governor-state.js'

/** Slices of a window; what a slice holds is forgotten when all of it is out of the window. */
const SLICES = 60

export function sliceWidth(limits: Limits): number {
  return Math.max(1, limits.window / SLICES)
}

/** When a slice has left the window. */
export function leavesAt(spent: Spent, limits: Limits): number {
  return spent.at + sliceWidth(limits) + limits.window
}

/** Adds to the slice of this moment. A call is entered when it ends: the service cannot have counted it later. */
export function enter(
  spent: readonly Spent[],
  cost: { readonly requests: number; readonly execution: number },
  limits: Limits,
  now: number,
): readonly Spent[] {
  if (cost.requests === 0 && cost.execution === 0) return spent
  const at = Math.floor(now / sliceWidth(limits)) * sliceWidth(limits)
  const known = spent.find((slice) => slice.at === at) ?? { at, requests: 0, execution: 0 }
  return [
    ...spent.filter((slice) => slice.at !== at),
    { at, requests: known.requests + cost.requests, execution: known.execution + cost.execution },
  ]
}

/** Takes execution time away again, the latest first. */
export function takeBack(spent: readonly Spent[], execution: number): readonly Spent[] {
  let left = execution
  return spent
    .toSorted((one, other) => other.at - one.at)
    .map((slice) => {
      const taken = Math.min(slice.execution, left)
      left -= taken
      return { ...slice, execution: slice.execution - taken }
    })
    .toReversed()
}

export interface Used {
  readonly requests: number
  readonly execution: number
  readonly concurrency: number
}

/** What calls that have ended have spent of the window. */
export function spentOf(spent: readonly Spent[]): Omit<Used, 'concurrency'> {
  return spent.reduce(
    (sum, slice) => ({
      requests: sum.requests + slice.requests,
      execution: sum.execution + slice.execution,
    }),
    { requests: 0, execution: 0 },
  )
}

/** What is spent, and what running calls are expected to add. */
export function usedOf(state: Pick<GovernorState, 'spent' | 'running'>): Used {
  const spent = spentOf(state.spent)
  return {
    requests: spent.requests + state.running.length,
    execution: spent.execution + state.running.reduce((sum, call) => sum + call.execution, 0),
    concurrency: state.running.length,
  }
}
