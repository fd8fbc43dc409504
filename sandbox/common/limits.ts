import { z } from 'zod'
import { SlidingWindow } from './sliding-window.js'

/** What `POST /sandbox/limits` accepts; what is left out is as documented for the real service. */
export const limitsSchema = z.strictObject({
  /** Length of the sliding window. */
  windowSeconds: z.number().positive().optional(),
  /** Requests of one principal within the window. */
  requests: z.int().positive().optional(),
  /** Execution time of one principal within the window; null: not limited. */
  executionSeconds: z.number().positive().nullable().optional(),
  /** Requests of one principal that are carried out at the same time. */
  concurrent: z.int().positive().optional(),
  /** Requests that wait for their turn; more are refused. */
  queued: z.int().min(0).optional(),
  /** How long one waits at most. */
  queueSeconds: z.number().positive().optional(),
  millisecondsPerRowWritten: z.number().min(0).optional(),
  millisecondsPerRowRead: z.number().min(0).optional(),
  millisecondsPerCall: z.number().min(0).optional(),
  /** Multiplies the tariff: 0.1 is a service ten times as fast. */
  tariffFactor: z.number().min(0).optional(),
})
export type LimitOptions = z.infer<typeof limitsSchema>
export type LimitSettings = Required<LimitOptions>

/** Rows that a call dealt with. A row written is not read, too, when the answer shows it. */
export interface Work {
  written: number
  read: number
}

/** What a call is charged. Times are in milliseconds. */
export interface Charge {
  readonly startedAt: number
  readonly written: number
  readonly read: number
}

export type Excess = 'requests' | 'execution' | 'concurrent' | 'queueTimeout'

export type Admission =
  | { readonly kind: 'admitted'; readonly permit: Permit }
  /** `retryAfter`: whole seconds. */
  | { readonly kind: 'refused'; readonly excess: Excess; readonly retryAfter: number }

/** A call that is being carried out. */
export interface Permit {
  readonly startedAt: number
  /** What remains for this principal at this moment. */
  remaining(): { readonly requests: number; readonly executionSeconds: number | null }
  /** Charges the call and waits until it has taken as long as the tariff says. */
  finish(charge: Charge): Promise<void>
}

/** Who goes on asking this long after the first refusal did not listen. Milliseconds. */
const PATIENCE = 2_000
/** What a request costs that came although its sender was told to wait. Milliseconds. */
const PENALTY = 1_000

/**
 * Enforces limits per principal as the real services document them, as one web server would. Execution time is simulated by
 * waiting, so it costs no processor time, and is charged by the tariff, so it does not depend on the computer.
 */
export class Limits {
  private settings: LimitSettings | null = null
  private readonly principals = new Map<string, Principal>()

  constructor(private readonly documented: LimitSettings) {}

  /** Off: the common case, to be as fast as if there were no limits. */
  get off(): boolean {
    return this.settings === null
  }

  change(options: LimitOptions): void {
    this.settings = { ...(this.settings ?? this.documented), ...options }
    for (const principal of this.principals.values()) principal.change(this.settings)
  }

  clear(): void {
    this.settings = null
    this.principals.clear()
  }

  /** Lets a call in, at once or when its turn has come, or refuses it. */
  admit(name: string): Promise<Admission> {
    if (this.settings === null) throw new Error('There are no limits to admit by.')
    const principal = this.principals.get(name) ?? new Principal(this.settings)
    this.principals.set(name, principal)
    return principal.admit()
  }

  report(): object {
    return {
      settings: this.settings,
      principals: Object.fromEntries(
        [...this.principals].map(([name, principal]) => [name, principal.report()]),
      ),
    }
  }
}

class Principal {
  private readonly window = new SlidingWindow()
  private readonly waiting: (() => void)[] = []
  private running = 0
  private mostAtOnce = 0
  private blockedUntil = 0
  private blockedFor: 'requests' | 'execution' = 'requests'
  private firstRefusal: number | null = null
  private readonly totals = { calls: 0, executionSeconds: 0 }
  private readonly refused: Record<Excess, number> = {
    requests: 0,
    execution: 0,
    concurrent: 0,
    queueTimeout: 0,
  }

  constructor(private settings: LimitSettings) {}

