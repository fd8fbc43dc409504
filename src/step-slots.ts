import { asyncLocalStorage, type Context } from '@temporalio/activity'
import type {
  ActivitySlotInfo,
  CustomSlotSupplier,
  SlotMarkUsedContext,
  SlotPermit,
  SlotReleaseContext,
  SlotReserveContext,
} from '@temporalio/worker'
import type { CallWatch } from './connectors/governor.js'

/** Steps that work at the same time in one worker. */
const AT_WORK = 16
/** Steps that one worker has in all: one that waits holds what it has read. */
const AT_ALL = 400
/** A step whose calls have all waited for so long, milliseconds, rests. */
const RESTS_AFTER = 1_000

/** Steps that wait for runs, for hours if need be, and do nothing themselves: they would hold up those very runs. */
const FOLLOWING: ReadonlySet<string> = new Set(['followBulkAction', 'followFullSynch'])

interface Calls {
  waiting: number
  running: number
  timer: NodeJS.Timeout | null
  rests: boolean
}

/**
 * The slots of a worker's steps. A step that only waits for its turn at a service rests, and another may begin in its place: a service
 * that takes no calls for minutes holds up what needs it, and nothing else. When steps wake there may be more than the most at work for a while.
 */
export class StepSlots implements CustomSlotSupplier<ActivitySlotInfo> {
  readonly type = 'custom'
  private taken = 0
  private resting = 0
  private readonly line: (() => void)[] = []
  private readonly calls = new WeakMap<Context, Calls>()

  reserveSlot(_context: SlotReserveContext, signal: AbortSignal): Promise<SlotPermit> {
    return new Promise((resolve, reject) => {
      const take = (): void => {
        signal.removeEventListener('abort', leave)
        this.taken += 1
        resolve({})
      }
      const leave = (): void => {
        const place = this.line.indexOf(take)
        if (place >= 0) this.line.splice(place, 1)
        // Temporal wants this very reason back.
        reject(signal.reason as Error)
      }
      if (signal.aborted) return leave()
      signal.addEventListener('abort', leave, { once: true })
      this.line.push(take)
      this.serve()
    })
  }

  tryReserveSlot(): SlotPermit | null {
    if (!this.hasRoom()) return null
    this.taken += 1
    return {}
  }

  markSlotUsed({ slotInfo }: SlotMarkUsedContext<ActivitySlotInfo>): void {
    if (!FOLLOWING.has(slotInfo.activityType)) return
    this.resting += 1
    this.serve()
  }

  releaseSlot({ slotInfo }: SlotReleaseContext<ActivitySlotInfo>): void {
    if (slotInfo !== undefined && FOLLOWING.has(slotInfo.activityType)) this.resting -= 1
    this.taken -= 1
    this.serve()
  }

  /** Of a call that asks for its turn; who asks is told by the step it is asked in. */
  readonly watch = (): CallWatch => {
    const step = asyncLocalStorage.getStore()
    if (step === undefined) return { begins: () => undefined, ends: () => undefined }
    const calls = this.calls.get(step) ?? { waiting: 0, running: 0, timer: null, rests: false }
    this.calls.set(step, calls)
    let isWaiting = true
    calls.waiting += 1
    this.judge(calls)
    return {
      begins: () => {
        isWaiting = false
        calls.waiting -= 1
        calls.running += 1
        this.judge(calls)
      },
      ends: () => {
        if (isWaiting) calls.waiting -= 1
        else calls.running -= 1
        this.judge(calls)
      },
    }
  }

  private judge(calls: Calls): void {
    const isIdle = calls.waiting > 0 && calls.running === 0
    if (isIdle) {
      calls.timer ??= setTimeout(() => {
        calls.rests = true
        this.resting += 1
        this.serve()
      }, RESTS_AFTER).unref()
      return
    }
    if (calls.timer !== null) clearTimeout(calls.timer)
    calls.timer = null
    if (calls.rests) this.resting -= 1
    calls.rests = false
  }

  private hasRoom(): boolean {
    return this.taken - this.resting < AT_WORK && this.taken < AT_ALL
  }

  private serve(): void {
    while (this.hasRoom()) {
      const take = this.line.shift()
      if (take === undefined) return
      take()
    }
  }
}
