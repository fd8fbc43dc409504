import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import type { Base } from '../domain/coupling.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { fieldOn, mappedValue, type PassDirection } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { sourceOf } from '../domain/settle.js'
import { otherSide, Side, type Values } from '../domain/value.js'
import {
  couplingsByRecord,
  insertCouplings,
  lockRevisions,
  updateCouplings,
} from '../persistence/queries/couplings.js'
import {
  closeIntents,
  insertIntents,
  intentsOfPage,
  lockCommitments,
  openIntents,
  takeNumbers,
  type Intent,
} from '../persistence/queries/intents.js'
import { recordLostValues } from '../persistence/queries/jobs.js'
import { assertLease, saveDecisions } from '../persistence/queries/pages.js'
import { saveStates } from '../persistence/queries/record-states.js'
import type { ActivityDependencies } from './dependencies.js'
import { nameOf, type MappingContext } from './mapping-context.js'
import { busy, type DecidedRow } from './page-format.js'
import { sendIntents, type IntentOutcome, type SendOptions } from './send-intents.js'

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
    const unsettled = rows.filter((row) => needsWrite(row) && !covered.has(row.sourceId))
    const unmet = rows.some((row) => row.decision.partner !== null && row.couplingId === null)
    let intents = known
    if (unsettled.length > 0 || unmet) {
      const committed = await commitIntents(dependencies, context, input, rows, unsettled)
      rows = committed.rows
      intents = [...known, ...committed.intents]
    }
    if (intents.length === 0) return rows
    const outcomes = await sendBoth(dependencies, context, input, intents)
    const applied = apply(input, rows, intents, outcomes)
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

function needsWrite(row: DecidedRow): boolean {
  if (row.written !== null || row.refused !== null) return false
  return row.decision.outcome === 'inserted' || row.decision.outcome === 'modified'
}

/**
 * One transaction: couples matched partners, re-checks what the decisions were made on (coupling as read, no other open
 * intent), commits the intents and stores the decisions they belong to. Records that moved in the meantime become pending.
 */
async function commitIntents(
  dependencies: ActivityDependencies,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  unsettled: readonly DecidedRow[],
): Promise<{ readonly rows: readonly DecidedRow[]; readonly intents: readonly Intent[] }> {
  const side = sourceOf(input.pass)
  return context.em.fork().transactional(async (em) => {
    await lockCommitments(em, context.mapping.id)
    await assertLease(em, input.pageId, input.lease)
    const open = await openIntents(em, context.mapping.id, input.pageId)
    const isTaken = (row: DecidedRow) =>
      [`${side}:${row.sourceId}`, `${otherSide(side)}:${row.destinationId}`].some((record) =>
        open.records.has(record),
      ) ||
      (row.couplingId !== null && open.couplings.has(row.couplingId))
    const free = rows.filter((row) => !isTaken(row))
    const coupled = await couplePartners(em, context, input, free)
    const candidates = new Map(unsettled.map((row) => [row.sourceId, coupled.get(row.sourceId) ?? row]))
    const standing = await stillStanding(
      em,
      context,
      side,
      [...candidates.values()].filter((row) => !isTaken(row)),
    )
    const planned = await planIntents(dependencies, em, context, input, standing)
    const accepted = await insertIntents(em, context.mapping.id, planned)
    const refusedSources = new Set(
      planned.filter((intent) => !accepted.has(intent.id)).map((intent) => intent.sourceId),
    )
    await closeIntents(
      em,
      planned.filter((intent) => refusedSources.has(intent.sourceId)).map((intent) => intent.id),
    )
    const committed = planned.filter((intent) => !refusedSources.has(intent.sourceId))
    const idsOf = new Map<string, string[]>()
    for (const intent of committed) {
      const ids = idsOf.get(intent.sourceId)
      if (ids === undefined) idsOf.set(intent.sourceId, [intent.id])
      else ids.push(intent.id)
    }
    const standingIds = new Set(standing.map((row) => row.sourceId))
    const result = rows.map((row): DecidedRow => {
      const candidate = candidates.get(row.sourceId)
      if (candidate === undefined) {
        // An outcome that writes nothing needs no intent, but a match whose partner is being written has to wait.
        if (row.decision.partner !== null && row.couplingId === null && isTaken(row))
          return { ...row, decision: busy() }
        return coupled.get(row.sourceId) ?? row
      }
      if (!standingIds.has(row.sourceId) || refusedSources.has(row.sourceId))
        return { ...candidate, decision: busy() }
      return { ...candidate, intentIds: idsOf.get(row.sourceId) ?? [] }
    })
    await saveDecisions(em, input.pageId, input.lease, 'COMPARED', { rows: result })
    return {
      rows: result,
      intents: committed.map((intent) => ({ ...intent, sentAt: null, answer: null })),
    }
  })
}

