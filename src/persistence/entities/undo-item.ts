import { defineEntity, p } from '@mikro-orm/core'
import type { UndoneField, UndoOutcome } from '../../domain/undo.js'
import type { Side } from '../../domain/value.js'

const UndoItemSchema = defineEntity({
  name: 'UndoItem',
  tableName: 'undo_item',
  properties: {
    runId: p.uuid().primary(),
    writeId: p.uuid().primary(),
    /** The side that the write had written, and its record there. */
    side: p.text().$type<Side>(),
    recordId: p.text(),
    /** The other record of the pair. */
    sourceId: p.text(),
    /** Of several records that had the same partner: the one written last is 1. */
    rank: p.integer(),
    /** Place of the record among those of its side in this run. */
    number: p.integer(),
    /** Null: not dealt with yet, or never, where the run ended before. */
    outcome: p.text().$type<UndoOutcome>().nullable(),
    message: p.text().nullable(),
    fields: p.json().$type<readonly UndoneField[]>().nullable(),
  },
})

/** A write that a run was asked to undo, and what became of it. */
export class UndoItem extends UndoItemSchema.class {}
UndoItemSchema.setClass(UndoItem)
