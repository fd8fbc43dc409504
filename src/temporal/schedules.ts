import { createHash } from 'node:crypto'
import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client } from '@temporalio/client'
import type { Database } from '../persistence/database.js'
import { Connection } from '../persistence/entities/connection.js'
import { Mapping } from '../persistence/entities/mapping.js'
import { RUN_MAPPING, type RunMappingInput } from '../workflows/messages.js'

/** The public name of a mapping's schedule. Changing it needs an ADR. */
export function scheduleIdOf(connection: string, mapping: string): string {
  return `synch/${connection}/${mapping}`
}

/**
 * Makes the schedules that are missing: one a mapping, spread over the interval so that mappings do not start together.
 * Existing ones stay as they are. Returns the ids of those made.
 */
export async function ensureSchedules(
  client: Client,
  database: Database,
  settings: { readonly taskQueue: string; readonly everyMinutes: number },
): Promise<readonly string[]> {
  const em = database.em.fork()
  const connections = new Map(
    (await em.find(Connection, {})).map((connection) => [connection.id, connection.name]),
  )
  const made: string[] = []
  for (const mapping of await em.find(Mapping, {}, { orderBy: { position: 'asc' } })) {
    const scheduleId = scheduleIdOf(
      connections.get(mapping.connectionId) ?? mapping.connectionId,
      mapping.name,
    )
    const interval = settings.everyMinutes * 60_000
    try {
      await client.schedule.create({
        scheduleId,
        spec: { intervals: [{ every: interval, offset: spread(mapping.id, interval) }] },
        policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
        action: {
          type: 'startWorkflow',
          workflowType: RUN_MAPPING,
          workflowId: `scheduled-synch/${mapping.id}`,
          taskQueue: settings.taskQueue,
          args: [{ runId: null, mappingId: mapping.id } satisfies RunMappingInput],
        },
      })
      made.push(scheduleId)
    } catch (error) {
      if (!(error instanceof ScheduleAlreadyRunning)) throw error
    }
  }
  return made
}

/** A mapping's own place within the interval, the same on every machine; whole seconds in milliseconds. */
function spread(mappingId: string, interval: number): number {
  const number = createHash('sha256').update(mappingId).digest().readUInt32BE(0)
  return (number % Math.floor(interval / 1000)) * 1000
}
