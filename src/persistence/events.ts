import type { EntityManager } from '@mikro-orm/postgresql'
import { z } from 'zod'
import { run, sql } from './sql.js'

/** The channel of PostgreSQL on which changes are announced. Triggers of the database name it too. */
export const EVENT_CHANNEL = 'accord_events'

/** What an announcement is about. `run`, `error`, `counters` and `alert` are announced by triggers of the tables. */
export const Topic = {
  /** A run or one of its jobs. */
  run: 'run',
  /** Errors of a mapping. */
  error: 'error',
  /** What is counted for a mapping: open errors, records without agreement, couplings. */
  counters: 'counters',
  /** What is used up of the limits of a system. */
  governor: 'governor',
  /** A connection or its settings. */
  connection: 'connection',
  /** An alert fires, is acknowledged, has recovered or is gone. */
  alert: 'alert',
} as const
export type Topic = (typeof Topic)[keyof typeof Topic]

/** That something changed, and where to read it again; never the values themselves. */
export interface Announcement {
  readonly topic: Topic
  readonly mappingId?: string
  readonly runId?: string
  readonly connectionId?: string
}

const announcementSchema = z.object({
  topic: z.enum(Topic),
  mappingId: z.string().optional(),
  runId: z.string().optional(),
  connectionId: z.string().optional(),
})

/**
 * Announces a change to all API processes when the transaction at hand commits, and never when it does not. Announcements that are
 * alike within one transaction are one.
 */
export async function announce(em: EntityManager, announcement: Announcement): Promise<void> {
  const { topic, mappingId, runId, connectionId } = announcement
  await run(
    em,
    sql`select pg_notify(${EVENT_CHANNEL}, ${JSON.stringify({ topic, mappingId, runId, connectionId })})`,
  )
}

/** What a notification says; null: it is none of ours, or of a newer version of Accord. */
export function readAnnouncement(payload: string | undefined): Announcement | null {
  try {
    const { topic, mappingId, runId, connectionId } = announcementSchema.parse(JSON.parse(payload ?? ''))
    return {
      topic,
      ...(mappingId === undefined ? {} : { mappingId }),
      ...(runId === undefined ? {} : { runId }),
      ...(connectionId === undefined ? {} : { connectionId }),
    }
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null
    throw error
  }
}
