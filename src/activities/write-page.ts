import { ErrorClass, type Failure } from '../domain/failure.js'
import type { PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import { intentsOfPage, isCreation, type Intent } from '../persistence/queries/intents.js'
import { chooseIds } from './choose-ids.js'
import { commitIntents, needsWrite } from './commit-intents.js'
import type { ActivityDependencies } from './dependencies.js'
import type { MappingContext } from './mapping-context.js'
import { busy, type DecidedRow } from './page-format.js'
import { dropForRedecision, keepHalvesOfRefused } from './record-halves.js'
import { creationOf } from './plan-intents.js'
import { sendIntents, type IntentOutcome, type SendOptions } from './send-intents.js'
import { broughtKey, keyIsTaken, passTakenNumbers } from './taken-keys.js'

/** Stale records are read and decided again in the same step, this often; then they wait for the next run. */
const ROUNDS = 3

export interface WritePageInput {
  readonly pageId: string
  readonly lease: string
  readonly jobId: string
  readonly runId: string
  readonly pass: PassDirection
  readonly rows: readonly DecidedRow[]
  /** Reads and decides these source records again. */
  readonly redecide: (sourceIds: readonly string[]) => Promise<readonly DecidedRow[]>
  readonly send: Omit<SendOptions, 'page'>
}

/** The outcome of a request is not known and must be asked again; the activity is repeated. */
export class OutcomeUnknownError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'OutcomeUnknownError'
  }
}

/**
 * Carries out the writes of a decided page: commits intents, sends them in bulk, and decides stale records again. Returns
 * the rows with what was written or refused. Safe to repeat at any point: a second attempt finds the intents of the first
 * and their answers, and the decisions they belong to were stored in the same transaction.
 */
export async function writePage(
  dependencies: ActivityDependencies,
  context: MappingContext,
  input: WritePageInput,
): Promise<readonly DecidedRow[]> {
  let rows = input.rows
  for (let round = 1; ; round += 1) {
    const known = await intentsOfPage(context.em, input.pageId)
    const covered = new Set(known.map((intent) => intent.sourceId))
    const uncovered = rows.filter((row) => needsWrite(row) && !covered.has(row.sourceId))
    const { ids, failures } = await chooseIds(context, input, uncovered)
    rows = rows.map((row) => {
      const refused = failures.get(row.sourceId)
      return refused === undefined ? row : { ...row, refused }
    })
    const unsettled = uncovered.filter((row) => !failures.has(row.sourceId))
    const unmet = rows.some((row) => row.decision.partner !== null && row.couplingId === null)
    let intents = known
    if (unsettled.length > 0 || unmet) {
      const committed = await commitIntents(dependencies, context, input, rows, unsettled, ids)
      rows = committed.rows
      intents = [...known, ...committed.intents]
    }
    if (intents.length === 0) return rows
    const outcomes = await sendBoth(dependencies, context, input, intents)
    const applied = apply(context, input, rows, intents, outcomes)
    await passTaken(context, intents, outcomes, applied.again)
    await keepHalvesOfRefused(context, input, rows, applied.rows, intents, outcomes)
    rows = applied.rows
    if (applied.again.length === 0) return rows
    await dropForRedecision(context, input, rows, intents, outcomes, applied.again)
    if (round === ROUNDS) {
      return rows.map((row) =>
        applied.again.includes(row.sourceId) ? { ...row, decision: busy(), intentIds: [] } : row,
      )
    }
    const decided = new Map((await input.redecide(applied.again)).map((row) => [row.sourceId, row]))
    rows = rows.map((row) => {
      if (!applied.again.includes(row.sourceId)) return row
      return decided.get(row.sourceId) ?? { ...row, decision: busy(), intentIds: [], written: null }
    })
  }
}

/** The destination's writes first; the source's of a settlement only where the destination's succeeded: one unit. */
async function sendBoth(
  dependencies: ActivityDependencies,
  context: MappingContext,
  input: WritePageInput,
  intents: readonly Intent[],
): Promise<ReadonlyMap<string, IntentOutcome>> {
  const sourceSide = sourceOf(input.pass)
  const options = { ...input.send, page: { id: input.pageId, lease: input.lease } }
  const first = intents.filter((intent) => intent.side !== sourceSide)
  const outcomes = new Map(await sendIntents(dependencies, context, otherSide(sourceSide), first, options))
  const firstOf = new Map(first.map((intent) => [intent.sourceId, outcomes.get(intent.id)]))
  const second = intents.filter((intent) => {
    if (intent.side !== sourceSide) return false
    const before = firstOf.get(intent.sourceId)
    return before === undefined || before.kind === 'written'
  })
  // What goes without versions goes to the destination of a one-way mapping alone.
  const bound = { ...options, bulkUpdates: false }
  for (const [id, outcome] of await sendIntents(dependencies, context, sourceSide, second, bound))
    outcomes.set(id, outcome)
  return outcomes
}