  /** Other limits hold from now on; nobody has to wait for what the old ones demanded. */
  change(settings: LimitSettings): void {
    this.settings = settings
    this.blockedUntil = 0
  }

  async admit(): Promise<Admission> {
    const { requests, executionSeconds, concurrent, queued } = this.settings
    const now = Date.now()
    this.window.forget(now - this.windowLength)
    if (now < this.blockedUntil) return this.refuse(this.blockedFor, this.blockedUntil - now)
    if (this.window.count >= requests)
      return this.refuse('requests', this.window.untilCountBelow(requests, this.windowLength, now))
    if (executionSeconds !== null && this.window.sum >= executionSeconds * 1000) {
      return this.refuse(
        'execution',
        this.window.untilSumBelow(executionSeconds * 1000, this.windowLength, now),
      )
    }
    this.firstRefusal = null
    if (this.running >= concurrent) {
      if (this.waiting.length >= queued) return this.tell('concurrent', 1)
      if (!(await this.turn())) return this.tell('queueTimeout', 1)
    } else this.running += 1
    this.mostAtOnce = Math.max(this.mostAtOnce, this.running)
    this.totals.calls += 1
    const entry = this.window.add(now)
    const startedAt = Date.now()
    return {
      kind: 'admitted',
      permit: {
        startedAt,
        remaining: () => this.remaining(),
        finish: async (charge) => {
          const cost = this.costOf(charge)
          this.window.charge(entry, cost)
          this.totals.executionSeconds += cost / 1000
          await delay(cost - (Date.now() - charge.startedAt))
          this.leave()
        },
      },
    }
  }

  report(): object {
    this.window.forget(Date.now() - this.windowLength)
    return {
      inWindow: { requests: this.window.count, executionSeconds: this.window.sum / 1000 },
      running: this.running,
      waiting: this.waiting.length,
      mostAtOnce: this.mostAtOnce,
      totals: this.totals,
      refused: this.refused,
    }
  }

  private get windowLength(): number {
    return this.settings.windowSeconds * 1000
  }

  private costOf({ written, read }: Charge): number {
    const { millisecondsPerRowWritten, millisecondsPerRowRead, millisecondsPerCall, tariffFactor } =
      this.settings
    return (
      (millisecondsPerCall + written * millisecondsPerRowWritten + read * millisecondsPerRowRead) *
      tariffFactor
    )
  }

  private remaining(): { requests: number; executionSeconds: number | null } {
    const { requests, executionSeconds } = this.settings
    return {
      requests: Math.max(0, requests - this.window.count),
      executionSeconds:
        executionSeconds === null ? null : Math.max(0, executionSeconds - this.window.sum / 1000),
    }
  }

  /** Waits for a call to end; false: it took too long. */
  private turn(): Promise<boolean> {
    return new Promise((resolve) => {
      const begin = (): void => {
        clearTimeout(timer)
        resolve(true)
      }
      const timer = setTimeout(() => {
        this.waiting.splice(this.waiting.indexOf(begin), 1)
        resolve(false)
      }, this.settings.queueSeconds * 1000)
      this.waiting.push(begin)
    })
  }

  /** The place of a call that has ended goes to the one that waits longest. */
  private leave(): void {
    const next = this.waiting.shift()
    if (next === undefined) this.running -= 1
    else next()
  }

  /** Whoever goes on asking although he was told to wait has to wait longer. */
  private refuse(excess: 'requests' | 'execution', wait: number): Admission {
    const now = Date.now()
    this.firstRefusal ??= now
    const ignored = now > this.firstRefusal + PATIENCE && now < this.blockedUntil - PENALTY
    const until = Math.max(this.blockedUntil, now + wait) + (ignored ? PENALTY : 0)
    this.blockedUntil = Math.min(until, now + this.windowLength)
    this.blockedFor = excess
    return this.tell(excess, Math.ceil((this.blockedUntil - now) / 1000))
  }

  private tell(excess: Excess, retryAfter: number): Admission {
    this.refused[excess] += 1
    return { kind: 'refused', excess, retryAfter: Math.max(1, retryAfter) }
  }
}

function delay(milliseconds: number): Promise<void> {
  return milliseconds <= 0 ? Promise.resolve() : new Promise((resolve) => setTimeout(resolve, milliseconds))
}
