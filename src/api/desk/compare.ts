import type { ConflictDetail, ConflictField } from '../../domain/conflict.js'
import type { ExaminedPair, ExaminedRecord } from '../../domain/examination.js'
import type { MappingDefinition } from '../../domain/mapping.js'
import { errorClassOf } from '../../domain/failure.js'
import { recommend, type FieldAdvice } from '../../domain/recommendation.js'
import { Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { CouplingRecord } from '../../persistence/entities/coupling.js'
import { Mapping } from '../../persistence/entities/mapping.js'
import type { RecordState } from '../../persistence/entities/record-state.js'
import { showAction } from '../action/action.type.js'
import type { ApiContext } from '../context.js'
import { examine } from '../coupling/examine-records.js'
import { stampsOf } from '../record/conflict.js'
import { namedField } from '../record/named-field.js'
import { coupledRecord, loadTable, referenceTo } from '../record/record-reference.js'
import { adviceAction } from '../skipped-record/advice-action.js'
import {
  ChangedBy,
  type ComparedFieldType,
  type ComparedRecordType,
  type ComparisonType,
} from './comparison.type.js'

/** A skipped synch. record with all that belongs to it. */
interface Skipped {
  readonly state: RecordState
  readonly mapping: Mapping
  readonly connection: Connection
  readonly coupling: CouplingRecord | null
}

/**
 * Both records of a skipped synch. record side by side. `fresh`: as a worker finds them now; else as they were when it was skipped.
 * Throws SYSTEM_FAILURE and ENGINE_UNAVAILABLE where it has to look. Null where its mapping was deleted in between.
 */
export async function compareSkipped(
  context: ApiContext,
  state: RecordState,
  fresh: boolean,
): Promise<ComparisonType | null> {
  const { loaders } = context
  const mapping = await loaders.mapping.load(state.mappingId)
  const connection = mapping === null ? null : await loaders.connection.load(mapping.connectionId)
  const coupling = state.couplingId ? await loaders.coupling.load(state.couplingId) : null
  if (mapping === null || connection === null) return null
  const skipped = { state, mapping, connection, coupling }
  const pair =
    fresh && coupling !== null
      ? await examine<ExaminedPair>(context, {
          kind: 'pair',
          mappingId: mapping.id,
          localId: coupling.localId,
          integrationId: coupling.integrationId,
          who: true,
        })
      : null
  return show(context, skipped, pair)
}

async function show(
  context: ApiContext,
  skipped: Skipped,
  pair: ExaminedPair | null,
): Promise<ComparisonType> {
  const { state, mapping, coupling } = skipped
  const detail = pair === null ? (state.detail ?? null) : pair.detail
  const definition = mapping.inForce()
  const goneSide = pair === null ? (state.goneSide ?? null) : goneSideOf(pair)
  const recommendation = recommend(definition, { errorClass: errorClassOf(state.reason), detail, goneSide })
  const versions = {
    local: pair?.local.version ?? detail?.localVersion ?? null,
    integration: pair?.integration.version ?? detail?.integrationVersion ?? null,
  }
  const action = adviceAction(recommendation, {
    id: state.id,
    couplingId: coupling?.id ?? null,
    versions: detail === null ? null : versions,
  })
  const advice = new Map(recommendation.fields.map((field) => [field.name, field]))
  return {
    id: state.id,
    asOf: pair === null ? state.changedAt : new Date(),
    fresh: pair !== null,
    firstContact: detail?.firstContact ?? false,
    local: await comparedRecord(context, skipped, Side.local, detail, pair?.local ?? null),
    integration: await comparedRecord(context, skipped, Side.integration, detail, pair?.integration ?? null),
    versions,
    stamps: detail === null ? null : stampsOf(detail),
    fields: await Promise.all(
      (detail?.fields ?? []).map((field) =>
        comparedField(context, skipped, definition, field, advice.get(field.name) ?? null),
      ),
    ),
    recommendation: {
      advice: recommendation.advice,
      reason: recommendation.reason,
      action: action === null ? null : showAction(action),
    },
  }
}

function goneSideOf(pair: ExaminedPair): Side | null {
  if (pair.local.found === pair.integration.found) return null
  return pair.local.found ? Side.integration : Side.local
}

async function comparedRecord(
  { loaders }: ApiContext,
  { state, mapping, connection, coupling }: Skipped,
  side: Side,
  detail: ConflictDetail | null,
  looked: ExaminedRecord | null,
): Promise<ComparedRecordType | null> {
  const known =
    coupling === null
      ? state.side === side
        ? { id: state.recordId, name: null, version: null, stamp: null }
        : null
      : coupledRecord(coupling, side)
  if (known === null) return null
  const isLocal = side === Side.local
  const [version, stamp] = isLocal
    ? [detail?.localVersion ?? null, detail?.localStamp ?? null]
    : [detail?.integrationVersion ?? null, detail?.integrationStamp ?? null]
  const present = looked?.version ?? version ?? known.version
  const seenStamp = looked?.stamp ?? stamp
  const modifiedAt = seenStamp === null ? known.stamp : new Date(seenStamp)
  const lastWrite = coupling === null ? null : await loaders.lastWrite.load(`${coupling.id}:${side}`)
  const isOurs = lastWrite !== null && present !== null && lastWrite.versionAfter === present
  const table = await loadTable(loaders, mapping, connection, side)
  return {
    record: referenceTo(table, connection, side, {
      id: known.id,
      name: looked?.name ?? known.name,
      version: present,
      stamp: modifiedAt,
    }),
    found: looked?.found ?? null,
    modifiedAt,
    modifiedBy: isOurs ? (lastWrite.requestedBy ?? null) : (looked?.modifiedBy ?? null),
    writtenByAccord: isOurs,
    changedFields: (detail?.fields ?? [])
      .filter((field) => (isLocal ? field.localChanged : field.integrationChanged))
      .map((field) => (isLocal ? field.localCaption : field.integrationCaption)),
    lastWrite,
  }
}

async function comparedField(
  context: ApiContext,
  skipped: Skipped,
  definition: MappingDefinition,
  field: ConflictField,
  advice: FieldAdvice | null,
): Promise<ComparedFieldType> {
  const mapped = definition.fields.find((candidate) => candidate.name === field.name)
  const { localChanged, integrationChanged } = field
  return {
    ...(await namedField(context, skipped.connection.id, definition, field)),
    changedBy: localChanged
      ? integrationChanged
        ? ChangedBy.both
        : ChangedBy.local
      : integrationChanged
        ? ChangedBy.integration
        : ChangedBy.nobody,
    owner: mapped?.owner ?? null,
    recommended: advice?.keep ?? null,
    reason: advice?.reason ?? (field.equal ? 'AGREES' : 'UNDECIDED'),
  }
}
