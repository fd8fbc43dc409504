import type { EntityManager } from '@mikro-orm/postgresql'
import { randomUUID } from 'node:crypto'
import { sourceOf } from '../domain/settle.js'
import { Side, otherSide } from '../domain/value.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import { insertCouplings } from '../persistence/queries/couplings.js'
import { closeIntents, insertIntents, lockCommitments, type Intent } from '../persistence/queries/intents.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import { assertLease, saveDecisions } from '../persistence/queries/pages.js'
import { saveStates } from '../persistence/queries/record-states.js'
import { openIntents } from '../persistence/queries/open-intents.js'
import type { ActivityDependencies } from './dependencies.js'
import { coupleNamedPairs, lockCouplings } from './couple-pairs.js'
import { couplingTarget } from './coupling-update.js'
import { nameOf, numberOf, type MappingContext } from './mapping-context.js'
import { busy, type DecidedRow } from './page-format.js'
import { planIntents } from './plan-intents.js'
import { undoActionOf } from './undo-intent.js'
import type { WritePageInput } from './write-page.js'

const WRITTEN_OUTCOMES: ReadonlySet<string> = new Set(['inserted', 'modified', 'restored', 'deletedOther'])

export function needsWrite(row: DecidedRow): boolean {
  if (row.written !== null || row.refused !== null) return false
  return WRITTEN_OUTCOMES.has(row.decision.outcome) || undoActionOf(row) !== null
}

/**
 * One transaction: couples matched partners, re-checks what the decisions were made on (coupling as read, no other open
 * intent), commits the intents and stores the decisions they belong to. Records that moved in the meantime become pending.
 */
export async function commitIntents(
  dependencies: ActivityDependencies,
  context: MappingContext,
  input: WritePageInput,
  rows: readonly DecidedRow[],
  unsettled: readonly DecidedRow[],
  ids: ReadonlyMap<string, string>,
): Promise<{ readonly rows: readonly DecidedRow[]; readonly intents: readonly Intent[] }> {
  const side = sourceOf(input.pass)
  return context.em.fork().transactional(async (em) => {
    await lockCommitments(em, [couplingTarget(context)])
    await assertLease(em, input.pageId, input.lease)
    const open = await openIntents(em, couplingTarget(context), input.pageId)
    const isTaken = (row: DecidedRow) =>
      [`${side}:${row.sourceId}`, `${otherSide(side)}:${row.destinationId}`].some((record) =>
        open.records.has(record),
      ) ||
      (row.couplingId !== null && open.couplings.has(row.couplingId))
    const free = rows.filter((row) => !isTaken(row))
    const wanted = new Set(unsettled.map((row) => row.sourceId))
    const locked = await lockCouplings(
      em,
      free.filter((row) => wanted.has(row.sourceId) || row.replaces !== undefined),
    )
    const coupled = new Map([
      ...(await couplePartners(
        em,
        context,
        input,
        free.filter((row) => row.replaces === undefined),
      )),
      ...(await coupleNamedPairs(em, context, input, free, locked)),
    ])
    const made = [...coupled.values()].flatMap(({ couplingId, couplingRevision }) =>
      couplingId === null || couplingRevision === null ? [] : [[couplingId, couplingRevision] as const],
    )
    const candidates = new Map(unsettled.map((row) => [row.sourceId, coupled.get(row.sourceId) ?? row]))
    const standing = await stillStanding(
      em,
      context,
      side,
      [...candidates.values()].filter((row) => !isTaken(row)),
      new Map([...locked, ...made]),
    )
    const planned = await planIntents(dependencies, em, context, input, standing, ids)
    const accepted = await insertIntents(em, couplingTarget(context), planned)
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
      const own = idsOf.get(intent.sourceId)
      if (own === undefined) idsOf.set(intent.sourceId, [intent.id])
      else own.push(intent.id)
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
      intents: committed.map((intent) => ({ ...intent, sentAt: null, unconditional: false, answer: null })),
    }
  })
}

/** Row 8: the coupling is made here, pending until its first contact is recorded. A partner taken meanwhile: pending. */
export async function couplePartners(
  em: EntityManager,
  context: MappingContext,
  input: Pick<WritePageInput, 'pass' | 'jobId'>,
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
    couplingTarget(context),
    couplings.map(({ id, local, integration }) => ({
      id,
      localId: local.id,
      integrationId: integration.id,
      localName: nameOf(context.tables[Side.local], local),
      integrationName: nameOf(context.tables[Side.integration], integration),
      localNumber: numberOf(context.tables[Side.local], local),
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
  if (made.size > 0) await addCounts(em, input.jobId, { ...NO_COUNTS, coupled: made.size })
  return new Map(
    couplings.map(({ row, id }): [string, DecidedRow] => [
      row.sourceId,
      made.has(id) ? { ...row, couplingId: id, couplingRevision: 1 } : { ...row, decision: busy() },
    ]),
  )
}

/** Rows whose coupling is as it was read, or was made just now; uncoupled rows that are still uncoupled. */
async function stillStanding(
  em: EntityManager,
  context: MappingContext,
  side: Side,
  rows: readonly DecidedRow[],
  revisions: ReadonlyMap<string, number>,
): Promise<readonly DecidedRow[]> {
  const live = rows.filter(needsWrite)
  const uncoupled = live.filter((row) => row.couplingId === null).map((row) => row.sourceId)
  const { connection, tables } = context
  const coupledNow = await coupledIds(em, connection.id, side, tables[side].name, uncoupled)
  return live.filter((row) =>
    row.couplingId === null
      ? !coupledNow.has(row.sourceId)
      : revisions.get(row.couplingId) === row.couplingRevision,
  )
}