/** Row 8: the coupling is made here, pending until its first contact is recorded. A partner taken meanwhile: pending. */
export async function couplePartners(
  em: EntityManager,
  context: MappingContext,
  input: Pick<WritePageInput, 'pass'>,
  rows: readonly DecidedRow[],
): Promise<ReadonlyMap<string, DecidedRow>> {
  const side = sourceOf(input.pass)
  const fresh = rows.filter((row) => row.decision.partner !== null && row.couplingId === null)
  const couplings = fresh.flatMap((row) => {
    if (row.source === null || row.destination === null) return []
    const [local, integration] =
      side === Side.local ? [row.source, row.destination] : [row.destination, row.source]
    return [{ row, id: randomUUID(), local, integration }]
  })
  const made = await insertCouplings(
    em,
    {
      id: context.mapping.id,
      connectionId: context.connection.id,
      localTable: context.definition.localTable,
      integrationTable: context.definition.integrationTable,
    },
    couplings.map(({ id, local, integration }) => ({
      id,
      localId: local.id,
      integrationId: integration.id,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
      localStamp: local.stamp,
      integrationStamp: integration.stamp,
    })),
  )
  await saveStates(
    em,
    context.mapping.id,
    couplings
      .filter(({ id }) => made.has(id))
      .map(({ id, row }) => ({
        couplingId: id,
        side,
        recordId: row.sourceId,
        state: 'PENDING',
        direction: null,
        reason: 'FIRST_CONTACT',
        attempts: 0,
        dueAtRun: 0,
        localVersion: null,
        integrationVersion: null,
        detail: null,
        errorId: null,
      })),
  )
  return new Map(
    couplings.map(({ row, id }): [string, DecidedRow] => [
      row.sourceId,
      made.has(id) ? { ...row, couplingId: id, couplingRevision: 1 } : { ...row, decision: busy() },
    ]),
  )
}

/** Rows whose coupling is as it was read; uncoupled rows that are still uncoupled. */
async function stillStanding(
  em: EntityManager,
  context: MappingContext,
  side: Side,
  rows: readonly DecidedRow[],
): Promise<readonly DecidedRow[]> {
  const live = rows.filter(needsWrite)
  const revisions = await lockRevisions(
    em,
    live.flatMap((row) => (row.couplingId === null ? [] : [row.couplingId])),
  )
  const uncoupled = live.filter((row) => row.couplingId === null).map((row) => row.sourceId)
  const coupledNow = new Set(
    (await couplingsByRecord(em, context.mapping.id, side, uncoupled)).map((coupling) =>
      side === Side.local ? coupling.localId : coupling.integrationId,
    ),
  )
  return live.filter((row) =>
    row.couplingId === null
      ? !coupledNow.has(row.sourceId)
      : revisions.get(row.couplingId) === row.couplingRevision,
  )
}

type PlannedIntent = Omit<Intent, 'sentAt' | 'answer'>

/** The intents of decided rows: one per write; a settlement has two. */
async function planIntents(
  dependencies: ActivityDependencies,
  em: EntityManager,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
): Promise<readonly PlannedIntent[]> {
  const sourceSide = sourceOf(input.pass)
  const destinationSide = otherSide(sourceSide)
  const deadline = dependencies.now() + dependencies.settings.requestDeadline
  const creations = rows.filter((row) => row.decision.outcome === 'inserted')
  const keys = await newKeys(em, context, destinationSide, creations.length)
  const planned: PlannedIntent[] = []
  for (const row of rows) {
    const { decision, source } = row
    if (source === null) continue
    const common = {
      runId: input.runId,
      jobId: input.jobId,
      pageId: input.pageId,
      couplingId: row.couplingId,
      sourceSide,
      sourceId: row.sourceId,
      source,
      deadline,
    }
    if (decision.outcome === 'inserted') {
      const key = keys?.next() ?? null
      planned.push({
        ...common,
        id: randomUUID(),
        kind: 'CREATE',
        side: destinationSide,
        recordId: key === null ? randomUUID() : null,
        assignedKey: key,
        values: key === null ? decision.values : withKey(context, destinationSide, decision.values, key),
        version: null,
        lost: [],
      })
    } else if (decision.outcome === 'modified') {
      for (const side of [destinationSide, sourceSide]) {
        const values = side === Side.local ? decision.writes.local : decision.writes.integration
        const record = side === sourceSide ? source : row.destination
        if (values === null || record === null) continue
        planned.push({
          ...common,
          id: randomUUID(),
          kind: 'UPDATE',
          side,
          recordId: record.id,
          assignedKey: null,
          values,
          version: record.version,
          lost: decision.lost.filter((lost) => lost.side === side),
        })
      }
    }
  }
  return planned
}

/** Keys for creations in a table whose system assigns ids; null where we choose the id. A key the source brings is kept. */
async function newKeys(em: EntityManager, context: MappingContext, side: Side, count: number) {
  const assigned = context.tables[side].assignedKey
  if (context.connectors[side].creation === 'clientId' || assigned === undefined || count === 0) return null
  let number = await takeNumbers(em, context.mapping.id, side, count)
  return {
    next: () => {
      const key = `${assigned.prefix}${String(number).padStart(assigned.digits, '0')}`
      number += 1
      return key
    },
  }
}