/** Where a number that was assigned is taken, others may be too: the series moves past them before the next round. */
async function passTaken(
  context: MappingContext,
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
  again: readonly string[],
): Promise<void> {
  const retried = new Set(again)
  const taken = intents.filter(
    (intent) => outcomes.get(intent.id)?.kind === 'taken' && retried.has(intent.sourceId),
  )
  for (const side of new Set(taken.map((intent) => intent.side))) await passTakenNumbers(context, side)
}

/** Puts the answers onto their rows; `again`: source ids to decide again. Throws when an answer must be asked for. */
function apply(
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): { readonly rows: readonly DecidedRow[]; readonly again: readonly string[] } {
  const sourceSide = sourceOf(input.pass)
  const bySource = Map.groupBy(intents, (intent) => intent.sourceId)
  const again: string[] = []
  const result = rows.map((row): DecidedRow => {
    const own = bySource.get(row.sourceId)
    if (own === undefined || row.written !== null || row.refused !== null) return row
    const answers = own.map((intent) => ({ intent, outcome: outcomes.get(intent.id) }))
    const refused = answers.find(({ outcome }) => outcome?.kind === 'refused')?.outcome
    if (refused?.kind === 'refused') return { ...row, refused: named(refused.failure) }
    // Of whose outcome we may not see we tell when it is settled, at the end of the run.
    if (answers.some(({ outcome }) => outcome?.kind === 'unreadable'))
      return { ...row, decision: busy(), intentIds: [] }
    const open = answers.find(({ outcome }) => outcome?.kind === 'open')
    if (open !== undefined) {
      const { intent } = open
      const waits = (isCreation(intent) && intent.recordId === null) || intent.unconditional
      if (!waits && open.outcome?.kind === 'open') throw new OutcomeUnknownError(open.outcome.message)
      return { ...row, decision: busy(), intentIds: [] }
    }
    const taken = answers.some(({ outcome }) => outcome?.kind === 'taken')
    const creation = taken ? creationOf(row, otherSide(sourceSide)) : null
    const key = creation === null ? null : broughtKey(context, creation.side, creation.values)
    if (creation !== null && key !== null) return { ...row, refused: keyIsTaken(context, creation.side, key) }
    if (answers.some(({ outcome }) => outcome?.kind === 'deleted'))
      return { ...row, written: { source: null, destination: null } }
    if (answers.some(({ outcome }) => outcome === undefined || outcome.kind !== 'written')) {
      again.push(row.sourceId)
      return row
    }
    const recordOn = (side: Side): RecordSnapshot | null => {
      const answer = answers.find(({ intent }) => intent.side === side)?.outcome
      const sent = answers.find(({ intent }) => intent.side === side)?.intent.values
      if (answer?.kind !== 'written' || sent === undefined) return null
      const compared = side === sourceSide ? row.source : row.destination
      const isCreated = row.decision.outcome === 'inserted' || row.decision.outcome === 'restored'
      const before = isCreated ? null : (compared?.values ?? null)
      return answer.adopted ? asSent(answer.record, sent, before) : answer.record
    }
    return { ...row, written: { source: recordOn(sourceSide), destination: recordOn(otherSide(sourceSide)) } }
  })
  return { rows: result, again }
}

/**
 * An adopted record as our write left it: what was sent, elsewhere what was compared (`before`; null: a creation, where
 * all else was blank). Its version is not known, so that every difference from it counts as that side's own change.
 */
export function asSent(record: RecordSnapshot, sent: Values, before: Values | null): RecordSnapshot {
  const values = Object.keys(record.values).map(
    (name) => [name, (name in sent ? sent : before)?.[name] ?? null] as const,
  )
  return { ...record, version: '', values: Object.fromEntries(values) }
}

function named(failure: Failure): Failure {
  return failure.errorClass === ErrorClass.conflict
    ? { ...failure, errorClass: ErrorClass.unexpected }
    : failure
}
