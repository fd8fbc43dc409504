import { holdsWhatWasSent } from '../domain/natural-key.js'
import type { RecordSnapshot } from '../domain/record.js'
import type { Side } from '../domain/value.js'
import { coupledIds } from '../persistence/queries/coupled-ids.js'
import { isCreation, saveAnswers, type Intent, type IntentAnswer } from '../persistence/queries/intents.js'
import { notToBeRead, ownersOfKeys, type FoundRecord } from './find-landed.js'
import type { MappingContext } from './mapping-context.js'
import type { IntentOutcome } from './send-intents.js'

/** Finds creations of unknown outcome by the key we assigned: adopted where found; the rest certainly never landed. */
export async function adoptByKey(
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
  outcomes: Map<string, IntentOutcome>,
): Promise<readonly Intent[]> {
  if (intents.length === 0) return []
  const table = context.tables[side]
  const keyField = table.assignedKey?.field
  if (keyField === undefined) throw new Error(`Table ${table.name} has no assigned key.`)
  const keys = intents.flatMap((intent) => (intent.assignedKey === null ? [] : [intent.assignedKey]))
  const found = await context.connectors[side].readByValues(table, context.fields[side], keyField, keys)
  // A record that is coupled already is no result of this request, whoever took its key.
  const coupled = await coupledIds(
    context.em,
    context.connection.id,
    side,
    table.name,
    found.map((record) => record.id),
  )
  const byKey = new Map(
    found.filter((record) => !coupled.has(record.id)).map((record) => [record.values[keyField], record]),
  )
  const answers: { id: string; answer: IntentAnswer }[] = []
  const missing: Intent[] = []
  for (const intent of intents) {
    const record = byKey.get(intent.assignedKey)
    if (record === undefined) missing.push(intent)
    else answers.push({ id: intent.id, answer: adopted(record) })
  }
  for (const { id, answer } of answers) outcomes.set(id, answer)
  await saveAnswers(context.em, answers)
  return missing
}

/**
 * A stale answer to a request that had been sent before may mean that the first one landed: the record is read, and where
 * it holds what was sent the write is ours. The same for a creation whose id or key is there already, unless that came with the values
 * and belongs to somebody else.
 */
export async function adoptBySentValues(
  context: MappingContext,
  side: Side,
  intents: readonly Intent[],
  outcomes: Map<string, IntentOutcome>,
): Promise<void> {
  const doubtful = intents.filter(
    (intent) =>
      outcomes.get(intent.id)?.kind === 'stale' &&
      (isCreation(intent) || (intent.kind === 'UPDATE' && intent.sentAt !== null)),
  )
  if (doubtful.length === 0) return
  const byKey = doubtful.filter((intent) => intent.recordId === null)
  const byId = doubtful.filter((intent) => intent.recordId !== null)
  for (const intent of await adoptByKey(context, side, byKey, outcomes))
    outcomes.set(intent.id, { kind: 'taken' })
  if (byId.length === 0) return
  const reads = await context.connectors[side].readByIds(
    context.tables[side],
    context.fields[side],
    byId.map((intent) => intent.recordId ?? ''),
  )
  const found: FoundRecord[] = []
  for (const [index, intent] of byId.entries()) {
    const read = reads[index]
    if (read?.kind === 'forbidden' && isCreation(intent))
      outcomes.set(intent.id, { kind: 'unreadable', failure: notToBeRead(context, side, read.message) })
    if (read?.kind === 'found') found.push({ intent, record: read.record })
  }
  const isHeld = ({ intent, record }: FoundRecord) =>
    isCreation(intent) || holdsWhatWasSent(context.tables[side], intent.values, record)
  const creations = found.filter(({ intent }) => isCreation(intent))
  const taken = await ownersOfKeys(context, side, creations)
  const answers = found.filter(isHeld).map(({ intent, record }): { id: string; answer: IntentAnswer } => {
    const failure = taken.get(intent.id)
    return { id: intent.id, answer: failure === undefined ? adopted(record) : { kind: 'refused', failure } }
  })
  for (const { id, answer } of answers) outcomes.set(id, answer)
  await saveAnswers(context.em, answers)
}

/**
 * A record found after an unknown outcome may have been edited since, also in fields that were not sent: its version and
 * values are not our write's, so whoever records it compares with what was sent.
 */
export function adopted(record: RecordSnapshot): IntentAnswer {
  return { kind: 'written', record, adopted: true }
}
