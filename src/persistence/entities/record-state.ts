import { defineEntity, p } from '@mikro-orm/core'
import type { ConflictDetail } from '../../domain/conflict.js'
import type { PassDirection } from '../../domain/mapping.js'
import type { PendingReason, RecordStatus } from '../../domain/run.js'
import type { ErrorClass } from '../../domain/failure.js'
import type { Side } from '../../domain/value.js'

const RecordStateSchema = defineEntity({
  name: 'RecordState',
  tableName: 'record_state',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    /** Null for a record that is not coupled. */
    couplingId: p.uuid().nullable(),
    /** The side and id of the record that was the source when it was left unsettled. */
    side: p.text().$type<Side>(),
    recordId: p.text(),
    state: p.text().$type<RecordStatus>(),
    /** The pass that must look at a pending record; null: any. */
    direction: p.text().$type<PassDirection>().nullable(),
    reason: p.text().$type<PendingReason | ErrorClass>(),
    attempts: p.integer(),
    /** Not tried before the mapping's run of this number (back-off by run). */
    dueAtRun: p.integer(),
    localVersion: p.text().nullable(),
    integrationVersion: p.text().nullable(),
    detail: p.json().$type<ConflictDetail>().nullable(),
    /** Of a conflict: the names of the field mappings that both sides changed, sorted, as a JSON list. */
    clashing: p.text().nullable(),
    errorId: p.uuid().nullable(),
    /** Of a deletion that is found, in review or allowed: the side that is gone, where a read by id has told. */
    goneSide: p.text().$type<Side>().nullable(),
    /** The record it waits for: to be coupled through one of these mappings. */
    waitsForMappings: p.json().$type<readonly string[]>().nullable(),
    waitsForSide: p.text().$type<Side>().nullable(),
    waitsForId: p.text().nullable(),
    /** When a run for that record was asked for; once for each record and what it waits for. */
    pulledAt: p.datetime(3).nullable(),
    changedAt: p.datetime(3),
  },
})

/** A record that is not settled: pending (tried again by a run) or skipped (waits for a person). Settled records have none. */
export class RecordState extends RecordStateSchema.class {}
RecordStateSchema.setClass(RecordState)
