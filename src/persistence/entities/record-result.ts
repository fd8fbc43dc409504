import { defineEntity, p } from '@mikro-orm/core'
import type { ConflictDetail } from '../../domain/conflict.js'
import type { RecordResultOutcome } from '../../domain/run.js'

const RecordResultSchema = defineEntity({
  name: 'RecordResult',
  tableName: 'record_result',
  properties: {
    runId: p.uuid().primary(),
    couplingId: p.uuid().primary(),
    outcome: p.text().$type<RecordResultOutcome>(),
    message: p.text().nullable(),
    detail: p.json().$type<ConflictDetail>().nullable(),
  },
})

/** What a run over chosen records did with one of them. */
export class RecordResult extends RecordResultSchema.class {}
RecordResultSchema.setClass(RecordResult)
