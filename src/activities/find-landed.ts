import { ConnectorError, type ChangesFrom } from '../connectors/connector.js'
import { ErrorClass, type Failure } from '../domain/failure.js'
import { bringsKey, holdsWhatWasSent, keyIsTaken } from '../domain/natural-key.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { TableDefinition } from '../domain/schema.js'
import { Side } from '../domain/value.js'
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
 * whether it is there is not told to us. `taken`: the key came with the values, and the record that has it is not as it was sent, so that
 * it is somebody else's. What is in none of them may be sent again.
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
  for (const [index, entry] of uncertain.entries()) {
    const read = reads[index]
    if (read?.kind === 'found') {
      if (isAnothers(context.tables[side], entry.intent, read.record))
        taken.set(entry.intent.id, keyIsTaken(context.tables[side], entry.recordId))
      else landed.set(entry.intent.id, read.record)
    } else if (read?.kind === 'forbidden')
      unreadable.set(entry.intent.id, notToBeRead(context, side, read.message))
    else missing.push(entry)
  }
  if (missing.length === 0) return { landed, unreadable, taken }
  const deleted = await deletedSinceLastPass(context, side)
  for (const { intent, recordId } of missing) {
    if (deleted.has(recordId)) landed.set(intent.id, asItWasSent(context, side, intent, recordId))
  }
  return { landed, unreadable, taken }
}

function isAnothers(table: TableDefinition, { values }: Intent, record: RecordSnapshot): boolean {
  return bringsKey(table, values) && !holdsWhatWasSent(table, values, record)
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
