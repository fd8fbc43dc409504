import { join } from 'node:path'
import { asyncLocalStorage } from '@temporalio/activity'
import { NativeConnection, Runtime, Worker, DefaultLogger } from '@temporalio/worker'
import type { Logger } from 'pino'
import { createActivities } from './activities/index.js'
import type { Service } from './cli/child-process.js'
import type { ResolvedConfig } from './config.js'
import { SharedConnectors } from './connector-source.js'
import { SharedGovernor } from './connectors/shared-governor.js'
import { packageRoot } from './embedded/package-root.js'
import { createHintKeeper } from './hint-keeper.js'
import { startHousekeeping } from './housekeeping.js'
import { createLogger } from './log.js'
import { purgeAuditEntries } from './persistence/audit.js'
import { purgeKeys } from './persistence/idempotency-keys.js'
import { assertSchema, openDatabase } from './persistence/database.js'
import { PostgresGovernorStore } from './persistence/governor.js'
import { purgeBulkActions } from './persistence/queries/bulk-actions.js'
import { purgeEmptyGroups, purgeResolvedErrors } from './persistence/queries/error-retention.js'
import { purgeSkips, purgeWrites } from './persistence/queries/history.js'
import { deliverAlerts } from './alerts/deliver-alerts.js'
import { judgeAlerts, purgeAlerts } from './persistence/alerts.js'
import { compactThroughput } from './persistence/queries/operating-figures.js'
import { purgeRehearsals } from './persistence/queries/rehearsals.js'
import { startDueChecks } from './temporal/due-checks.js'
import { keepSchedules } from './temporal/schedules.js'
import { createSecretOpener } from './secrets/stored-secret.js'
import { StepSlots } from './step-slots.js'
import { TemporalRunControl } from './temporal/temporal-run-control.js'
import { startTracing } from './telemetry/tracing.js'
import { tracedActivities } from './traced-activities.js'
import { measuredActivities } from './measured-activities.js'
import { startWorkerStatus, type WorkerStatus } from './worker-status.js'

/** Every this many milliseconds a worker looks for runs that Temporal has lost, and for mappings without a schedule. */
const HOUSEKEEPING = 60_000

/** Every this many milliseconds a worker looks for messages of alerts that are due. */
const DELIVERIES = 2_000

const PURGED_AT_ONCE = 5_000

/** Each with a list of up to a hundred thousand rows. */
const BULK_ACTIONS_AT_ONCE = 10

/** Runs one worker. Any number may run; they share the work. Throws when database or Temporal cannot be used. */
export async function runWorker(config: ResolvedConfig): Promise<Service> {
  const logger = createLogger('worker', config.logLevel)
  const tracing = startTracing('accord-worker', config.telemetry.traceEndpoint)
  const database = await openDatabase(config.databaseUrl)
  const workerTimeout = config.engine.workerTimeoutSeconds * 1000
  const temporal = { ...config.temporal, uiUrl: config.temporal.uiUrl }
  const governor = new SharedGovernor(new PostgresGovernorStore(database))
  const slots = new StepSlots()
  const connectors = new SharedConnectors(
    createSecretOpener(config),
    logger,
    governor,
    Date.now,
    config.engine.unavailablePatienceSeconds * 1000,
    slots.watch,
    () => asyncLocalStorage.getStore()?.cancellationSignal,
  )
  let runControl: TemporalRunControl | null = null
  let status: WorkerStatus | null = null
  try {
    await assertSchema(database)
    runControl = await TemporalRunControl.connect(temporal, database)
    status = await startWorkerStatus(config, { database, runControl, logger })
    installRuntime(logger)
    const connection = await NativeConnection.connect({ address: temporal.address })
    const worker = await Worker.create({
      connection,
      namespace: temporal.namespace,
      taskQueue: temporal.taskQueue,
      workflowBundle: { codePath: join(packageRoot(), 'dist', 'workflow-bundle.cjs') },
      activities: createActivities({
        database,
        connectors,
        logger,
        now: Date.now,
        settings: {
          pageSize: config.engine.pageSize,
          commitDelay: config.engine.commitDelaySeconds * 1000,
          maximumAttempts: config.engine.maximumAttempts,
          liftsSkips: config.engine.liftsSkips,
          requestDeadline: config.engine.requestDeadlineSeconds * 1000,
          patience: config.engine.unavailablePatienceSeconds * 1000,
          workerTimeout,
          schedules: config.engine.schedules,
        },
      }),
      tuner: {
        activityTaskSlotSupplier: slots,
        workflowTaskSlotSupplier: { type: 'fixed-size', numSlots: 40 },
        localActivityTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
        nexusTaskSlotSupplier: { type: 'fixed-size', numSlots: 1 },
      },
      // Of a worker that died others take over the workflows as well, not its steps alone.
      stickyQueueScheduleToStartTimeout: workerTimeout / 2,
      maxHeartbeatThrottleInterval: workerTimeout / 5,
      interceptors: { activity: [...tracedActivities(), measuredActivities(status.metrics)] },
      shutdownGraceTime: '10s',
      shutdownForceTime: '20s',
    })
    const ended = worker.run()
    const control = runControl
    const told = status
    const hints = createHintKeeper(config, { database, connectors, runControl: control, logger })
    const housekeeping = startHousekeeping(
      () => {
        connectors.closeIdle()
        return keepHouse(control, database, config, logger)
      },
      HOUSEKEEPING,
      logger,
    )
    // Apart, as it may have to wait for a system.
    const listening = startHousekeeping(() => hints.keep(), HOUSEKEEPING, logger)
    const mail = startHousekeeping(
      () => deliverAlerts({ database, openSecret: createSecretOpener(config), logger }),
      DELIVERIES,
      logger,
    )
    return {
      ended,
      stop: async () => {
        housekeeping.stop()
        mail.stop()
        listening.stop()
        await told.close()
        await hints.close()
        if (worker.getState() === 'RUNNING') worker.shutdown()
        await ended
        await connection.close()
        await control.close()
        await connectors.close()
        await governor.close()
        await database.close(true)
        await tracing.close()
      },
    }
  } catch (error) {
    await status?.close()
    await runControl?.close()
    await database.close(true)
    await tracing.close()
    throw error
  }
}

