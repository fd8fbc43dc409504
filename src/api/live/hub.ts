import type { Logger } from 'pino'
import { EventListener } from '../../persistence/event-listener.js'
import type { Announcement } from '../../persistence/events.js'
import { Changes } from './changes.js'

/** Milliseconds between two times that subscribers are woken: they all read together, and a person sees no more. */
const PACE = 200

export interface EventHubOptions {
  readonly databaseUrl: string
  readonly logger: Logger
  /** How many subscriptions there are, told whenever that changes. */
  readonly onSubscriptions?: (count: number) => void
}

/**
 * Announcements of the database for the subscribers of one API process. The connection on which they are heard is
 * made with the first subscription.
 */
export class EventHub {
  private readonly subscribers = new Set<Changes>()
  private listener: EventListener | null = null
  private gathered: Announcement[] = []
  private timer: NodeJS.Timeout | null = null
  private closed = false

  constructor(private readonly options: EventHubOptions) {}

  /**
   * Changes that are relevant, as sets of keys: `keyOf` names what changed, null for what is of no interest. Begins with `everything`, and says it
   * again whenever something may have been missed, and `every` so many milliseconds: for what changes by time alone.
   */
  subscribe(keyOf: (announcement: Announcement) => string | null, every?: number): Changes {
    const timer = every === undefined ? undefined : setInterval(() => changes.missed(), every)
    const changes = new Changes(keyOf, () => {
      clearInterval(timer)
      this.subscribers.delete(changes)
      this.options.onSubscriptions?.(this.subscribers.size)
    })
    if (this.closed) changes.end()
    else {
      this.subscribers.add(changes)
      this.options.onSubscriptions?.(this.subscribers.size)
      this.listen()
    }
    return changes
  }

  get subscriptions(): number {
    return this.subscribers.size
  }

  /** Ends all subscriptions. */
  async close(): Promise<void> {
    this.closed = true
    if (this.timer !== null) clearTimeout(this.timer)
    for (const changes of this.subscribers) changes.end()
    await this.listener?.close()
  }

  private listen(): void {
    const { databaseUrl, logger } = this.options
    this.listener ??= EventListener.start({
      url: databaseUrl,
      onAnnouncement: (announcement) => {
        this.gathered.push(announcement)
        this.timer ??= setTimeout(() => this.wake(), PACE)
      },
      onListening: () => {
        for (const changes of this.subscribers) changes.missed()
      },
      onLost: (error) =>
        logger.warn({ err: error }, 'Events of the database are not heard; the connection is made again'),
    })
  }

  private wake(): void {
    const announcements = this.gathered
    this.gathered = []
    this.timer = null
    for (const changes of this.subscribers) changes.tell(announcements)
  }
}
