import { randomUUID } from 'node:crypto'
import type { EntityManager } from '@mikro-orm/postgresql'
import { sourceOf } from '../domain/settle.js'
import { Side } from '../domain/value.js'
import { insertCouplings, lockRevisions, removeCouplings } from '../persistence/queries/couplings.js'
import { lockErrorGroups } from '../persistence/queries/error-groups.js'
import { resolveErrors } from '../persistence/queries/errors.js'
import { addCounts, NO_COUNTS } from '../persistence/queries/jobs.js'
import {
  couplingsInFlight,
  couplingsOfRecords,
  mappingsOfCouplings,
  type PartnerCoupling,
} from '../persistence/queries/partners.js'
import { saveStates } from '../persistence/queries/record-states.js'
import { lockStates } from '../persistence/queries/state-locks.js'
import { couplingTarget } from './coupling-update.js'
import { nameOf, numberOf, type MappingContext } from './mapping-context.js'
import { busy, type DecidedRow } from './page-format.js'
import type { WritePageInput } from './write-page.js'

/**
 * Couples pairs that were named or repaired, within the transaction at hand: couplings that are to give way go, unless a write of
 * theirs is under way, and only while they and no others hold either record. Returns the rows by source; where something has moved
 * since they were compared, as busy. `standing`: what {@link lockCouplings} has locked.
 */
export async function coupleNamedPairs(
  em: EntityManager,
  context: MappingContext,
  input: Pick<WritePageInput, 'pass' | 'jobId'>,
  rows: readonly DecidedRow[],
  standing: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, DecidedRow>> {
  const pairs = rows.flatMap((row) => pairOf(row, sourceOf(input.pass)))
  if (pairs.length === 0) return new Map()
  const replaced = pairs.flatMap(({ row }) => row.replaces ?? [])
  const inFlight = await couplingsInFlight(em, replaced)
  const holders = await holdersOf(em, context, pairs)
  const free = pairs.filter(({ row, local, integration }) => {
    const replaces = new Set(row.replaces)
    return (
      [...replaces].every((id) => !inFlight.has(id)) &&
      holders
        .filter((holder) => holder.localId === local.id || holder.integrationId === integration.id)
        .every((holder) => replaces.has(holder.id))
    )
  })
  const leaving = new Set(free.flatMap(({ row }) => row.replaces ?? []).filter((id) => standing.has(id)))
  const byMapping = Map.groupBy(
    holders.filter((holder) => leaving.has(holder.id)),
    (holder) => holder.mappingId,
  )
  for (const [mappingId, couplings] of [...byMapping].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const ids = [...new Set(couplings.map((coupling) => coupling.id))]
    await removeCouplings(em, mappingId, ids)
    await resolveErrors(em, mappingId, ids)
  }
  const made = await insertCouplings(
    em,
    couplingTarget(context),
    free.map(({ id, local, integration }) => ({
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
  // Somebody coupled one of them in this very moment: all of it is undone, and the step is repeated on what stands then.
  if (made.size < free.length) throw new Error('A record was coupled by someone else at the same moment.')
  await saveStates(
    em,
    context.mapping.id,
    free.map(({ id, row }) => ({
      couplingId: id,
      side: sourceOf(input.pass),
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
  await addCounts(em, input.jobId, { ...NO_COUNTS, coupled: free.length, uncoupled: leaving.size })
  const coupled = new Map(free.map(({ row, id }) => [row.sourceId, id]))
  return new Map(
    pairs.map(({ row }): [string, DecidedRow] => {
      const couplingId = coupled.get(row.sourceId)
      return [
        row.sourceId,
        couplingId === undefined ? { ...row, decision: busy() } : { ...row, couplingId, couplingRevision: 1 },
      ]
    }),
  )
}

/**
 * Locks the couplings of rows, and those that are to give way for them with all that goes with them, in the order that everybody keeps.
 * Returns the revisions that stand. Whoever commits to a write of a coupling holds its row, so that from here on none begins.
 */
export async function lockCouplings(
  em: EntityManager,
  rows: readonly DecidedRow[],
): Promise<ReadonlyMap<string, number>> {
  const replaced = rows.flatMap((row) => row.replaces ?? [])
  await lockErrorGroups(em, await mappingsOfCouplings(em, replaced))
  const revisions = await lockRevisions(em, [...replaced, ...rows.flatMap((row) => row.couplingId ?? [])])
  await lockStates(em, null, replaced, [])
  return revisions
}

interface NamedPair {
  readonly id: string
  readonly row: DecidedRow
  readonly local: NonNullable<DecidedRow['source']>
  readonly integration: NonNullable<DecidedRow['source']>
}

function pairOf(row: DecidedRow, side: Side): readonly NamedPair[] {
  const { source, destination } = row
  const isNamed = row.replaces !== undefined && row.decision.partner !== null && row.couplingId === null
  if (!isNamed || source === null || destination === null) return []
  const [local, integration] = side === Side.local ? [source, destination] : [destination, source]
  return [{ id: randomUUID(), row, local, integration }]
}

/** The couplings that hold either record of a pair now. */
async function holdersOf(
  em: EntityManager,
  context: MappingContext,
  pairs: readonly NamedPair[],
): Promise<readonly PartnerCoupling[]> {
  const of = (side: Side, ids: readonly string[]) =>
    couplingsOfRecords(
      em,
      { connectionId: context.connection.id, side, name: context.tables[side].name },
      ids,
    )
  const locals = await of(
    Side.local,
    pairs.map(({ local }) => local.id),
  )
  const integrations = await of(
    Side.integration,
    pairs.map(({ integration }) => integration.id),
  )
  return [...locals, ...integrations]
}
