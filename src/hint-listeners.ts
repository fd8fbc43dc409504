import type { Logger } from 'pino'
import type { ConnectorSource } from './activities/dependencies.js'
import type { Hints } from './connectors/connector.js'
import type { Database } from './persistence/database.js'
import { mappingsToWake } from './persistence/queries/mappings-of-table.js'
import type { RunControl } from './temporal/run-control.js'
import { hintedTables, type HintedSide } from './hinted-tables.js'

export interface ListenerDependencies {
  readonly database: Database
  readonly connectors: ConnectorSource
  readonly runControl: Pick<RunControl, 'hint'>
  readonly logger: Logger
}

interface Held {
  /** What it listens to: another connector or other tables need another listener. */
  readonly hints: Hints
  readonly tables: string
  readonly listener: { close(): Promise<void> }
}

/**
 * The lines that a worker holds open to systems which tell of changes that way. Any number of workers may listen: many hints are one run.
 * What is told while a line is broken is lost, and found by schedule.
 */
export class HintListeners {
  private readonly held = new Map<string, Held>()
  private closed = false

  constructor(private readonly dependencies: ListenerDependencies) {}

  /** Opens the lines that are missing and closes those that nobody needs any more. A line that cannot be had is logged. */
  async keep(): Promise<void> {
    const wanted = await hintedTables(this.dependencies, 'listen')
    const keys = new Set(wanted.map(keyOf))
    for (const key of this.held.keys()) if (!keys.has(key)) await this.release(key)
    for (const side of wanted) {
      const key = keyOf(side)
      const held = this.held.get(key)
      if (held?.hints === side.hints && held.tables === namesOf(side)) continue
      await this.release(key)
      try {
        await this.open(key, side)
      } catch (error) {
        this.dependencies.logger.warn(
          { err: error, connection: side.connection.name, side: side.side },
          'A system cannot be listened to; its changes are found by schedule',
        )
      }
    }
  }

  async close(): Promise<void> {
    this.closed = true
    for (const key of this.held.keys()) await this.release(key)
  }

  private async open(key: string, wanted: HintedSide<'listen'>): Promise<void> {
    const { connection, side, hints, tables } = wanted
    const { logger } = this.dependencies
    if (tables.length === 0) return
    // Null until the line stands: it may break before.
    let listener: Held['listener'] | null = null
    listener = await hints.listen(
      tables,
      (table) => {
        this.wake(wanted, table).catch((error: unknown) =>
          logger.warn({ err: error, connection: connection.name, side, table }, 'A hint woke nothing'),
        )
      },
      (error) => {
        logger.warn({ err: error, connection: connection.name, side }, 'A line to a system broke')
        if (listener !== null && this.held.get(key)?.listener === listener) this.held.delete(key)
      },
    )
    // Closed while it was being opened.
    if (this.closed) await listener.close()
    else this.held.set(key, { hints, tables: namesOf(wanted), listener })
  }

  private async wake({ connection, side }: HintedSide<'listen'>, table: string): Promise<void> {
    const { database, runControl } = this.dependencies
    for (const mapping of await mappingsToWake(database.em.fork(), connection.id, side, table))
      await runControl.hint(mapping.id)
  }

  private async release(key: string): Promise<void> {
    const held = this.held.get(key)
    this.held.delete(key)
    await held?.listener.close()
  }
}

function keyOf({ connection, side }: HintedSide<'listen'>): string {
  return `${connection.id}/${side}`
}

function namesOf({ tables }: HintedSide<'listen'>): string {
  return tables
    .map((table) => table.name)
    .sort()
    .join(' ')
}
