import type { ConflictField } from '../../domain/conflict.js'
import type { MappingDefinition } from '../../domain/mapping.js'
import { Side, type Value } from '../../domain/value.js'
import type { ApiContext } from '../context.js'
import { namedRecordKey } from '../desk/desk.loaders.js'
import { conflictField } from './conflict.js'
import type { NamedFieldType } from './conflict.type.js'

/** A mapped field side by side, with the names of the records that its values name. */
export async function namedField(
  context: ApiContext,
  connectionId: string,
  definition: MappingDefinition,
  field: ConflictField,
): Promise<NamedFieldType> {
  const mappings = definition.fields.find(({ name }) => name === field.name)?.lookupMappings ?? []
  const nameOn = (side: Side, value: Value) => nameOfLookup(context, connectionId, mappings, side, value)
  return {
    ...conflictField(field),
    lookup: mappings.length > 0,
    localName: await nameOn(Side.local, field.local),
    integrationName: await nameOn(Side.integration, field.integration),
    baseName: await nameOn(Side.local, field.base?.local ?? null),
  }
}

/** The name of the record that a lookup names, as its own coupling knows it. */
async function nameOfLookup(
  { loaders }: ApiContext,
  connectionId: string,
  mappings: readonly string[],
  side: Side,
  value: Value,
): Promise<string | null> {
  if (mappings.length === 0 || typeof value !== 'string') return null
  const definitions = await loaders.definitionsOfConnection.load(connectionId)
  const tables = new Set(
    definitions
      .filter(({ name }) => mappings.includes(name))
      .map((found) => (side === Side.local ? found.localTable : found.integrationTable)),
  )
  const names = await Promise.all(
    [...tables].map((table) =>
      loaders.recordName.load(namedRecordKey({ connectionId, side, table, id: value })),
    ),
  )
  return names.find((name) => name !== null) ?? null
}
