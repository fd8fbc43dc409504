import { Context } from '@temporalio/activity'
import type { EntityManager } from '@mikro-orm/postgresql'
import { ConnectorError } from '../connectors/connector.js'
import type { PassDirection } from '../domain/mapping.js'
import { passesOf } from '../domain/run.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { SynchJob } from '../persistence/entities/synch-job.js'
import { SynchRun } from '../persistence/entities/synch-run.js'
import { pastDeadlocks } from '../persistence/deadlock.js'
import { recordErrors } from '../persistence/queries/errors.js'
import { advanceBulkAction, followBulkAction } from './bulk-action.js'
import { checkConnection } from './check-connection.js'
import { compareTimestamps } from './compare-timestamps.js'
import { completePass } from './complete-pass.js'
import type { ActivityDependencies } from './dependencies.js'
import { diagnoseStop } from './diagnose-stop.js'
import { examineRecords } from './examine-records.js'
import { toApplicationFailure, withHeartbeat } from './failures.js'
import { endRehearsal } from './end-rehearsal.js'
import { fetchChanges } from './fetch-changes.js'
import { findDeletions } from './find-deletions.js'
import { finishRun, runError } from './finish-run.js'
import { advanceFullSynch, followFullSynch, reviewFullSynch } from './full-synch.js'
import { examinePairs } from './reconcile-examine.js'
import {
  finishReconciliation,
  noteReconciliationTrouble,
  startReconciliation,
} from './reconcile-lifecycle.js'
import { scanRecords } from './reconcile-scan.js'
import { recordOutcomes } from './record-outcomes.js'
import { readTables } from './read-tables.js'
import { finishPlan, recordPlan } from './record-plan.js'
import { rehearse } from './rehearse.js'
import { settleIntents } from './settle-intents.js'
import { startPass } from './start-pass.js'
import { startRun } from './start-run.js'
import { writeChanges } from './write-changes.js'

/** The activities under their public names, with their dependencies bound and their errors translated for Temporal. */
export function createActivities(dependencies: ActivityDependencies) {
  const bind =
    <Input, Output>(activity: (dependencies: ActivityDependencies, input: Input) => Promise<Output>) =>
    async (input: Input): Promise<Output> => {
      try {
        // From its beginning: what a step has to know before it can work may have to be waited for as well.
        return await withHeartbeat(() =>
          pastDeadlocks(
            () => activity(dependencies, input),
            (error) => dependencies.logger.info({ error }, 'A step is done again after a deadlock'),
          ),
        )
      } catch (error) {
        dependencies.logger.warn(
          { error, activity: Context.current().info.activityType },
          'An activity failed',
        )
        if (error instanceof ConnectorError)
          throw toApplicationFailure(await noteTrouble(dependencies, error))
        throw toApplicationFailure(error)
      }
    }
  return {
    startRun: bind(startRun),
    settleIntents: bind(settleIntents),
    startPass: bind(startPass),
    fetchChanges: bind(fetchChanges),
    compareTimestamps: bind(compareTimestamps),
    writeChanges: bind(writeChanges),
    recordOutcomes: bind(recordOutcomes),
    findDeletions: bind(findDeletions),
    completePass: bind(completePass),
    finishRun: bind(finishRun),
    recordPlan: bind(recordPlan),
    finishPlan: bind(finishPlan),
    rehearse: bind(rehearse),
    endRehearsal: bind(endRehearsal),
    reviewFullSynch: bind(reviewFullSynch),
    advanceFullSynch: bind(advanceFullSynch),
    followFullSynch: bind(followFullSynch),
    readTables: bind(readTables),
    checkConnection: bind(checkConnection),
    examineRecords: bind(examineRecords),
    startReconciliation: bind(startReconciliation),
    scanRecords: bind(scanRecords),
    examinePairs: bind(examinePairs),
    finishReconciliation: bind(finishReconciliation),
    advanceBulkAction: bind(advanceBulkAction),
    followBulkAction: bind(followBulkAction),
  }
}

export type Activities = ReturnType<typeof createActivities>

/**
 * While a system is in trouble the run says so, and one open error of the run names cause and remedy. Returns the error, with what a
 * check of the connection found where the run stops by it.
 */
async function noteTrouble(
  dependencies: ActivityDependencies,
  error: ConnectorError,
): Promise<ConnectorError> {
  const em = dependencies.database.em.fork()
  const { workflowExecution, attempt } = Context.current().info
  const workflowId = workflowExecution?.workflowId ?? ''
  const found = await em.findOne(SynchRun, { workflowId, status: 'RUNNING' })
  if (found === null) {
    await noteReconciliationTrouble(em, workflowId, error, attempt)
    return error
  }
  const explained = await diagnoseStop(dependencies, error, found.mappingId, found.id)
  const { failure } = explained
  const direction = await passUnderWay(em, found)
  found.message = `${failure.message} ${failure.remedy} (attempt ${attempt})`
  await em.flush()
  const at = { mappingId: found.mappingId, runId: found.id, jobId: null, direction }
  await em.transactional((transaction) => recordErrors(transaction, at, [runError(failure)]))
  return explained
}

/** The pass in trouble, also before its job is made: the workflow ends with the same, so that both tell of one error. */
async function passUnderWay(em: EntityManager, found: SynchRun): Promise<PassDirection> {
  const mapping = await em.findOneOrFail(Mapping, { id: found.mappingId })
  const passes = passesOf(mapping.direction, found.direction ?? null)
  const jobs = await em.find(SynchJob, { runId: found.id })
  const running = jobs.find((job) => job.status === 'RUNNING')
  return running?.direction ?? (jobs.length === 0 ? passes[0] : passes.at(-1)) ?? 'TO_INTEGRATION_TABLE'
}
