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
  }),
  /** Refuses every record whose member has this value when it is written. */
  z.strictObject({
    kind: z.literal('reject'),
    field: z.string(),
    value: z.union([z.string(), z.number(), z.boolean(), z.null()]),
    status: z.number().int().min(400).max(599).default(400),
    code: z.string().default('Application_DialogException'),
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
    /** How often it acts; null until it is cleared. */
    times: z.number().int().min(1).nullable().default(1),
    /** Of a $batch: acts when this many items are done and committed. */
    afterItems: z.number().int().min(0).optional(),
    action: faultAction,
  })
  .strict()

export type FaultInput = z.input<typeof faultSchema>
export type FaultAction = z.infer<typeof faultAction>
type FaultSpecification = z.infer<typeof faultSchema>

export interface Fault extends FaultSpecification {
  readonly id: number
  /** How often it acted. */
  acted: number
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
    const fault: Fault = { ...specification, id: this.last, acted: 0 }
    this.faults.push(fault)
    return fault
  }

  list(): readonly Fault[] {
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
  take(method: string, url: string): Fault | null {
    for (const fault of this.faults) {
      if (fault.action.kind === 'reject' || !matches(fault, method, url)) continue
      this.use(fault)
      return fault
    }
    return null
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

  private use(fault: Fault): void {
    fault.acted += 1
    if (fault.times === null) return
    fault.times -= 1
    if (fault.times === 0) this.remove(fault.id)
  }
}

function matches(fault: Fault, method: string, url: string): boolean {
  if (fault.method !== undefined && fault.method !== method) return false
  return fault.path === '' || new RegExp(fault.path, 'i').test(url)
}

/** Thrown where the connection is to be cut. */
export class DropConnection extends Error {
  constructor() {
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
    case 'status':
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
