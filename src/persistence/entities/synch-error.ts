import { defineEntity, p } from '@mikro-orm/core'
import type { ConflictDetail } from '../../domain/conflict.js'
import type { DiagnosisCode } from '../../domain/diagnosis/code.js'
import type { ErrorClass, ResolvableBy } from '../../domain/failure.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { Side } from '../../domain/value.js'

const SynchErrorSchema = defineEntity({
  name: 'SynchError',
  tableName: 'integration_synch_error',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    runId: p.uuid().nullable(),
    jobId: p.uuid().nullable(),
    couplingId: p.uuid().nullable(),
    /** The coupling's id, else `SIDE:record id`, else `run` for a failure of the whole pass. */
    recordKey: p.text(),
    direction: p.text().$type<PassDirection>(),
    errorClass: p.text().$type<ErrorClass>(),
    resolvableBy: p.text().$type<ResolvableBy>(),
    message: p.text(),
    cause: p.text(),
    remedy: p.text(),
    field: p.text().nullable(),
    code: p.text().nullable(),
    httpStatus: p.integer().nullable(),
    /** Of a failure of a whole run: the cause by its stable name, and what a check of the connection has shown for it. */
    diagnosis: p.text().$type<DiagnosisCode>().nullable(),
    evidence: p.text().nullable(),
    fingerprint: p.text(),
    sourceSide: p.text().$type<Side>().nullable(),
    sourceId: p.text().nullable(),
    sourceName: p.text().nullable(),
    destinationId: p.text().nullable(),
    destinationName: p.text().nullable(),
    detail: p.json().$type<ConflictDetail>().nullable(),
    occurrences: p.integer(),
    firstSeen: p.datetime(3),
    lastSeen: p.datetime(3),
    resolvedAt: p.datetime(3).nullable(),
    /** Of OpenTelemetry; null: it was met without a trace. */
    traceId: p.text().nullable(),
    /** Null: by a later success, else who. */
    resolvedBy: p.text().nullable(),
    groupId: p.uuid().nullable(),
    assignee: p.text().nullable(),
  },
})

/** Integration synchronization error: one open row per record, direction and fingerprint. */
export class SynchError extends SynchErrorSchema.class {}
SynchErrorSchema.setClass(SynchError)
