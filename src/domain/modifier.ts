import type { FieldDefinition, SystemKind, TableDefinition } from './schema.js'

/** Where a system tells who changed a record last: a field of it, and of what table the record is that the field names. */
export interface ModifierField {
  readonly field: FieldDefinition
  /** Null: the field holds the name itself. */
  readonly users: string | null
}

const SPEAKING = /^(last_?)?(modified|updated|changed)_?by(_?(name|user))?$/i

/**
 * The field that names who changed a record last; null: the system does not tell. Business Central's API does not. In PostgreSQL and
 * OData it is known by its name: `modified_by`, `LastUpdatedBy`.
 */
export function modifierField(kind: SystemKind, table: TableDefinition): ModifierField | null {
  switch (kind) {
    case 'DATAVERSE':
      return table.optionColumn === undefined
        ? {
            field: {
              name: 'modifiedby',
              caption: 'Modified By',
              type: { kind: 'lookup', table: 'systemusers' },
              readOnly: true,
            },
            users: 'systemusers',
          }
        : null
    case 'POSTGRESQL':
    case 'ODATA': {
      const field = table.fields.find(({ name, type }) => SPEAKING.test(name) && type.kind === 'text')
      return field === undefined ? null : { field, users: null }
    }
    default:
      return null
  }
}
