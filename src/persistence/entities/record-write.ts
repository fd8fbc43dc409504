import { defineEntity, p } from '@mikro-orm/core'
import type { PairBefore } from '../../domain/pair-before.js'
import type { Side, Value, Values } from '../../domain/value.js'
import type { WriteKind } from '../../domain/write.js'

const RecordWriteSchema = defineEntity({
  name: 'RecordWrite',
  tableName: 'record_write',
  properties: {
    /** That of its intent. */
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    /** Null: recorded by an earlier version of Accord, as are the other nulls of what is always known. */
    mappingVersion: p.integer().nullable(),
    runId: p.uuid().nullable(),
    jobId: p.uuid().nullable(),
    /** May be gone by now. */
    couplingId: p.uuid().nullable(),
    requestedBy: p.text().nullable(),
    /** The side that was written. */
    side: p.text().$type<Side>(),
    kind: p.text().$type<WriteKind>(),
    localId: p.text().nullable(),
    integrationId: p.text().nullable(),
    localName: p.text().nullable(),
    integrationName: p.text().nullable(),
    decisionRow: p.text(),
    fields: p.array().columnType('text[]').$type<readonly string[]>(),
    /** In the order of the fields; null: the record was created. */
    before: p.json().$type<readonly Value[]>().nullable(),
    /** In the order of the fields; null: the record was deleted. */
    after: p.json().$type<readonly Value[]>().nullable(),
    /** The fields of which the value before stood nowhere else. */
    lost: p.array().columnType('text[]').$type<readonly string[]>().nullable(),
    /** The other record as it was read. */
    source: p.json().$type<Values>().nullable(),
    pair: p.json().$type<PairBefore>().nullable(),
    versionBefore: p.text().nullable(),
    versionAfter: p.text().nullable(),
    at: p.datetime(3),
    /** Of OpenTelemetry; null: it was written without a trace. */
    traceId: p.text().nullable(),
  },
})

/** One write to one record: what was written, over what, why and for whom. */
export class RecordWrite extends RecordWriteSchema.class {
  /** The fields with what stood there before and after. */
  written(): readonly {
    readonly field: string
    readonly before: Value
    readonly after: Value
    readonly lost: boolean
  }[] {
    return this.fields.map((field, place) => ({
      field,
      before: this.before?.[place] ?? null,
      after: this.after?.[place] ?? null,
      lost: this.lost?.includes(field) ?? false,
    }))
  }

  /** The id of the record of a side; null where it is not known. */
  idOn(side: Side): string | null {
    return (side === 'LOCAL' ? this.localId : this.integrationId) ?? null
  }
}
RecordWriteSchema.setClass(RecordWrite)
