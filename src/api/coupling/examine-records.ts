import type {
  ExaminedCandidates,
  ExaminedPair,
  ExaminedRecord,
  ExaminedSearch,
  Examination,
} from '../../domain/examination.js'
import { otherSide, Side } from '../../domain/value.js'
import { Connection } from '../../persistence/entities/connection.js'
import type { Mapping } from '../../persistence/entities/mapping.js'
import type { ExamineRecordsInput } from '../../workflows/messages.js'
import type { ApiContext } from '../context.js'
import { apiError, ErrorCode } from '../errors.js'
import { stampsOf } from '../record/conflict.js'
import { namedField } from '../record/named-field.js'
import { loadTable, referenceTo } from '../record/record-reference.js'
import { systemFailure } from '../system-failure.js'
import type {
  CouplingCandidatesType,
  CouplingPreviewType,
  ExaminedRecordType,
  FoundRecordsType,
} from './coupling-preview.type.js'

/** How long an answer waits for a look at records, milliseconds. */
const LONGEST_WAIT = 20_000

/** Two records side by side. Throws SYSTEM_FAILURE where one cannot be read, ENGINE_UNAVAILABLE without a worker. */
export async function couplingPreview(
  context: ApiContext,
  mapping: Mapping,
  localId: string,
  integrationId: string,
): Promise<CouplingPreviewType> {
  const pair = await examine<ExaminedPair>(context, {
    kind: 'pair',
    mappingId: mapping.id,
    localId,
    integrationId,
  })
  const show = await presenter(context, mapping)
  return {
    local: show(Side.local, pair.local),
    integration: show(Side.integration, pair.integration),
    couplingId: pair.couplingId,
    problem: pair.problem,
    versions: { local: pair.local.version, integration: pair.integration.version },
    stamps: pair.detail === null ? null : stampsOf(pair.detail),
    fields: await Promise.all(
      (pair.detail?.fields ?? []).map((field) =>
        namedField(context, mapping.connectionId, mapping.inForce(), field),
      ),
    ),
    choices: pair.choices,
  }
}

/** What the match rules find for a record. Throws as {@link couplingPreview}. */
export async function couplingCandidates(
  context: ApiContext,
  mapping: Mapping,
  side: Side,
  id: string,
): Promise<CouplingCandidatesType> {
  const found = await examine<ExaminedCandidates>(context, {
    kind: 'candidates',
    mappingId: mapping.id,
    side,
    id,
  })
  const show = await presenter(context, mapping)
  return {
    record: show(side, found.record),
    partnerId: found.partnerId,
    problem: found.problem,
    rules: found.rules.map((rule) => ({
      ...rule,
      candidates: rule.candidates.map((candidate) => show(otherSide(side), candidate)),
    })),
  }
}

/** Records of a side by name, number or what match rules compare. Throws as {@link couplingPreview}. */
export async function findRecords(
  context: ApiContext,
  mapping: Mapping,
  side: Side,
  text: string,
): Promise<FoundRecordsType> {
  const found = await examine<ExaminedSearch>(context, { kind: 'search', mappingId: mapping.id, side, text })
  const show = await presenter(context, mapping)
  return { records: found.records.map((record) => show(side, record)), isComplete: found.isComplete }
}

/** Has a worker look at records. Throws SYSTEM_FAILURE where one cannot be read, ENGINE_UNAVAILABLE without a worker. */
export async function examine<Found extends Examination>(
  context: ApiContext,
  input: ExamineRecordsInput & { readonly kind: Found['kind'] },
): Promise<Found> {
  let result
  try {
    result = await context.recordExaminer.examine(input, LONGEST_WAIT)
  } catch (error) {
    context.logger.error({ err: error }, 'Temporal could not be reached')
    throw apiError(
      ErrorCode.engineUnavailable,
      'Temporal cannot be reached, so no worker can look at the records. Start Temporal and a worker, then ask again.',
    )
  }
  if (result === null) {
    throw apiError(
      ErrorCode.engineUnavailable,
      `No worker has looked at the records within ${LONGEST_WAIT / 1000} seconds. Start a worker if none runs, then ask again.`,
    )
  }
  if (result.failure !== null) throw systemFailure(result.failure)
  // A look answers what it was asked.
  return result.examination as Found
}

async function presenter(
  context: ApiContext,
  mapping: Mapping,
): Promise<(side: Side, record: ExaminedRecord) => ExaminedRecordType> {
  const connection = await context.em.findOneOrFail(Connection, { id: mapping.connectionId })
  const tables = {
    [Side.local]: await loadTable(context.loaders, mapping, connection, Side.local),
    [Side.integration]: await loadTable(context.loaders, mapping, connection, Side.integration),
  }
  return (side, { id, found, name, version, stamp, problem, heldBy }) => ({
    record: referenceTo(tables[side], connection, side, {
      id,
      name,
      version,
      stamp: stamp === null ? null : new Date(stamp),
    }),
    found,
    problem,
    couplingId: heldBy?.couplingId ?? null,
    partnerId: heldBy?.partnerId ?? null,
    partnerName: heldBy?.partnerName ?? null,
  })
}
