import { defineEntity, p } from '@mikro-orm/core'
import {
  ConflictDetection,
  Direction,
  UpdateConflictPolicy,
  type MappingDefinition,
} from '../../domain/mapping.js'

const MappingSchema = defineEntity({
  name: 'Mapping',
  tableName: 'integration_table_mapping',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    name: p.text(),
    /** As created; direction, detection and policy stand in columns of their own and overrule it. */
    definition: p.json().$type<MappingDefinition>(),
    direction: p.text().$type<Direction>(),
    conflictDetection: p.text().$type<ConflictDetection>(),
    updateConflictPolicy: p.text().$type<UpdateConflictPolicy>(),
    /** Label: Synch. Int. Tbl. Mod. On Fltr. */
    toWatermark: p.datetime(3).nullable(),
    toWatermarkRevision: p.integer(),
    /** Source clock minus ours when the watermark was set, milliseconds. */
    toClockOffset: p.bigint('number').nullable(),
    /** Label: Synch. Modified On Filter. */
    fromWatermark: p.datetime(3).nullable(),
    fromWatermarkRevision: p.integer(),
    fromClockOffset: p.bigint('number').nullable(),
    /** Delta token of a tracked table, and the fields it was made with. */
    fromToken: p.text().nullable(),
    fromTokenFields: p.json().$type<readonly string[]>().nullable(),
    /** A watermark set by hand that the next pass of a tracked table must obey: `BACK` or `FORWARD`. */
    fromWatermarkSet: p.text().$type<'BACK' | 'FORWARD'>().nullable(),
    runCount: p.integer(),
    position: p.integer(),
    updatedAt: p.datetime(3),
  },
})

/** An integration table mapping of a connection, with its watermarks. */
export class Mapping extends MappingSchema.class {
  /** The definition in force: as created, with the columns that can be changed. */
  inForce(): MappingDefinition {
    return {
      ...this.definition,
      direction: this.direction,
      conflictDetection: this.conflictDetection,
      updateConflictPolicy: this.updateConflictPolicy,
    }
  }
}
MappingSchema.setClass(Mapping)
