import type { WriteRequest, WriteResult } from '../connectors/connector.js'
import type { Failure } from '../domain/failure.js'
import type { Side } from '../domain/value.js'
import {
  isCreation,
  markAtRest,
  markSent,
  renewDeadlines,
  saveAnswers,
  type Intent,
  type IntentAnswer,
} from '../persistence/queries/intents.js'
import { noteAnswers, noteCall, type HeldPage } from '../persistence/queries/intent-calls.js'
import { adopted, adoptByKey, adoptBySentValues } from './adopt-intents.js'
import type { ActivityDependencies } from './dependencies.js'
import { findLanded } from './find-landed.js'
import type { MappingContext } from './mapping-context.js'

/** An intent with this share of its time left is sent as it is. */
const STILL_FRESH = 0.9

/**
 * What became of an intent. `stale`, `gone`, `taken`: nothing was written; decide again. `open`: not known yet. `unreadable`: not to be
 * known before somebody allows the record to be read; it stays open, since repeating it might create the record twice.
 */
export type IntentOutcome =
  | IntentAnswer
  | { readonly kind: 'stale' | 'gone' | 'taken' }
  | { readonly kind: 'open'; readonly message: string }
  | { readonly kind: 'unreadable'; readonly failure: Failure }

export interface SendOptions {
  /** The page whose lease is checked before every bulk call; null where no page is held (settling orphans). */
  readonly page: HeldPage | null
  readonly heartbeat: () => void
  readonly signal: AbortSignal
  /** Updates that were never sent may go by a message without versions. */
  readonly bulkUpdates?: boolean
}

/**
 * Sends the writes of one side in bulk calls and keeps every answer as it comes. Safe to repeat: an update is conditional
 * on the version compared, a creation carries the id we chose; a creation in a system that assigns ids is searched by its
 * key once its first request can no longer be running, and never before. An update that went without its version waits as long,
 * and then goes with it.
 */
export async function sendIntents(
  dependencies: ActivityDependencies,
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
  options: SendOptions,
): Promise<ReadonlyMap<string, IntentOutcome>> {
  const outcomes = new Map<string, IntentOutcome>()
  for (const intent of intents) if (intent.answer !== null) outcomes.set(intent.id, intent.answer)
  const unanswered = intents.filter((intent) => intent.answer === null)
  const { waiting, searched, ready } = sortOut(dependencies, context, side, unanswered)
  for (const intent of waiting)
    outcomes.set(intent.id, { kind: 'open', message: 'The first request may still be running.' })
  const missing = await adoptByKey(context, side, searched, outcomes)
  const { landed, unreadable, taken } = await findLanded(context, side, ready)
  for (const [id, failure] of unreadable) outcomes.set(id, { kind: 'unreadable', failure })
  const answers: { readonly id: string; readonly answer: IntentAnswer }[] = [
    ...[...landed].map(([id, record]) => ({ id, answer: adopted(record) })),
    ...[...taken].map(([id, failure]) => ({ id, answer: { kind: 'refused', failure } as const })),
  ]
  for (const { id, answer } of answers) outcomes.set(id, answer)
  await saveAnswers(context.em, answers)
  const toSend = [...ready.filter((intent) => !outcomes.has(intent.id)), ...missing]
  if (toSend.length > 0) await send(dependencies, context, side, toSend, outcomes, options)
  await adoptBySentValues(context, side, intents, outcomes)
  return outcomes
}

/**
 * Creations by assigned key of which a request was sent and not answered wait, then are searched. Updates that went without a version
 * wait as well, since they may yet land on whatever stands there then; all else can be sent.
 */
function sortOut(
  dependencies: ActivityDependencies,
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
) {
  const connector = context.connectors[side]
  const waiting: Intent[] = []
  const searched: Intent[] = []
  const ready: Intent[] = []
  for (const intent of intents) {
    if (!mayBeRunning(intent)) ready.push(intent)
    else if (dependencies.now() < endOfFlight(intent, connector.maximumFlight)) waiting.push(intent)
    else if (isCreation(intent)) searched.push(intent)
    else ready.push(intent)
  }
  return { waiting, searched, ready }
}

/** Whether an unanswered request of this intent could land beside another, so that its end has to be waited for. */
function mayBeRunning(intent: Intent): boolean {
  const isBound = intent.recordId !== null && !intent.unconditional
  return intent.sentAt !== null && !isBound
}

