import { StatusReason } from '../../domain/record-status.js'
import { otherSide, Side } from '../../domain/value.js'
import { showAction } from '../action/action.type.js'
import type { ApiContext } from '../context.js'
import { loadTable, referenceTo } from '../record/record-reference.js'
import type { RecordReferenceType } from '../record/record-reference.type.js'
import type { Standing } from './gather-status.js'
import { nextStepOf } from './next-step.js'
import type { RecordStatusType } from './record-status.type.js'
import { clauseOf, evidenceOf, messageOf, nameOf, partnerIdOf, sinceOf, untilOf } from './status-words.js'

/** A standing as the API shows it. */
export async function showStatus(context: ApiContext, standing: Standing): Promise<RecordStatusType> {
  const { reason, subject, mapping, connection, coupling, state, error, live, runs } = standing
  const now = Date.now()
  const action = nextStepOf(standing)
  const isSkip = reason === StatusReason.conflict || reason === StatusReason.skipped
  const agreed = coupling?.lastSynchronizedAt ?? null
  return {
    reason,
    message: messageOf(standing),
    evidence: evidenceOf(standing),
    record: await reference(context, standing, subject.side),
    partner: coupling === null ? null : await reference(context, standing, otherSide(subject.side)),
    connection,
    mapping,
    coupling,
    skippedSynchRecord: isSkip ? state : null,
    error,
    waitsFor: await waitedRecord(context, standing),
    clause: reason === StatusReason.filtered ? clauseOf(standing) : null,
    since: sinceOf(standing),
    until: untilOf(standing, now),
    inSyncAsOf: reason === StatusReason.inSync && live !== null ? new Date(now) : agreed,
    fresh: live !== null,
    nextStep: action === null ? null : showAction(action),
    deletionReviewId: reason === StatusReason.deletionReview ? (runs?.reviewId ?? null) : null,
  }
}

async function reference(
  { loaders }: ApiContext,
  standing: Standing,
  side: Side,
): Promise<RecordReferenceType> {
  const { subject, mapping, connection, coupling, live, tables } = standing
  const isOwn = side === subject.side
  const isLocal = side === Side.local
  const table = tables[side]?.definition ?? (await loadTable(loaders, mapping, connection, side))
  const stored = isLocal
    ? { name: coupling?.localName, version: coupling?.localVersion, stamp: coupling?.localStamp }
    : {
        name: coupling?.integrationName,
        version: coupling?.integrationVersion,
        stamp: coupling?.integrationStamp,
      }
  const looked = isOwn ? live : (live?.partner ?? null)
  return referenceTo(table, connection, side, {
    id: isOwn ? subject.id : partnerIdOf(standing),
    name: isOwn ? nameOf(standing) : (stored.name ?? null),
    version: looked?.version ?? stored.version ?? null,
    stamp: looked?.stamp ? new Date(looked.stamp) : (stored.stamp ?? null),
  })
}

async function waitedRecord(
  { loaders }: ApiContext,
  { reason, state, connection }: Standing,
): Promise<RecordReferenceType | null> {
  const [name] = state?.waitsForMappings ?? []
  if (reason !== StatusReason.waitsFor || name === undefined || !state?.waitsForSide || !state.waitsForId)
    return null
  const definitions = await loaders.definitionsOfConnection.load(connection.id)
  const definition = definitions.find((candidate) => candidate.name === name)
  // The mapping was deleted since: then the record waits for nothing that could come.
  if (definition === undefined) return null
  const table = await loadTable(loaders, { definition }, connection, state.waitsForSide)
  return referenceTo(table, connection, state.waitsForSide, { id: state.waitsForId, name: null })
}
