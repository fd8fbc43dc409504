import { randomUUID } from 'node:crypto'
import { attend, type CallEnd, type EndedCall, type GovernedPrincipal } from '../domain/governor.js'
import type { GovernorChange, GovernorStore } from '../domain/governor-store.js'
import type { GovernorState } from '../domain/governor-state.js'
import type { Admission, GovernedCall, Governor } from './governor.js'

/**
 * The governor of one process. It shares its state with those of other processes through the store. Calls that begin and end while a
 * transaction of the store is under way go into the next one together.
 */
export class SharedGovernor implements Governor {
  private readonly desks = new Map<string, Desk>()
  private readonly process = randomUUID()

  constructor(private readonly store: GovernorStore) {}

  admit(who: GovernedPrincipal, call: GovernedCall): Promise<Admission> {
    const key = JSON.stringify([who.endpoint, who.principal])
    const desk = this.desks.get(key) ?? new Desk(this.store, who, this.process)
    this.desks.set(key, desk)
    return desk.admit(call)
  }

  /** Waits until the ends of all calls are noted. Nobody may be waiting for leave any more. */
  async close(): Promise<void> {
    await Promise.all([...this.desks.values()].map((desk) => desk.close()))
  }
}

interface Applicant {
  readonly call: GovernedCall
  readonly askedAt: number
  readonly settle: (error: unknown) => void
}

/** What one process asks for in the name of one principal. */
class Desk {
  private readonly asking = new Map<string, Applicant>()
  private ended: EndedCall[] = []
  private limits: GovernedCall['limits'] | null = null
  private turn: Promise<void> | null = null
  private again = false
  private timer: NodeJS.Timeout | null = null

  constructor(
    private readonly store: GovernorStore,
    private readonly who: GovernedPrincipal,
    private readonly process: string,
  ) {}

  async admit(call: GovernedCall): Promise<Admission> {
    const { signal } = call
    signal?.throwIfAborted()
    const id = randomUUID()
    this.limits = call.limits
    let withdraw: (() => void) | null = null
    try {
      await new Promise<void>((resolve, reject) => {
        const settle = (error: unknown): void => (error === null ? resolve() : reject(error))
        this.asking.set(id, { call, askedAt: performance.now(), settle })
        withdraw = () => {
          this.asking.delete(id)
          // It may have been admitted by the transaction that is under way.
          this.ended.push({ id, end: NOTHING_SENT })
          this.wake()
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', withdraw, { once: true })
        this.wake()
      })
    } finally {
      if (withdraw !== null) signal?.removeEventListener('abort', withdraw)
    }
    return {
      release: (end) => {
        this.ended.push({ id, end })
        this.wake()
      },
    }
  }

  async close(): Promise<void> {
    while (this.turn !== null) await this.turn
    if (this.timer !== null) clearTimeout(this.timer)
  }

  private wake(): void {
    if (this.turn !== null) {
      this.again = true
      return
    }
    if (this.timer !== null) clearTimeout(this.timer)
    this.timer = null
    this.again = false
    this.turn = this.attend().finally(() => {
      this.turn = null
      if (this.again) this.wake()
    })
  }

  private async attend(): Promise<void> {
    // All that begins and ends in this turn of the event loop goes together.
    await Promise.resolve()
    const ended = this.ended
    this.ended = []
    const { limits } = this
    if (limits === null) return
    let wait: number | null
    try {
      wait = await this.store
        .change(this.who, (state, now) => {
          const asking = [...this.asking].map(([id, { call, askedAt }]) => ({
            id,
            lane: call.lane,
            operation: call.operation,
            rows: call.rows,
            waited: performance.now() - askedAt,
            longest: call.longest,
          }))
          const attended = attend(state, { process: this.process, limits, ended, asking }, now)
          return { state: attended.state, result: attended }
        })
        .then(({ admitted, again, state }) => {
          for (const id of admitted) {
            this.asking.get(id)?.settle(null)
            this.asking.delete(id)
          }
          return again === null ? null : Math.max(1, again - state.belief.at)
        })
    } catch (error) {
      // Nothing was kept: the ends are told again with the next turn, and those who ask may ask anew.
      this.ended.unshift(...ended)
      for (const { settle } of this.asking.values()) settle(error)
      this.asking.clear()
      return
    }
    if (wait !== null && !this.again) this.timer = setTimeout(() => this.wake(), wait)
  }
}

const NOTHING_SENT: CallEnd = { requests: 0, duration: 0, throttled: null, remaining: null }

/** For one process without a database. */
export class MemoryGovernorStore implements GovernorStore {
  private readonly states = new Map<string, GovernorState>()

  constructor(private readonly now: () => number = Date.now) {}

  change<Result>(who: GovernedPrincipal, change: GovernorChange<Result>): Promise<Result> {
    const key = JSON.stringify([who.endpoint, who.principal])
    const { state, result } = change(this.states.get(key) ?? null, this.now())
    this.states.set(key, state)
    return Promise.resolve(result)
  }
}
