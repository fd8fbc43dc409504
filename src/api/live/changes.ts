import type { Announcement } from '../../persistence/events.js'

/** Everything has to be read again: at the beginning, and after a time in which nothing was heard. */
export const EVERYTHING = 'everything'

/** Keys of what changed. */
export type Changed = typeof EVERYTHING | ReadonlySet<string>

/**
 * What changed for one subscriber, gathered while he is busy: however slow he is, one step waits for him, and nothing piles up. Ends when he leaves, and with
 * {@link end}.
 */
export class Changes implements AsyncIterableIterator<Changed> {
  private waiting: ((result: IteratorResult<Changed>) => void) | null = null
  private gathered: Changed = EVERYTHING
  private ended = false

  constructor(
    private readonly keyOf: (announcement: Announcement) => string | null,
    private readonly onEnd: () => void,
  ) {}

  tell(announcements: readonly Announcement[]): void {
    const keys = announcements.map((announcement) => this.keyOf(announcement)).filter((key) => key !== null)
    if (keys.length === 0) return
    if (this.gathered !== EVERYTHING) this.gathered = new Set([...this.gathered, ...keys])
    this.deliver()
  }

  /** Something may have been missed. */
  missed(): void {
    this.gathered = EVERYTHING
    this.deliver()
  }

  end(): void {
    if (this.ended) return
    this.ended = true
    this.onEnd()
    this.waiting?.({ done: true, value: undefined })
    this.waiting = null
  }

  next(): Promise<IteratorResult<Changed>> {
    return new Promise((resolve) => {
      if (this.ended) resolve({ done: true, value: undefined })
      else {
        this.waiting = resolve
        this.deliver()
      }
    })
  }

  return(): Promise<IteratorResult<Changed>> {
    this.end()
    return Promise.resolve({ done: true, value: undefined })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  private deliver(): void {
    if (this.waiting === null || (this.gathered !== EVERYTHING && this.gathered.size === 0)) return
    const resolve = this.waiting
    const value = this.gathered
    this.waiting = null
    this.gathered = new Set()
    resolve({ done: false, value })
  }
}
