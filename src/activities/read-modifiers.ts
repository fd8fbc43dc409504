import { ConnectorError } from '../connectors/connector.js'
import { findTable } from '../domain/catalog/tables.js'
import { modifierField } from '../domain/modifier.js'
import type { Side } from '../domain/value.js'
import type { MappingContext } from './mapping-context.js'
import { nameOf } from './mapping-context.js'

/** Who changed a record last, by name, else as its system names him; null: the system does not tell, or not us. */
export async function readModifier(context: MappingContext, side: Side, id: string): Promise<string | null> {
  const [table, connector] = [context.tables[side], context.connectors[side]]
  const known = modifierField(connector.kind, table)
  if (known === null) return null
  const { field, users } = known
  const others = table.fields.filter(({ name }) => name !== field.name)
  try {
    const [read] = await connector.readByIds({ ...table, fields: [...others, field] }, [field.name], [id])
    const told = read?.kind === 'found' ? (read.record.values[field.name] ?? null) : null
    if (typeof told !== 'string' || users === null) return told === null ? null : String(told)
    const people = findTable(connector.kind, users)
    if (people === undefined) return told
    const [person] = await connector.readByIds(people, [people.nameField], [told])
    return person?.kind === 'found' ? (nameOf(people, person.record) ?? told) : told
  } catch (error) {
    // Who it was is an extra: that users may not be read keeps nobody from comparing two records.
    if (error instanceof ConnectorError) return null
    throw error
  }
}
