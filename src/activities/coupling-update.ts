import type { Base } from '../domain/coupling.js'
import type { LostValue } from '../domain/decision.js'
import { fieldOn, mappedValue } from '../domain/mapping.js'
import type { RecordSnapshot } from '../domain/record.js'
import { Side } from '../domain/value.js'
import type { MappingTables } from '../persistence/queries/intents.js'
import type { MappingContext } from './mapping-context.js'

export function couplingTarget(context: MappingContext): MappingTables {
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

/** What a deleted record held in its mapped fields stays in the history. */
export function lostByDeletion(
  context: MappingContext,
  side: Side,
  record: RecordSnapshot,
): readonly LostValue[] {
  const names = new Set(context.definition.fields.map((field) => fieldOn(field, side)))
  return [...names].flatMap((field) => {
    const value = field === null ? null : (record.values[field] ?? null)
    return field === null || value === null ? [] : [{ side, field, value, replacedBy: null }]
  })
}
