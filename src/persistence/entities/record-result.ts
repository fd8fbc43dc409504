import { defineEntity, p } from '@mikro-orm/core'
import type { ConflictDetail } from '../../domain/conflict.js'
import type { RecordResultOutcome } from '../../domain/run.js'

const RecordResultSchema = defineEntity({
  name: 'RecordResult',
  tableName: 'record_result',
  properties: {
    runId: p.uuid().primary(),
    /** The coupling's id; of records that a person named to couple or create: side and id of the source. */
    recordKey: p.text().primary(),
    /** Null: nothing is coupled. */
    couplingId: p.uuid().nullable(),
    localId: p.text().nullable(),
    integrationId: p.text().nullable(),
    outcome: p.text().$type<RecordResultOutcome>(),
    message: p.text().nullable(),
    detail: p.json().$type<ConflictDetail>().nullable(),
  },
})

/** What a run over chosen records did with one of them. */
export class RecordResult extends RecordResultSchema.class {}
RecordResultSchema.setClass(RecordResult)
