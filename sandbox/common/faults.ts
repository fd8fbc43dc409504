import { z } from 'zod'
import { assertNever } from './table.js'

const moment = z.enum(['beforeCommit', 'afterCommit'])

const faultAction = z.discriminatedUnion('kind', [
  /** Waits; `beforeCommit` is after the work was done and stamped, just before it becomes visible. */
  z.strictObject({
    kind: z.literal('delay'),
    milliseconds: z.number().int().min(0),
    at: moment.default('beforeCommit'),
  }),
  /** Destroys the socket: before anything is committed, or after everything is. */
  z.strictObject({ kind: z.literal('drop'), at: moment.default('afterCommit') }),
  /** Answers with this status instead of doing the work. */
  z.strictObject({
    kind: z.literal('status'),
    status: z.number().int().min(400).max(599),
    retryAfter: z.number().int().min(0).optional(),
    code: z.string().optional(),
    message: z.string().optional(),
    /** What is in front of a service may answer by itself: with a page, or with nothing at all. */
    form: z.enum(['json', 'html', 'empty']).default('json'),
  }),
  /** Never answers; the connection stays open until the client gives up. */
  z.strictObject({ kind: z.literal('timeout'), at: moment.default('afterCommit') }),
  /** Takes the version in `If-Match` for a stale one. */
  z.strictObject({ kind: z.literal('stale') }),
  /** Takes a delta token for one that is too old. */
  z.strictObject({ kind: z.literal('expiredToken') }),
  /** Refuses every record whose member has this value when it is written. */
  z.strictObject({
    kind: z.literal('reject'),
    field: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    status: z.number().int().min(400).max(599).default(400),
    code: z.string().optional(),
    message: z.string().default('The record was refused.'),
  }),
])

/** What `POST /sandbox/faults` accepts. */
export const faultSchema = z
  .strictObject({
    /** Method of the request; any without it. */
    method: z.string().toUpperCase().optional(),
    /** Regular expression searched for in the request's path and query, without regard to case. */
    path: z.string().default('').refine(isRegularExpression, { message: 'is not a regular expression' }),
    /** How often it acts; null until it is cleared. Left out: once, or as long as `forMilliseconds` says. */
    times: z.number().int().min(1).nullable().optional(),
    /** Begins to act so long after it was set. */
    afterMilliseconds: z.number().int().min(0).default(0),
    /** Acts so long and is gone then. */
    forMilliseconds: z.number().int().min(1).optional(),
    /** Of a $batch: acts when this many items are done and committed. */
    afterItems: z.number().int().min(0).optional(),
    action: faultAction,
  })
  .transform(({ times, ...rest }) => ({
    ...rest,
    times: times === undefined ? (rest.forMilliseconds === undefined ? 1 : null) : times,
  }))

export type FaultInput = z.input<typeof faultSchema>
export type FaultAction = z.infer<typeof faultAction>
type FaultSpecification = z.infer<typeof faultSchema>

export interface Fault extends FaultSpecification {
  readonly id: number
  /** How often it acted. */
  acted: number
  /** Epoch milliseconds. */
  readonly from: number
  readonly until: number
}

export type RejectAction = Extract<FaultAction, { kind: 'reject' }>

function isRegularExpression(text: string): boolean {
  try {
    return new RegExp(text, 'i') instanceof RegExp
  } catch (error) {
    if (error instanceof SyntaxError) return false
    throw error
  }
}

/** The faults a sandbox was told to have. Each acts on the next requests that match it, the oldest fault first. */
export class Faults {
  private readonly faults: Fault[] = []
  private last = 0

  add(specification: FaultSpecification): Fault {
    this.last += 1
    const from = Date.now() + specification.afterMilliseconds
    const until = from + (specification.forMilliseconds ?? Number.POSITIVE_INFINITY)
    const fault: Fault = { ...specification, id: this.last, acted: 0, from, until }
    this.faults.push(fault)
    return fault
  }

  list(): readonly Fault[] {
    this.forgetOver()
    return this.faults
  }

  clear(): void {
    this.faults.length = 0
  }

  remove(id: number): boolean {
    const index = this.faults.findIndex((fault) => fault.id === id)
    if (index !== -1) this.faults.splice(index, 1)
    return index !== -1
  }

