import type { Failure } from '../domain/failure.js'
import { Rehearsal } from '../persistence/entities/rehearsal.js'
import type { ActivityDependencies } from './dependencies.js'

export interface EndRehearsalInput {
  readonly rehearsalId: string
  readonly failure: Failure
}

/** Notes why a rehearsal was given up. Safe to repeat. */
export async function endRehearsal(
  dependencies: ActivityDependencies,
  { rehearsalId, failure }: EndRehearsalInput,
): Promise<void> {
  await dependencies.database.em
    .fork()
    .nativeUpdate(
      Rehearsal,
      { id: rehearsalId, status: 'RUNNING' },
      { status: 'FAILED', finishedAt: new Date(), message: `${failure.message} ${failure.remedy}` },
    )
}