async function keepHouse(
  control: TemporalRunControl,
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
  logger: Logger,
): Promise<void> {
  // Each on its own: one that fails must not keep the others from their work.
  const work = [
    () => keepTheirSchedules(control, database, config, logger),
    () => resumeRuns(control, logger),
    () => forgetOldWrites(database, config),
    () => compactThroughput(database.em.fork()),
    () => forgetOldAuditEntries(database, config),
    () => forgetOldErrors(database, config),
    () => forgetOldAlerts(database, config),
    () => raiseAlerts(database, logger),
    () => checkConnections(control, database, config, logger),
  ]
  const ended = await Promise.allSettled(work.map((one) => one()))
  for (const result of ended) if (result.status === 'rejected') throw result.reason
}

async function keepTheirSchedules(
  control: TemporalRunControl,
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
  logger: Logger,
): Promise<void> {
  if (config.engine.schedules) {
    const { taskQueue } = config.temporal
    const changes = await keepSchedules(control.client, database, { taskQueue })
    const { refused, ...done } = changes
    if (done.made.length + done.changed.length + done.removed.length > 0)
      logger.info(done, 'Schedules brought in line with the mappings')
    for (const { scheduleId, error } of refused)
      logger.error(
        { err: error, scheduleId },
        'Temporal refuses a schedule; its mapping runs only when asked for',
      )
  }
}

async function checkConnections(
  control: TemporalRunControl,
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
  logger: Logger,
): Promise<void> {
  const { schedules, checkHours: hours } = config.engine
  if (!schedules || hours === 0) return
  const { taskQueue } = config.temporal
  const connections = await startDueChecks(control.client, database, { taskQueue, hours })
  if (connections.length > 0) logger.info({ connections }, 'Connections are being checked')
}

async function raiseAlerts(
  database: Awaited<ReturnType<typeof openDatabase>>,
  logger: Logger,
): Promise<void> {
  const judged = await judgeAlerts(database)
  if (judged !== null && judged.fired + judged.recovered > 0) logger.warn(judged, 'Alerts have changed')
}

async function resumeRuns(control: TemporalRunControl, logger: Logger): Promise<void> {
  const runs = await control.resumeInterruptedRuns()
  if (runs.length > 0) logger.warn({ runs }, 'Interrupted runs started again')
}

/** Writes, and rehearsals of them, older than the setting says go, a batch at a time, so that nobody waits for them. */
async function forgetOldWrites(
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
): Promise<void> {
  const em = database.em.fork()
  await purgeRehearsals(em, config.engine.historyDays)
  while ((await purgeWrites(em, config.engine.historyDays, PURGED_AT_ONCE)) === PURGED_AT_ONCE);
  while ((await purgeSkips(em, config.engine.historyDays, PURGED_AT_ONCE)) === PURGED_AT_ONCE);
}

async function forgetOldAuditEntries(
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
): Promise<void> {
  const em = database.em.fork()
  while ((await purgeAuditEntries(em, config.signIn.auditDays, PURGED_AT_ONCE)) === PURGED_AT_ONCE);
  while ((await purgeKeys(em, PURGED_AT_ONCE)) === PURGED_AT_ONCE);
}

/** Errors that were resolved that long ago go the same way, then groups of which nothing is left, and what bulk actions did. */
async function forgetOldErrors(
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
): Promise<void> {
  const em = database.em.fork()
  const { errorDays } = config.engine
  while ((await purgeResolvedErrors(em.fork(), errorDays, PURGED_AT_ONCE)) === PURGED_AT_ONCE);
  await purgeEmptyGroups(em, errorDays)
  await purgeBulkActions(em, errorDays, BULK_ACTIONS_AT_ONCE)
}

async function forgetOldAlerts(
  database: Awaited<ReturnType<typeof openDatabase>>,
  config: ResolvedConfig,
): Promise<void> {
  const em = database.em.fork()
  while ((await purgeAlerts(em, config.engine.alertDays, PURGED_AT_ONCE)) >= PURGED_AT_ONCE);
}

let installed = false

/** Temporal's runtime is one per process; its log lines go where ours go. */
function installRuntime(logger: Logger): void {
  if (installed) return
  installed = true
  Runtime.install({
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      if (level === 'ERROR') logger.error(meta, message)
      else logger.warn(meta, message)
    }),
    shutdownSignals: [],
  })
}
