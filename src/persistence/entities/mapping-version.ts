import { defineEntity, p } from '@mikro-orm/core'
import type { MappingDefinition } from '../../domain/mapping.js'

const MappingVersionSchema = defineEntity({
  name: 'MappingVersion',
  tableName: 'mapping_version',
  properties: {
    mappingId: p.uuid().primary(),
    version: p.integer().primary(),
    definition: p.json().$type<MappingDefinition>(),
    author: p.text(),
    /** Why, in the author's words. */
    note: p.text().nullable(),
    at: p.datetime(3),
  },
})

/** A definition that a mapping has or had. Versions are never changed. */
export class MappingVersion extends MappingVersionSchema.class {}
MappingVersionSchema.setClass(MappingVersion)
