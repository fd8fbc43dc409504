import type { Failure } from '../../domain/failure.js'
import type { WriteResult } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { ofSystem } from './name-system.js'
import type { ChunkOutcome, PreparedWrite } from './write-in-chunks.js'
import { notSent, unknown } from './write-in-chunks.js'

/** What the answer to one item of a bulk call means. */
export type Verdict =
  | { readonly kind: 'result'; readonly result: WriteResult }
  /** Refused for want of a right. `tableWide`: the text says that the right to the table is missing, not to this record. */
  | { readonly kind: 'denied'; readonly failure: Failure; readonly tableWide: boolean }
  /** Nothing was done, and the reason concerns every call. */
  | { readonly kind: 'stopped'; readonly error: ConnectorError }

/** So many denials and not one success are no coincidence of single records. */
const SEVERAL = 5

/**
 * Results for the caller out of verdicts, one for each write. When every creation, every update or every deletion of a call was denied and
 * either the text speaks of the table or there were several ({@link SEVERAL}), the right to the table is missing: that is a failure of the
 * system, and no record is blamed for it.
 */
export function outcomeOf(
  writes: readonly PreparedWrite[],
  verdicts: readonly Verdict[],
  system: string,
): ChunkOutcome {
  const pairs = writes.map((write, index) => ({ write, verdict: verdicts[index] as Verdict }))
  let stop: ConnectorError | null = null
  for (const { verdict } of pairs) if (verdict.kind === 'stopped') stop ??= verdict.error

  const deniedKinds = new Set<string>()
  for (const kind of ['create', 'update', 'delete'] as const) {
    const ofKind = pairs.filter(({ write }) => write.request.kind === kind).map(({ verdict }) => verdict)
    const denied = ofKind.filter((verdict) => verdict.kind === 'denied')
    const [first] = denied
    if (first === undefined || denied.length < ofKind.length) continue
    if (denied.length >= SEVERAL || first.tableWide) {
      deniedKinds.add(kind)
      stop ??= new ConnectorError(ofSystem(system, first.failure))
    }
  }

  const results = pairs.map(({ write, verdict }): WriteResult => {
    if (verdict.kind === 'result') return verdict.result
    if (verdict.kind === 'stopped' || deniedKinds.has(write.request.kind)) return notSent(write)
    return { kind: 'refused', ref: write.request.ref, failure: verdict.failure }
  })
  return { results, stop }
}

/** The outcome of a call whose answer has parts, one for each write; where it cannot be read, nobody knows what was done. */
export function outcomeOfParts<Answer>(
  writes: readonly PreparedWrite[],
  system: string,
  decode: () => readonly (Answer | undefined)[],
  judge: (write: PreparedWrite, answer: Answer | undefined) => Verdict,
): ChunkOutcome {
  try {
    const answers = decode()
    const verdicts = writes.map((write, index) => judge(write, answers[index]))
    return outcomeOf(writes, verdicts, system)
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return {
      results: writes.map((write) => unknown(write, `The answer cannot be read: ${error.message}`)),
      stop: null,
    }
  }
}

/**
 * The outcome of a call that failed as a whole. After 408 and 5xx its items may have been carried out; after anything else they were not.
 * `isAboutRecords`: what is wrong lies in what was sent, so that other calls may go on.
 */
export function outcomeOfRefusal(
  writes: readonly PreparedWrite[],
  refusal: {
    readonly status: number
    readonly message: string
    readonly isAboutRecords: boolean
    readonly stop: ConnectorError
  },
): ChunkOutcome {
  const { status, message, isAboutRecords, stop } = refusal
  if (status < 500 && status !== 408) return { results: writes.map(notSent), stop }
  return { results: writes.map((write) => unknown(write, message)), stop: isAboutRecords ? null : stop }
}