/** When a request of this intent can no longer be running at the system, epoch milliseconds. */
export function endOfFlight(intent: Intent, maximumFlight: number): number {
  return intent.deadline + maximumFlight
}

async function send(
  dependencies: ActivityDependencies,
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
  outcomes: Map<string, IntentOutcome>,
  options: SendOptions,
): Promise<void> {
  const { em } = context
  const { requestDeadline } = dependencies.settings
  const now = dependencies.now()
  // A deadline binds a request that may be running. Whatever is sent now was never sent, or is safe to send twice. Intents
  // that were committed a moment ago keep theirs: writing it again would cost as much as committing them did.
  const late = intents.filter((intent) => intent.deadline < now + requestDeadline * STILL_FRESH)
  const renewed = now + requestDeadline
  await renewDeadlines(
    em,
    late.map((intent) => intent.id),
    renewed,
  )
  const isLate = new Set(late)
  const byId = new Map(intents.map((intent) => [intent.id, intent]))
  const bulkUpdates = options.bulkUpdates === true && intents.every((intent) => intent.sentAt === null)
  await context.connectors[side].write(
    context.tables[side],
    intents.map((intent) => requestOf(intent, isLate.has(intent) ? renewed : intent.deadline)),
    {
      returnFields: context.fields[side],
      signal: options.signal,
      bulkUpdates,
      renewDeadlines: async (refs) => {
        const deadline = dependencies.now() + requestDeadline
        await renewDeadlines(em.fork(), refs, deadline)
        return deadline
      },
      beforeCall: async (refs) => {
        options.heartbeat()
        const goesUnbound = bulkUpdates || refs.some((ref) => byId.get(ref)?.unconditional === true)
        if (options.page === null || goesUnbound) await markSent(em.fork(), options.page, refs, bulkUpdates)
        else await noteCall(em.fork(), options.page, side, refs)
      },
      onResults: async (results) => {
        options.heartbeat()
        const answers: { id: string; answer: IntentAnswer }[] = []
        for (const result of results) {
          const intent = byId.get(result.ref)
          if (intent === undefined) continue
          const outcome = outcomeOf(intent, result)
          outcomes.set(intent.id, outcome)
          if (outcome.kind === 'written' || outcome.kind === 'deleted' || outcome.kind === 'refused')
            answers.push({ id: intent.id, answer: outcome })
        }
        if (options.page === null) await saveAnswers(em.fork(), answers)
        else await noteAnswers(em.fork(), options.page.id, side, answers)
        if (bulkUpdates) await markAtRest(em.fork(), atRest(results))
      },
    },
  )
}

function atRest(results: readonly WriteResult[]): readonly string[] {
  return results.flatMap((result) => (result.kind === 'unknown' ? [] : [result.ref]))
}

function requestOf(intent: Intent, deadline: number): WriteRequest {
  if (isCreation(intent)) {
    return { kind: 'create', ref: intent.id, id: intent.recordId, values: intent.values, deadline }
  }
  if (intent.recordId === null || intent.version === null)
    throw new Error(`Intent ${intent.id} is ${intent.kind} without a record.`)
  if (intent.kind === 'DELETE') {
    return { kind: 'delete', ref: intent.id, id: intent.recordId, version: intent.version, deadline }
  }
  return {
    kind: 'update',
    ref: intent.id,
    id: intent.recordId,
    version: intent.version,
    values: intent.values,
    deadline,
  }
}

function outcomeOf(intent: Intent, result: WriteResult): IntentOutcome {
  switch (result.kind) {
    case 'written':
      return { kind: 'written', record: result.record, adopted: false }
    case 'refused':
      return { kind: 'refused', failure: result.failure }
    case 'deleted':
      return { kind: 'deleted' }
    case 'stale':
      return { kind: 'stale' }
    case 'gone':
      // Deleted by an earlier request of ours, or by someone else: either way it is done.
      return intent.kind === 'DELETE' ? { kind: 'deleted' } : { kind: 'gone' }
    case 'exists':
      // An id we chose can only be ours. A key we assigned may have been taken by someone else before.
      return { kind: intent.recordId === null && intent.sentAt === null ? 'taken' : 'stale' }
    case 'unknown':
      return { kind: 'open', message: result.message }
    case 'notSent':
      return { kind: 'open', message: 'The request was not sent.' }
  }
}
