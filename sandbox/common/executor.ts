import type { Answer, ApiRequest } from './answer.js'
import type { CommitHooks, Fault, Faults } from './faults.js'
import { NO_HOOKS, answersItself, commitHooks } from './faults.js'
import type { Metrics } from './metrics.js'

/** What one request comes to. */
export type Plan<W> =
  /** Anything that reads. */
  | { readonly kind: 'read'; readonly run: () => Promise<Answer> }
  /** A read of one record; neighbours of the same group are answered by one statement. */
  | {
      readonly kind: 'readOne'
      readonly group: string
      readonly runAll: (ids: readonly string[]) => Promise<Answer[]>
      readonly id: string
    }
  /** A write; neighbours of the same group that touch different records share one transaction. */
  | { readonly kind: 'write'; readonly write: W; readonly group: string; readonly touches: string | null }

/** A plan of which the answers of reads are changed. */
export function mapReads<W>(plan: Plan<W>, change: (answer: Answer) => Answer): Plan<W> {
  switch (plan.kind) {
    case 'read':
      return { ...plan, run: async () => change(await plan.run()) }
    case 'readOne':
      return { ...plan, runAll: async (ids) => (await plan.runAll(ids)).map(change) }
    case 'write':
      return plan
  }
}

/** A plan of which the rows read are charged to who sent the request, where somebody is charged. */
export function metered<W>(plan: Plan<W>, { work }: ApiRequest): Plan<W> {
  if (work === undefined) return plan
  return mapReads(plan, (answer) => {
    work.read += answer.rows
    return answer
  })
}

/** What a system does with planned requests. */
export interface Engine<W> {
  /** Throws for a request that cannot be served; `answerError` words it. */
  plan(request: ApiRequest): Plan<W>
  /**
   * Carries writes out in one transaction and answers each; with `stopOnError` the answers end with the first refusal.
   * Refused writes leave no trace, the others are committed.
   */
  write(writes: readonly W[], stopOnError: boolean, hooks: CommitHooks): Promise<Answer[]>
  /** Rethrows what is no fault of the request. */
  answerError(error: unknown): Answer
  /** The answer of a fault that lets no work be done. */
  answerFault(fault: Fault): Answer
}

export interface ExecuteOptions {
  readonly stopOnError: boolean
  /** Act once: before the first commit, and after everything. */
  readonly hooks: CommitHooks
  readonly faults: Pick<Faults, 'calm' | 'take'>
  readonly metrics: Pick<Metrics, 'item'>
}

interface Step<W> {
  readonly plan: Plan<W>
  readonly hooks: CommitHooks | null
}

/**
 * Carries out the items of a batch in their order, each committed by itself as far as anybody can tell, but neighbours
 * that fit together share one transaction and one statement. With `stopOnError` the answers end at the first refusal.
 */
export async function executeItems<W>(
  engine: Engine<W>,
  items: readonly ApiRequest[],
  options: ExecuteOptions,
): Promise<Answer[]> {
  const answers: Answer[] = []
  const hooks = once(options.hooks)
  let at = 0
  while (at < items.length) {
    const segment = collectSegment(engine, items, at, options.faults)
    const done =
      segment.answer === undefined
        ? await runSegment(engine, segment.steps, options.stopOnError, hooks)
        : [segment.answer]
    done.forEach((answer, index) => {
      const item = items[at + index]
      if (item !== undefined) options.metrics.item(item.method, item.url, answer.rows)
      answers.push(answer)
    })
    if (options.stopOnError && done.some((answer) => answer.status >= 400)) break
    at += done.length
  }
  await hooks.beforeCommit()
  await hooks.afterCommit()
  return answers
}

/** The items from `start` on that can be carried out together; or the answer of an item that needs no work. */
function collectSegment<W>(
  engine: Engine<W>,
  items: readonly ApiRequest[],
  start: number,
  faults: ExecuteOptions['faults'],
): { readonly steps: readonly Step<W>[]; readonly answer?: Answer } {
  const steps: Step<W>[] = []
  const touched = new Set<string>()
  for (let at = start; at < items.length; at += 1) {
    const item = items[at]
    if (item === undefined) break
    // Planning is repeated for the item that ends a segment; a fault may only be taken when its turn has come.
    let plan: Plan<W>
    try {
      plan = engine.plan(item)
    } catch (error) {
      return steps.length > 0 ? { steps } : { steps, answer: engine.answerError(error) }
    }
    const first = steps[0]
    if (first !== undefined && !joins(first.plan, plan, touched)) break
    if (first !== undefined && (first.hooks !== null || !faults.calm)) break
    const fault = faults.calm ? null : faults.take(item.method, item.url, item.headers)
    if (fault !== null && answersItself(fault.action)) return { steps, answer: engine.answerFault(fault) }
    steps.push({ plan, hooks: fault === null ? null : commitHooks(fault.action) })
    if (plan.kind === 'write' && plan.touches !== null) touched.add(plan.touches)
  }
  return { steps }
}

function joins<W>(first: Plan<W>, next: Plan<W>, touched: ReadonlySet<string>): boolean {
  if (first.kind === 'write' && next.kind === 'write') {
    return first.group === next.group && (next.touches === null || !touched.has(next.touches))
  }
  return first.kind === 'readOne' && next.kind === 'readOne' && first.group === next.group
}

async function runSegment<W>(
  engine: Engine<W>,
  steps: readonly Step<W>[],
  stopOnError: boolean,
  hooks: CommitHooks,
): Promise<Answer[]> {
  const own = steps[0]?.hooks ?? NO_HOOKS
  const writes: W[] = []
  const ids: string[] = []
  let reads: Extract<Plan<W>, { kind: 'read' | 'readOne' }> | null = null
  for (const { plan } of steps) {
    if (plan.kind === 'write') writes.push(plan.write)
    else {
      reads ??= plan
      if (plan.kind === 'readOne') ids.push(plan.id)
    }
  }
  if (reads === null) {
    const answers = await engine.write(writes, stopOnError, {
      beforeCommit: async () => {
        await own.beforeCommit()
        await hooks.beforeCommit()
      },
      afterCommit: () => own.afterCommit(),
    })
    return answers
  }
  await own.beforeCommit()
  let answers: Answer[]
  try {
    answers = reads.kind === 'read' ? [await reads.run()] : await reads.runAll(ids)
  } catch (error) {
    answers = [engine.answerError(error)]
  }
  await own.afterCommit()
  return answers
}

function once(hooks: CommitHooks): CommitHooks {
  let before = false
  return {
    async beforeCommit() {
      if (before) return
      before = true
      await hooks.beforeCommit()
    },
    afterCommit: () => hooks.afterCommit(),
  }
}