  /** No fault is set: the common case, to be as fast as if there were none. */
  get quiet(): boolean {
    return this.faults.length === 0
  }

  /** No fault but rejections, which are asked for per record: items may be carried out together. */
  get calm(): boolean {
    return this.faults.every((fault) => fault.action.kind === 'reject')
  }

  /** The fault for this request or batch item, used up by once. Rejections are asked for per record. */
  take(method: string, url: string, headers: Readonly<Record<string, unknown>>): Fault | null {
    this.forgetOver()
    for (const fault of this.faults) {
      if (fault.action.kind === 'reject' || !matches(fault, method, url)) continue
      if (!concerns(fault.action, url, headers)) continue
      this.use(fault)
      return fault
    }
    return null
  }

  /** The fault for a request to the token endpoint: only one that names it by its path. */
  takeForToken(url: string): Fault | null {
    this.forgetOver()
    const fault = this.faults.find(
      (candidate) => /oauth2/i.test(candidate.path) && matches(candidate, 'POST', url),
    )
    if (fault === undefined) return null
    this.use(fault)
    return fault
  }

  /** The rejection for a record about to be written, used up by once. `valueOf` gives the text of a member as sent. */
  reject(
    method: string,
    url: string,
    valueOf: (field: string) => string | null | undefined,
  ): RejectAction | null {
    for (const fault of this.faults) {
      if (fault.action.kind !== 'reject' || !matches(fault, method, url)) continue
      const value = valueOf(fault.action.field)
      const wanted = fault.action.value
      if (value === undefined || value !== (wanted === null ? null : String(wanted))) continue
      this.use(fault)
      return fault.action
    }
    return null
  }

  private forgetOver(): void {
    const now = Date.now()
    for (const fault of this.faults.filter(({ until }) => until <= now)) this.remove(fault.id)
  }

  private use(fault: Fault): void {
    fault.acted += 1
    if (fault.times === null) return
    fault.times -= 1
    if (fault.times === 0) this.remove(fault.id)
  }
}

function matches(fault: Fault, method: string, url: string): boolean {
  if (fault.from > Date.now()) return false
  if (fault.method !== undefined && fault.method !== method) return false
  return fault.path === '' || new RegExp(fault.path, 'i').test(url)
}

/** Is a request of the kind that this action is about? */
function concerns(action: FaultAction, url: string, headers: Readonly<Record<string, unknown>>): boolean {
  if (action.kind === 'stale') return (headers['if-match'] ?? '*') !== '*'
  return action.kind !== 'expiredToken' || /deltatoken/i.test(url)
}

/** Does this action answer instead of having the work done? */
export function answersItself(action: FaultAction): boolean {
  return action.kind === 'status' || action.kind === 'stale' || action.kind === 'expiredToken'
}

/** Thrown where the connection is to be cut, or left without an answer. */
export class DropConnection extends Error {
  constructor(readonly silent = false) {
    super('The sandbox was told to drop this connection.')
    this.name = 'DropConnection'
  }
}

/** What a fault does around a commit. */
export interface CommitHooks {
  beforeCommit(): Promise<void>
  afterCommit(): Promise<void>
}

export const NO_HOOKS: CommitHooks = {
  beforeCommit: () => Promise.resolve(),
  afterCommit: () => Promise.resolve(),
}

/** The hooks of a delay or a drop; null for a fault that acts elsewhere. */
export function commitHooks(action: FaultAction): CommitHooks | null {
  switch (action.kind) {
    case 'delay':
      return hooksAt(action.at, () => delay(action.milliseconds))
    case 'drop':
      return hooksAt(action.at, () => Promise.reject(new DropConnection()))
    case 'timeout':
      return hooksAt(action.at, () => Promise.reject(new DropConnection(true)))
    case 'status':
    case 'stale':
    case 'expiredToken':
    case 'reject':
      return null
    default:
      return assertNever(action)
  }
}

function hooksAt(at: 'beforeCommit' | 'afterCommit', act: () => Promise<void>): CommitHooks {
  return at === 'beforeCommit' ? { ...NO_HOOKS, beforeCommit: act } : { ...NO_HOOKS, afterCommit: act }
}

function delay(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
