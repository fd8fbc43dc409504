import { defineEntity, OptionalProps, p } from '@mikro-orm/core'
import {
  enabledPart,
  type ConflictDetection,
  type Direction,
  type MappingDefinition,
  type UpdateConflictPolicy,
} from '../../domain/mapping.js'
import { Side } from '../../domain/value.js'

const MappingSchema = defineEntity({
  name: 'Mapping',
  tableName: 'integration_table_mapping',
  properties: {
    id: p.uuid().primary(),
    connectionId: p.uuid(),
    name: p.text(),
    /** The version in force; `mapping_version` holds it too, with all before it. */
    definition: p.json().$type<MappingDefinition>(),
    version: p.integer(),
    /** Paused by a person: no scheduled run starts. */
    pausedAt: p.datetime(3).nullable(),
    pausedBy: p.text().nullable(),
    /** Asleep since a run found nothing to do; a change hint, or this time, wakes it. */
    sleepsUntil: p.datetime(3).nullable(),
    /** When somebody last told of a change. */
    hintedAt: p.datetime(3).nullable(),
    /** When deleted records were last searched for. */
    deletionsFoundAt: p.datetime(3).nullable(),
    /** Label: Synch. Int. Tbl. Mod. On Fltr. */
    toWatermark: p.datetime(3).nullable(),
    toWatermarkRevision: p.integer(),
    /** Source clock minus ours when the watermark was set, milliseconds. */
    toClockOffset: p.bigint('number').nullable(),
    /** As for the integration side below. */
    toToken: p.text().nullable(),
    toTokenFields: p.json().$type<readonly string[]>().nullable(),
    toWatermarkSet: p.text().$type<'BACK' | 'FORWARD'>().nullable(),
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
  declare [OptionalProps]?: 'direction' | 'conflictDetection' | 'updateConflictPolicy'

  get direction(): Direction {
    return this.definition.direction
  }

  get conflictDetection(): ConflictDetection {
    return this.definition.conflictDetection
  }

  get updateConflictPolicy(): UpdateConflictPolicy {
    return this.definition.updateConflictPolicy
  }

  /** Delta token of a side whose table is tracked. */
  tokenOf(side: Side): string | null {
    return (side === Side.local ? this.toToken : this.fromToken) ?? null
  }

  /** The fields that {@link tokenOf} was made with. */
  tokenFieldsOf(side: Side): readonly string[] | null {
    return (side === Side.local ? this.toTokenFields : this.fromTokenFields) ?? null
  }

  /** A watermark of a tracked table that was set by hand, and that its next pass must obey. */
  watermarkSetOf(side: Side): 'BACK' | 'FORWARD' | null {
    return (side === Side.local ? this.toWatermarkSet : this.fromWatermarkSet) ?? null
  }

  /** What the engine works with: the enabled field mappings of the version in force. */
  inForce(): MappingDefinition {
    return enabledPart(this.definition)
  }
}
MappingSchema.setClass(Mapping)
