import { defineEntity, p } from '@mikro-orm/core'
import type { MappingDefinition } from '../../domain/mapping.js'
import type { RehearsalReport } from '../../domain/rehearsal-report.js'
import type { RunStatus } from '../../domain/run.js'

const RehearsalSchema = defineEntity({
  name: 'Rehearsal',
  tableName: 'rehearsal',
  properties: {
    id: p.uuid().primary(),
    mappingId: p.uuid(),
    /** The version in force, which the changed one is compared with. */
    mappingVersion: p.integer(),
    /** The changed mapping. */
    definition: p.json().$type<MappingDefinition>(),
    /** So many recorded changes, the latest ones. */
    last: p.integer(),
    status: p.text().$type<RunStatus>(),
    requestedBy: p.text(),
    requestedAt: p.datetime(3),
    finishedAt: p.datetime(3).nullable(),
    message: p.text().nullable(),
    /** Null until it is complete. */
    result: p.json().$type<RehearsalReport>().nullable(),
  },
})

/** Recorded changes of a mapping, run through a changed one; nothing is written. */
export class Rehearsal extends RehearsalSchema.class {}
RehearsalSchema.setClass(Rehearsal)
