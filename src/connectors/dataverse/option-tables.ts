import { createHash } from 'node:crypto'
import { codeOfLabel, optionTable } from '../../domain/catalog/option-column.js'
import { findTable } from '../../domain/catalog/tables.js'
import { matchesFilter } from '../../domain/filter.js'
import type { RecordSnapshot } from '../../domain/record.js'
import { fieldOf, type TableDefinition } from '../../domain/schema.js'
import { foldCase } from '../../domain/text.js'
import type { Value } from '../../domain/value.js'
import type { Connector, WriteRequest, WriteResult } from '../connector.js'
import { unreadable } from '../http/odata.js'
import type { ReadRows } from './definitions.js'
import { choicePath, optionsOf } from './definitions.js'

/**
 * Serves the tables whose records are the options of a column, and leaves all others to the connector. Options have no
 * stamp, and nothing tells which of them changed: every read of changes gives all of them, and their version is made of their
 * label (ADR 0010). `url`: service root. `readRows`: rows of a path below it.
 */
export function withOptionTables(connector: Connector, url: string, readRows: ReadRows): Connector {
  async function records(
    table: TableDefinition,
    fields: readonly string[],
  ): Promise<readonly RecordSnapshot[] | null> {
    if (table.optionColumn === undefined) return null
    const [row] = await readRows(choicePath(table.optionColumn.entity, table.optionColumn.column))
    if (row === undefined) throw unreadable('Dataverse', `it holds no options of ${table.name}`)
    return optionsOf(row).map(({ value, label }) => {
      const values: Readonly<Record<string, Value>> = { value, label, code: codeOfLabel(label) || null }
      return {
        id: value,
        version: createHash('sha256').update(label).digest('base64url'),
        stamp: 0,
        values: Object.fromEntries(fields.map((name) => [name, values[name] ?? null])),
      }
    })
  }

  return {
    ...connector,
    changeFeed: (table) => (table.optionColumn === undefined ? connector.changeFeed(table) : 'stamp'),
    async readChanges(request) {
      const found = await records(request.table, request.fields)
      if (found === null) return connector.readChanges(request)
      return { changes: found.map((record) => ({ kind: 'changed', record })), next: null, token: null }
    },
    async readByIds(table, fields, ids) {
      const found = await records(table, fields)
      if (found === null) return connector.readByIds(table, fields, ids)
      const byId = new Map(found.map((record) => [record.id, record]))
      return ids.map((id) => {
        const record = byId.get(id)
        return record === undefined ? { kind: 'gone', id } : { kind: 'found', record }
      })
    },
    async readByValues(table, fields, field, values) {
      const found = await records(table, [...new Set([...fields, field])])
      if (found === null) return connector.readByValues(table, fields, field, values)
      const wanted = new Set(values.map(foldCase))
      return found.filter((record) => wanted.has(foldCase(String(record.values[field] ?? ''))))
    },
    async readIds(table, next) {
      const found = await records(table, [])
      if (found === null) return connector.readIds(table, next)
      return { ids: found.map((record) => record.id), next: null }
    },
    async countRecords(table, filter) {
      const found = await records(
        table,
        table.fields.map((field) => field.name),
      )
      if (found === null) return connector.countRecords(table, filter)
      const typeOf = (name: string) => fieldOf(table, name).type
      return found.filter((record) => matchesFilter(filter, record.values, typeOf)).length
    },
    async describeTable(name) {
      const [entity, column, ...rest] = name.split('.')
      if (entity === undefined || column === undefined || rest.length > 0)
        return connector.describeTable(name)
      const table = findTable('DATAVERSE', name) ?? optionTable(entity, column, `${entity} ${column}`)
      await records(table, [])
      return table
    },
    async write(table, requests, options) {
      if (table.optionColumn === undefined) return connector.write(table, requests, options)
      if (requests.length > 0) await options.onResults(requests.map((request) => refuse(table, request)))
    },
    recordUrl: (table, id) =>
      table.optionColumn === undefined
        ? connector.recordUrl(table, id)
        : `${url}/${choicePath(table.optionColumn.entity, table.optionColumn.column)}`,
  }
}

/** Options belong to the customization of the organisation, which is not Accord's to change. */
function refuse(table: TableDefinition, { ref }: WriteRequest): WriteResult {
  return {
    kind: 'refused',
    ref,
    failure: {
      errorClass: 'VALIDATION',
      message: `${table.caption} cannot be written: it is the list of options of a column in Dataverse.`,
      cause: 'Options are part of the customization of the organisation.',
      remedy: 'Change the options in Power Apps, or let the mapping carry from Dataverse only.',
    },
  }
}
