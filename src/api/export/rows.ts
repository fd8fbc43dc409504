import type { RecordWrite } from '../../persistence/entities/record-write.js'
import type { SynchError } from '../../persistence/entities/synch-error.js'
import type { SynchJob } from '../../persistence/entities/synch-job.js'

/** One row of an export: a value a column; times as ISO 8601. */
export type Row = Readonly<Record<string, string | number | object | null>>

/** The names under which people know a mapping. */
export interface MappingNames {
  readonly connection: string
  readonly mapping: string
}

export function errorRow(error: SynchError, names: MappingNames): Row {
  return {
    id: error.id,
    ...names,
    status: error.resolvedAt === null || error.resolvedAt === undefined ? 'OPEN' : 'RESOLVED',
    time: time(error.lastSeen),
    firstSeen: time(error.firstSeen),
    occurrences: error.occurrences,
    direction: error.direction,
    errorClass: error.errorClass,
    resolvableBy: error.resolvableBy,
    message: error.message,
    cause: error.cause,
    remedy: error.remedy,
    field: error.field ?? null,
    code: error.code ?? null,
    httpStatus: error.httpStatus ?? null,
    diagnosis: error.diagnosis ?? null,
    sourceSide: error.sourceSide ?? null,
    sourceId: error.sourceId ?? null,
    sourceName: error.sourceName ?? null,
    destinationId: error.destinationId ?? null,
    destinationName: error.destinationName ?? null,
    assignee: error.assignee ?? null,
    resolvedAt: time(error.resolvedAt),
    resolvedBy: error.resolvedBy ?? null,
    group: error.groupId ?? null,
    run: error.runId ?? null,
    job: error.jobId ?? null,
    coupling: error.couplingId ?? null,
  }
}

export function jobRow(job: SynchJob, names: MappingNames): Row {
  return {
    id: job.id,
    ...names,
    run: job.runId,
    direction: job.direction,
    status: job.status,
    start: time(job.start),
    finish: time(job.finish),
    inserted: job.inserted,
    modified: job.modified,
    deleted: job.deleted,
    unchanged: job.unchanged,
    skipped: job.skipped,
    failed: job.failed,
    conflicts: job.conflicts,
    retried: job.retried,
    coupled: job.coupled,
    uncoupled: job.uncoupled,
    message: job.message ?? null,
  }
}

export function writeRow(write: RecordWrite, names: MappingNames): Row {
  const [id, name] =
    write.side === 'LOCAL' ? [write.localId, write.localName] : [write.integrationId, write.integrationName]
  return {
    id: write.id,
    ...names,
    at: time(write.at),
    side: write.side,
    kind: write.kind,
    recordId: id ?? null,
    recordName: name ?? null,
    fields: write.written(),
    decision: write.decisionRow,
    requestedBy: write.requestedBy ?? null,
    mappingVersion: write.mappingVersion ?? null,
    versionBefore: write.versionBefore ?? null,
    versionAfter: write.versionAfter ?? null,
    run: write.runId ?? null,
    job: write.jobId ?? null,
    coupling: write.couplingId ?? null,
  }
}

function time(value: Date | null | undefined): string | null {
  return value === null || value === undefined ? null : value.toISOString()
}
