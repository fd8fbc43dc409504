import type { FieldDefinition } from '../../domain/schema.js'
import type { SystemFieldType } from './system-table.type.js'

export function describeField(field: FieldDefinition): SystemFieldType {
  const { type } = field
  return {
    name: field.name,
    caption: field.caption,
    type: type.kind,
    maxLength: 'maxLength' in type ? type.maxLength : null,
    scale: 'scale' in type ? type.scale : null,
    members: 'members' in type ? type.members : null,
    lookupTable: 'table' in type ? type.table : null,
    readOnly: field.readOnly ?? false,
    createOnly: field.createOnly ?? false,
    required: field.required ?? false,
    customApi: field.customApi ?? false,
    mappable: type.kind !== 'unsupported',
    reasonNotMappable: reasonNotMappable(field),
  }
}

/** Why a field cannot be mapped; null: it can. */
export function reasonNotMappable(field: FieldDefinition): string | null {
  return field.type.kind === 'unsupported'
    ? `${field.caption} is of type ${field.type.name}: BLOBs, media, images, files and lists are not carried.`
    : null
}
