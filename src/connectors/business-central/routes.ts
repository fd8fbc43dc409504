import { findTable } from '../../domain/catalog/tables.js'
import type { TableDefinition } from '../../domain/schema.js'
import type { TableName } from '../connector.js'
import { ConnectorError } from '../connector.js'
import { unreadable } from '../http/odata.js'
import type { ServiceMetadata } from '../http/csdl.js'
import { readMetadata } from '../http/csdl.js'
import { captionOf, describeTable, STAMP, UnusableTableError } from './describe-table.js'

/** Which of the two APIs of a connection serves a table, and what their metadata says. */
export interface Routes {
  /** Root of the API that serves the table: the custom one where it has an entity set of that name. Throws {@link ConnectorError}. */
  rootOf(table: string): Promise<string>
  describe(table: string): Promise<TableDefinition>
  /** Tables whose changes can be found. */
  list(): Promise<readonly TableName[]>
}

/**
 * `custom`: root of the custom API, null where the connection has none. `read`: text of an address. The metadata of the custom
 * API is read once and kept; describing and listing read it anew.
 */
export function createRoutes(
  standard: string,
  custom: string | null,
  read: (address: string) => Promise<string>,
): Routes {
  let known: Promise<ServiceMetadata> | null = null

  function customMetadata(root: string, anew: boolean): Promise<ServiceMetadata> {
    if (known !== null && !anew) return known
    const reading = metadataOf(root, read)
    known = reading
    reading.catch(() => {
      if (known === reading) known = null
    })
    return reading
  }

  async function both(): Promise<readonly ServiceMetadata[]> {
    const documents = [metadataOf(standard, read)]
    if (custom !== null) documents.unshift(customMetadata(custom, true))
    return Promise.all(documents)
  }

  return {
    async rootOf(table) {
      if (custom === null) return standard
      return (await customMetadata(custom, false)).sets.has(table) ? custom : standard
    },
    async describe(table) {
      const documents = await both()
      const metadata = documents.find((document) => document.sets.has(table)) ?? documents.at(-1)
      try {
        if (metadata === undefined) throw new UnusableTableError(`Business Central has no table ${table}.`)
        return describeTable(metadata, table)
      } catch (error) {
        if (error instanceof UnusableTableError) throw unusable(error.message)
        throw error
      }
    },
    async list() {
      const names = new Map<string, string>()
      for (const document of await both()) {
        for (const [set, type] of document.sets) {
          const isUsable = document.types.get(type)?.properties.some(({ name }) => name === STAMP) === true
          if (isUsable && !names.has(set))
            names.set(set, findTable('BUSINESS_CENTRAL', set)?.caption ?? captionOf(type))
        }
      }
      return [...names]
        .map(([name, caption]) => ({ name, caption }))
        .sort((left, right) => (left.name < right.name ? -1 : 1))
    },
  }
}

async function metadataOf(
  root: string,
  read: (address: string) => Promise<string>,
): Promise<ServiceMetadata> {
  const text = await read(`${root}/$metadata`)
  try {
    return readMetadata(text)
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable('Business Central', error.message)
    throw error
  }
}

function unusable(message: string): ConnectorError {
  return new ConnectorError({
    errorClass: 'SETUP',
    message,
    cause: 'A table needs an id, and a stamp that moves with every change, to be synchronized.',
    remedy: 'Choose another table, or publish an API page for it that has both.',
  })
}
