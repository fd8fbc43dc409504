import { DATAVERSE_TABLES } from '../../domain/catalog/dataverse.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { TableName } from '../connector.js'
import { ConnectorError } from '../connector.js'
import type { ReadRows } from './definitions.js'
import { readDetails, readEntities } from './definitions.js'
import { tableOfDetails } from './describe-table.js'

/** The organisation's tables by name, with those columns of options that default mappings use. Throws {@link ConnectorError}. */
export async function listTables(readRows: ReadRows): Promise<readonly TableName[]> {
  const entities = await readEntities(readRows)
  return [
    ...entities.map(({ entitySet, caption }) => ({ name: entitySet, caption })),
    ...DATAVERSE_TABLES.filter((table) => table.optionColumn !== undefined).map(({ name, caption }) => ({
      name,
      caption,
    })),
  ].sort((left, right) => (left.name < right.name ? -1 : 1))
}

/** Throws {@link ConnectorError}, class SETUP, where there is no such table or its changes cannot be found. */
export async function describeTable(readRows: ReadRows, name: string): Promise<TableDefinition> {
  const details = await readDetails(readRows, name)
  if (details === null) {
    throw refusal(
      `Dataverse has no table ${name}.`,
      'Tables go by the name of their entity set, for example accounts.',
    )
  }
  const table = tableOfDetails(details)
  if (table !== null) return table
  throw refusal(
    `The table ${name} cannot be synchronized: it has no modifiedon, or no column to show.`,
    'Changes are found by the time of the last modification.',
  )
}

function refusal(message: string, cause: string): ConnectorError {
  return new ConnectorError({ errorClass: 'SETUP', message, cause, remedy: 'Choose another table.' })
}
