import pg from 'pg'
import { EVENT_CHANNEL, readAnnouncement, type Announcement } from './events.js'

/** Milliseconds between two attempts to reach the database again: the first, and the longest. */
const FIRST_DELAY = 100
const LONGEST_DELAY = 5_000

/** Every this many milliseconds the connection is tried: a network that went away tells nobody. */
const HEARTBEAT = 15_000
const HEARTBEAT_DEADLINE = 5_000

export interface EventListenerOptions {
  readonly url: string
  readonly onAnnouncement: (announcement: Announcement) => void
  /** From here on everything is heard; what was announced before may have been missed. */
  readonly onListening: () => void
  /** The connection was lost; it is made again. Told once until it is there again. */
  readonly onLost: (error: Error) => void
}

/** Hears announcements on a connection of its own, which is made again for as long as it is not closed. */
export class EventListener {
  private client: pg.Client | null = null
  private retry: NodeJS.Timeout | null = null
  private heartbeat: NodeJS.Timeout | null = null
  private delay = FIRST_DELAY
  private lost = false
  private closed = false
  private connecting: Promise<void> = Promise.resolve()

  private constructor(private readonly options: EventListenerOptions) {}

  /** Returns at once; the connection is made behind. */
  static start(options: EventListenerOptions): EventListener {
    const listener = new EventListener(options)
    listener.connect()
    return listener
  }

  async close(): Promise<void> {
    this.closed = true
    if (this.retry !== null) clearTimeout(this.retry)
    await this.connecting
    await this.drop()
  }

  private connect(): void {
    this.connecting = this.listen().catch((error: unknown) => this.again(error))
  }

  private async listen(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.options.url,
      application_name: 'accord events',
      keepAlive: true,
      connectionTimeoutMillis: 10_000,
    })
    this.client = client
    client.on('error', (error) => this.failed(client, error))
    client.on('end', () => this.failed(client, new Error('The database closed the connection.')))
    client.on('notification', ({ payload }) => {
      const announcement = readAnnouncement(payload)
      if (announcement !== null) this.options.onAnnouncement(announcement)
    })
    await client.connect()
    await client.query(`listen ${EVENT_CHANNEL}`)
    if (this.closed || this.client !== client) return
    this.delay = FIRST_DELAY
    this.lost = false
    this.heartbeat = setInterval(() => void this.beat(client), HEARTBEAT)
    this.options.onListening()
  }

  private async beat(client: pg.Client): Promise<void> {
    const statement: pg.QueryConfig & { readonly query_timeout: number } = {
      text: 'select 1',
      query_timeout: HEARTBEAT_DEADLINE,
    }
    try {
      await client.query(statement)
    } catch (error) {
      this.failed(client, error)
    }
  }

  private failed(client: pg.Client, error: unknown): void {
    if (this.client === client) this.again(error)
  }

  private again(error: unknown): void {
    if (this.closed) return
    if (this.retry !== null) clearTimeout(this.retry)
    if (!this.lost) this.options.onLost(error instanceof Error ? error : new Error(String(error)))
    this.lost = true
    void this.drop()
    this.retry = setTimeout(() => this.connect(), this.delay)
    this.delay = Math.min(this.delay * 2, LONGEST_DELAY)
  }

  private async drop(): Promise<void> {
    const { client } = this
    this.client = null
    if (this.heartbeat !== null) clearInterval(this.heartbeat)
    this.heartbeat = null
    // What is wrong with a connection that is given up is of no interest any more.
    await client?.end().catch(() => undefined)
  }
}
