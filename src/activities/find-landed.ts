import { ConnectorError, type ChangesFrom } from '../connectors/connector.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { bringsKey, holdsWhatWasSent, keyIsTaken, keyMayBeTaken } from '../domain/natural-key.js'
import type { RecordSnapshot } from '../domain/record.js'
import { Side } from '../domain/value.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import { isCreation, type Intent } from '../persistence/queries/intents.js'
import type { MappingContext } from './mapping-context.js'

/** By intent. */
export interface Landed {
  readonly landed: ReadonlyMap<string, RecordSnapshot>
  readonly unreadable: ReadonlyMap<string, Failure>
  readonly taken: ReadonlyMap<string, Failure>
}

/**
 * Creations under an id of ours that were sent and not answered, and have landed: the record is there, or it was, and somebody has
 * deleted it since. The latter is told by the tombstones of the change feed, and its record as it was sent, so that it is coupled and
 * then found deleted rather than created a second time (engine rule 7). `unreadable`: the record is there and we may not read it, or
 * whether it is there is not told to us. `taken`: the key came with the values, and the record that has it is not to be believed ours
 * ({@link ownersOfKeys}). What is in none of them may be sent again.
 */
export async function findLanded(
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
): Promise<Landed> {
  const landed = new Map<string, RecordSnapshot>()
  const unreadable = new Map<string, Failure>()
  const taken = new Map<string, Failure>()
  const uncertain = intents.flatMap((intent) =>
    isCreation(intent) && intent.recordId !== null && intent.sentAt !== null
      ? [{ intent, recordId: intent.recordId }]
      : [],
  )
  if (uncertain.length === 0) return { landed, unreadable, taken }
  const reads = await context.connectors[side].readByIds(
    context.tables[side],
    context.fields[side],
    uncertain.map(({ recordId }) => recordId),
  )
  const missing: typeof uncertain = []
  const found: FoundRecord[] = []
  for (const [index, entry] of uncertain.entries()) {
    const read = reads[index]
    if (read?.kind === 'found') {
      found.push({ intent: entry.intent, record: read.record })
    } else if (read?.kind === 'forbidden')
      unreadable.set(entry.intent.id, notToBeRead(context, side, read.message))
    else missing.push(entry)
  }
  for (const [id, failure] of await ownersOfKeys(context, side, found)) taken.set(id, failure)
  for (const { intent, record } of found) if (!taken.has(intent.id)) landed.set(intent.id, record)
  if (missing.length === 0) return { landed, unreadable, taken }
  const deleted = await deletedSinceLastPass(context, side)
  for (const { intent, recordId } of missing) {
    if (deleted.has(recordId)) landed.set(intent.id, asItWasSent(context, side, intent, recordId))
  }
  return { landed, unreadable, taken }
}

/** A record that stands under the id that a creation was sent with. */
export interface FoundRecord {
  readonly intent: Intent
  readonly record: RecordSnapshot
}

/**
 * By intent, which of these creations met a record of somebody else under a key that came with the values, or one that may be: the
 * record is of another pair (the coupling that a restored record is to take the place of is its own), or it is not as it was sent.
 * The latter may be our own, changed by the system as it was created (a trigger that writes names in capitals) or by a person right
 * after. Nothing tells the two apart: a stamp after the request only says that somebody was there in those seconds, and that the key
 * was free before says no more. So it is left to a person: taken for ours it would be changed, and an undo would delete it; taken for
 * another's, it waits to be coupled.
 */
export async function ownersOfKeys(
  context: MappingContext,
  side: Side,
  found: readonly FoundRecord[],
): Promise<ReadonlyMap<string, Failure>> {
  const table = context.tables[side]
  const doubtful = found.filter(({ intent }) => bringsKey(table, intent.values))
  const coupled = await coupledIds(
    context.em,
    context.connection.id,
    side,
    table.name,
    doubtful.map(({ record }) => record.id),
  )
  const failures = new Map<string, Failure>()
  for (const { intent, record } of doubtful) {
    const coupling = coupled.get(record.id) ?? null
    if (coupling !== null && coupling !== intent.couplingId)
      failures.set(intent.id, keyIsTaken(table, record.id))
    else if (!holdsWhatWasSent(table, intent.values, record))
      failures.set(intent.id, keyMayBeTaken(table, record.id))
  }
  return failures
}

/** A creation of ours whose outcome we are not allowed to see. */
export function notToBeRead(context: MappingContext, side: Side, message: string): Failure {
  const { caption } = context.tables[side]
  return {
    errorClass: ErrorClass.permission,
    message,
    cause: `Accord asked for a ${caption} to be created and got no answer. The integration user may not read the record, so Accord cannot tell whether it was.`,
    remedy: `Give the integration user read access to every ${caption} that it creates. The record waits, and is looked for again by the next run; it is never created a second time.`,
  }
}

/** Ids that the feed reports as deleted since the last completed pass; none where the table has no such feed. */
async function deletedSinceLastPass(context: MappingContext, side: Side): Promise<ReadonlySet<string>> {
  const ids = new Set<string>()
  const connector = context.connectors[side]
  const table = context.tables[side]
  const token = context.mapping.tokenOf(side)
  if (token === null || connector.changeFeed(table) !== 'token') return ids
  let from: ChangesFrom | null = { kind: 'token', token }
  try {
    while (from !== null) {
      const page: Awaited<ReturnType<typeof connector.readChanges>> = await connector.readChanges({
        table,
        fields: context.mapping.tokenFieldsOf(side) ?? context.fields[side],
        from,
        pageSize: LARGE_PAGE,
        track: true,
      })
      for (const change of page.changes) if (change.kind === 'tombstone') ids.add(change.id)
      from = page.next === null ? null : { kind: 'next', next: page.next }
    }
  } catch (error) {
    if (!(error instanceof ConnectorError) || !error.tokenExpired) throw error
  }
  return ids
}

const LARGE_PAGE = 5_000

function asItWasSent(context: MappingContext, side: Side, intent: Intent, recordId: string): RecordSnapshot {
  return {
    id: recordId,
    version: '',
    stamp: intent.sentAt ?? intent.deadline,
    values: Object.fromEntries(context.fields[side].map((field) => [field, intent.values[field] ?? null])),
  }
}
