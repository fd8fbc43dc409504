import type { Base } from '../domain/coupling.js'
import { mappedValue } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { Side } from '../domain/value.js'
import type { MappingContext } from './mapping-context.js'

export function couplingTarget(context: MappingContext) {
  return {
    id: context.mapping.id,
    connectionId: context.connection.id,
    localTable: context.definition.localTable,
    integrationTable: context.definition.integrationTable,
  }
}

/** What both sides hold after a success, per mapped field (engine rule 4). Throws when a field was not read. */
export function baseOf(context: MappingContext, local: RecordSnapshot, integration: RecordSnapshot): Base {
  return Object.fromEntries(
    context.definition.fields.map((field) => [
      field.name,
      {
        local: mappedValue(field, Side.local, local.values),
        integration: mappedValue(field, Side.integration, integration.values),
      },
    ]),
  )
}