function withKey(context: MappingContext, side: Side, values: Values, key: string): Values {
  const field = context.tables[side].assignedKey?.field
  return field === undefined ? values : { ...values, [field]: key }
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
  for (const [id, outcome] of await sendIntents(dependencies, context, sourceSide, second, options))
    outcomes.set(id, outcome)
  return outcomes
}

/** Puts the answers onto their rows; `again`: source ids to decide again. Throws when an answer must be asked for. */
function apply(
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
    const open = answers.find(({ outcome }) => outcome?.kind === 'open')
    if (open !== undefined) {
      const { intent } = open
      const waits = intent.kind === 'CREATE' && intent.recordId === null
      if (!waits && open.outcome?.kind === 'open') throw new OutcomeUnknownError(open.outcome.message)
      return { ...row, decision: busy(), intentIds: [] }
    }
    if (answers.some(({ outcome }) => outcome === undefined || outcome.kind !== 'written')) {
      again.push(row.sourceId)
      return row
    }
    const recordOn = (side: Side): RecordSnapshot | null => {
      const answer = answers.find(({ intent }) => intent.side === side)?.outcome
      const sent = answers.find(({ intent }) => intent.side === side)?.intent.values
      if (answer?.kind !== 'written' || sent === undefined) return null
      const compared = side === sourceSide ? row.source : row.destination
      const before = row.decision.outcome === 'inserted' ? null : (compared?.values ?? null)
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

/** A record whose second half was refused keeps what its first half carried. */
async function keepHalvesOfRefused(
  context: MappingContext,
  input: WritePageInput,
  before: readonly DecidedRow[],
  after: readonly DecidedRow[],
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
): Promise<void> {
  const known = new Set(before.filter((row) => row.refused !== null).map((row) => row.sourceId))
  const refused = new Set(
    after.filter((row) => row.refused !== null && !known.has(row.sourceId)).map((row) => row.sourceId),
  )
  const halves = intents.filter(
    (intent) => refused.has(intent.sourceId) && outcomes.get(intent.id)?.kind === 'written',
  )
  if (halves.length === 0) return
  await context.em.fork().transactional(async (em) => {
    await assertLease(em, input.pageId, input.lease)
    await recordHalves(em, context, input, after, halves)
  })
}

/**
 * Closes the intents of records that are decided again (their version moved, so a request of theirs can no longer land).
 * Of a settlement that got half way, the fields that did are recorded in the base alone.
 */
async function dropForRedecision(
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  intents: readonly Intent[],
  outcomes: ReadonlyMap<string, IntentOutcome>,
  again: readonly string[],
): Promise<void> {
  const wanted = new Set(again)
  const dropped = intents.filter((intent) => wanted.has(intent.sourceId))
  await context.em.fork().transactional(async (em) => {
    await assertLease(em, input.pageId, input.lease)
    const halves = dropped.filter(
      (intent) => outcomes.get(intent.id)?.kind === 'written' && intent.couplingId !== null,
    )
    await recordHalves(em, context, input, rows, halves)
    await closeIntents(
      em,
      dropped.map((intent) => intent.id),
    )
  })
}

/**
 * Of a settlement of which only one half landed, the fields that did enter the base, and the values that lost are kept;
 * stamps and versions stay as they were (engine rule 9).
 */
async function recordHalves(
  em: EntityManager,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  halves: readonly Intent[],
): Promise<void> {
  const bySource = new Map(rows.map((row) => [row.sourceId, row]))
  for (const intent of halves) {
    const row = bySource.get(intent.sourceId)
    if (row === undefined || row.couplingId === null || row.destination === null || row.source === null)
      continue
    const local = sourceOf(input.pass) === Side.local ? row.source : row.destination
    const integration = sourceOf(input.pass) === Side.local ? row.destination : row.source
    const ids = { couplingId: row.couplingId, localId: local.id, integrationId: integration.id }
    await recordLostValues(
      em,
      { mappingId: context.mapping.id, runId: input.runId },
      intent.lost.map((lost) => ({ ...ids, row: String(row.decision.row), lost })),
    )
    if (row.coupling === null || row.coupling.base === null) continue
    await updateCouplings(em, input.jobId, [
      {
        id: row.couplingId,
        localVersion: row.coupling.local.version,
        integrationVersion: row.coupling.integration.version,
        localStamp: row.coupling.local.stamp,
        integrationStamp: row.coupling.integration.stamp,
        localName: null,
        integrationName: null,
        base: baseWith(context, row.coupling.base, intent, local, integration),
        last: null,
      },
    ])
  }
}

/** The base with the fields that one half of a settlement carried: both sides hold them now. */
function baseWith(
  context: MappingContext,
  base: Base,
  intent: Intent,
  local: RecordSnapshot,
  integration: RecordSnapshot,
): Base {
  const result: Record<string, Base[string]> = { ...base }
  for (const field of context.definition.fields) {
    const name = fieldOn(field, intent.side)
    const written = name === null ? undefined : intent.values[name]
    if (written === undefined) continue
    result[field.name] =
      intent.side === Side.local
        ? { local: written, integration: mappedValue(field, Side.integration, integration.values) }
        : { local: mappedValue(field, Side.local, local.values), integration: written }
  }
  return result
}
