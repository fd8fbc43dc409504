import { Side } from '../../domain/value.js'
import type { Loaders } from '../loaders.js'
import { tableLoaderKey } from '../mapping/mapping.loaders.js'

/** The names by which people know the fields of one side of a mapping. */
export async function captionsOf(
  loaders: Loaders,
  mappingId: string,
  side: Side,
): Promise<(field: string) => string> {
  const mapping = await loaders.mapping.load(mappingId)
  const known =
    mapping === null
      ? null
      : await loaders.table.load(
          tableLoaderKey({
            connectionId: mapping.connectionId,
            side,
            name: side === Side.local ? mapping.definition.localTable : mapping.definition.integrationTable,
          }),
        )
  const fields = known?.definition.fields ?? []
  return (field) => fields.find((candidate) => candidate.name === field)?.caption ?? field
}
