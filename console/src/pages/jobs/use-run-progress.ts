import { useSubscription } from 'urql'
import { RunProgressDocument, type ProgressFragment, type RunHeadFragment } from './generated/graphql.js'

export type RunStatus = RunHeadFragment['status']

export function isUnderWay(status: RunStatus): boolean {
  return status === 'QUEUED' || status === 'RUNNING'
}

/** How far a run is, followed to its end; null until it was told first. */
export function useRunProgress(runId: string): ProgressFragment | null {
  const [{ data }] = useSubscription({ query: RunProgressDocument, variables: { runId } })
  return data?.runProgress.run.id === runId ? data.runProgress : null
}
