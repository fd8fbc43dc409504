import type { Side } from './value.js'

/** `error`: nothing, or some mapping, works until it is mended. `warning`: it works now, or with less than it could. */
export const Severity = { error: 'ERROR', warning: 'WARNING', information: 'INFORMATION' } as const
export type Severity = (typeof Severity)[keyof typeof Severity]

/** A number under which the other system's support finds a request: `trace_id`, `REQ_ID`, `CorrelationId`. */
export interface CorrelationId {
  readonly name: string
  readonly value: string
}

/** One thing that a check of a connection found, in words a person can act on. JSON-safe. */
export interface Finding {
  /** Stable name of the cause, in capitals: `CLIENT_SECRET_EXPIRED`. People filter and test by it; its text may change. */
  readonly code: string
  readonly severity: Severity
  /** The system it is about; null: the connection as a whole. */
  readonly side: Side | null
  /** What was found, one sentence. */
  readonly what: string
  /** Why, one or two sentences. */
  readonly cause: string
  /** What to do, one or two sentences. */
  readonly remedy: string
  /** What the system answered, as far as it proves the finding, without secrets; null where nothing was answered. */
  readonly evidence: string | null
  readonly correlationIds: readonly CorrelationId[]
  /** Where it is mended, or documented. */
  readonly link: string | null
}
