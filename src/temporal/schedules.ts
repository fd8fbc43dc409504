import {
  ScheduleAlreadyRunning,
  ScheduleNotFoundError,
  ScheduleOverlapPolicy,
  type Client,
  type ScheduleOptions,
} from '@temporalio/client'
import type { Schedule } from '../domain/mapping.js'
import { describeSchedule, scheduleOffset } from '../domain/schedule.js'
import type { Database } from '../persistence/database.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import {
  RECONCILE_MAPPING,
  RUN_MAPPING,
  type ReconcileMappingInput,
  type RunMappingInput,
} from '../workflows/messages.js'

/** The public name of a mapping's schedule. Changing it needs an ADR. */
export function scheduleIdOf(connection: string, mapping: string): string {
  return `synch/${connection}/${mapping}`
}

/** The public name of the schedule of a mapping's reconciliations. Changing it needs an ADR. */
export function reconcileScheduleIdOf(connection: string, mapping: string): string {
  return `reconcile/${connection}/${mapping}`
}

/** What {@link keepSchedules} did: ids of schedules. */
export interface ScheduleChanges {
  readonly made: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Schedules that Temporal refused, with what it said; the others are in line. */
  readonly refused: readonly { readonly scheduleId: string; readonly error: unknown }[]
}

/** A schedule as it should be. `note` shows it in words, and differs as soon as anything of it does. */
interface Wanted {
  readonly scheduleId: string
  readonly mappingId: string
  readonly schedule: Schedule
  readonly note: string
  readonly paused: boolean
  /** The workflow that it starts. */
  readonly workflow: {
    readonly type: string
    readonly id: string
    readonly input: RunMappingInput | ReconcileMappingInput
  }
}

/** Schedules of other names are not ours. */
const PREFIXES = ['synch/', 'reconcile/']

/**
 * Brings Temporal's schedules in line with the mappings, one each, and one more where it reconciles by itself: missing ones are made, changed, paused and resumed ones
 * changed, those of mappings that are gone removed. PostgreSQL is the truth; with Temporal's data gone all are made again.
 * One list call when nothing has changed.
 */
export async function keepSchedules(
  client: Client,
  database: Database,
  settings: { readonly taskQueue: string },
): Promise<ScheduleChanges> {
  const wanted = await wantedSchedules(database)
  const present = new Map<
    string,
    {
      readonly note: string
      readonly paused: boolean
      readonly ours: boolean
      readonly mappingId: unknown
    }
  >()
  for await (const summary of client.schedule.list()) {
    if (!PREFIXES.some((prefix) => summary.scheduleId.startsWith(prefix))) continue
    const { note, paused } = summary.state
    const ours = summary.memo?.['taskQueue'] === settings.taskQueue
    const mappingId = summary.memo?.['mappingId']
    present.set(summary.scheduleId, { note: note ?? '', paused, ours, mappingId })
  }
  const made: string[] = []
  const changed: string[] = []
  const removed: string[] = []
  const refused: { scheduleId: string; error: unknown }[] = []
  for (const schedule of wanted) {
    const known = present.get(schedule.scheduleId)
    try {
      if (known !== undefined && known.mappingId !== schedule.mappingId) {
        // Of a mapping that is gone, whose name another one has now: its schedule starts nothing any more.
        await remove(client, schedule.scheduleId)
        await make(client, schedule, settings.taskQueue)
        changed.push(schedule.scheduleId)
      } else if (known === undefined) {
        if (await make(client, schedule, settings.taskQueue)) made.push(schedule.scheduleId)
      } else if (known.note !== schedule.note || known.paused !== schedule.paused) {
        await change(client, schedule)
        changed.push(schedule.scheduleId)
      }
    } catch (error) {
      refused.push({ scheduleId: schedule.scheduleId, error })
    }
  }
  const ids = new Set(wanted.map((schedule) => schedule.scheduleId))
  for (const [scheduleId, { ours }] of present) {
    if (!ours || ids.has(scheduleId)) continue
    await remove(client, scheduleId)
    removed.push(scheduleId)
  }
  return { made, changed, removed, refused }
}

async function wantedSchedules(database: Database): Promise<readonly Wanted[]> {
  const em = database.em.fork()
  const connections = new Map(
    (await em.find(Connection, {})).map((connection) => [connection.id, connection]),
  )
  const mappings = await em.find(Mapping, {}, { orderBy: { position: 'asc' } })
  return mappings.flatMap((mapping): readonly Wanted[] => {
    const connection = connections.get(mapping.connectionId)
    const pausedBy =
      mapping.pausedBy ??
      connection?.pausedBy ??
      (connection?.disabledAt ? (connection.disabledBy ?? connection.changedBy) : null) ??
      null
    const { schedule, reconcileSchedule } = mapping.definition
    const connectionName = connection?.name ?? mapping.connectionId
    const wanted = (scheduleId: string, on: Schedule, workflow: Wanted['workflow']): Wanted => ({
      scheduleId,
      mappingId: mapping.id,
      schedule: on,
      paused: pausedBy !== null,
      note: `${describeSchedule(on)}${pausedBy === null ? '' : `; paused by ${pausedBy}`}`,
      workflow,
    })
    const synch = wanted(scheduleIdOf(connectionName, mapping.name), schedule, {
      type: RUN_MAPPING,
      id: `scheduled-synch/${mapping.id}`,
      input: { runId: null, mappingId: mapping.id },
    })
    if (reconcileSchedule === null) return [synch]
    return [
      synch,
      wanted(reconcileScheduleIdOf(connectionName, mapping.name), reconcileSchedule, {
        type: RECONCILE_MAPPING,
        id: `scheduled-reconcile/${mapping.id}`,
        input: { reconciliationId: null, mappingId: mapping.id },
      }),
    ]
  })
}

async function make(client: Client, wanted: Wanted, taskQueue: string): Promise<boolean> {
  try {
    await client.schedule.create({
      scheduleId: wanted.scheduleId,
      memo: { taskQueue, mappingId: wanted.mappingId },
      spec: specOf(wanted),
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
      state: { note: wanted.note, paused: wanted.paused },
      action: {
        type: 'startWorkflow',
        workflowType: wanted.workflow.type,
        workflowId: wanted.workflow.id,
        taskQueue,
        args: [wanted.workflow.input],
      },
    })
    return true
  } catch (error) {
    // Another worker was faster, or the list was not up to date yet.
    if (error instanceof ScheduleAlreadyRunning) return false
    throw error
  }
}

async function change(client: Client, wanted: Wanted): Promise<void> {
  await client.schedule.getHandle(wanted.scheduleId).update((present) => ({
    ...present,
    spec: specOf(wanted),
    state: { ...present.state, note: wanted.note, paused: wanted.paused },
  }))
}

async function remove(client: Client, scheduleId: string): Promise<void> {
  try {
    await client.schedule.getHandle(scheduleId).delete()
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error
  }
}

function specOf({ schedule, mappingId }: Wanted): ScheduleOptions['spec'] {
  if (schedule.kind === 'cron') {
    return { cronExpressions: [schedule.expression], timezone: schedule.timeZone }
  }
  const every = schedule.minutes * 60_000
  return { intervals: [{ every, offset: scheduleOffset(mappingId, every) }] }
}
