import type { Answer } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Column } from '../common/table.js'
import { assertNever } from '../common/table.js'
import { VERSION } from './table.js'
import { COMPANIES, COMPANY_TABLES } from './tables.js'

/** The list of entity sets at the service's root. */
export function serviceDocument(root: string): Answer {
  const value = [COMPANIES, ...COMPANY_TABLES].map((table) => ({
    name: table.name,
    kind: 'EntitySet',
    url: table.name,
  }))
  return jsonAnswer(200, JSON.stringify({ '@odata.context': `${root}/$metadata`, value }))
}

/** CSDL of what this sandbox serves, and of nothing else. */
export function metadataDocument(): Answer {
  const tables = [COMPANIES, ...COMPANY_TABLES]
  const types = tables.map((table) => {
    const properties = table.columns
      .filter((column) => column.name !== VERSION)
      .map((column) => `<Property Name="${column.name}" Type="${edmType(column)}"${length(column)}/>`)
    return `<EntityType Name="${table.entity}"><Key><PropertyRef Name="${table.key}"/></Key>${properties.join('')}</EntityType>`
  })
  const sets = tables.map(
    (table) => `<EntitySet Name="${table.name}" EntityType="Microsoft.NAV.${table.entity}"/>`,
  )
  const body =
    `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>` +
    `<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">${types.join('')}` +
    `<EntityContainer Name="NAV">${sets.join('')}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body, rows: 0 }
}

function length(column: Column): string {
  return column.type.kind === 'text' || column.type.kind === 'code'
    ? ` MaxLength="${column.type.length}"`
    : ''
}

function edmType(column: Column): string {
  switch (column.type.kind) {
    case 'guid':
      return 'Edm.Guid'
    case 'text':
    case 'code':
    case 'memo':
    case 'option':
      return 'Edm.String'
    case 'decimal':
      return 'Edm.Decimal'
    case 'integer':
    case 'choice':
      return 'Edm.Int32'
    case 'bigint':
      return 'Edm.Int64'
    case 'boolean':
      return 'Edm.Boolean'
    case 'date':
      return 'Edm.Date'
    case 'dateTime':
      return 'Edm.DateTimeOffset'
    default:
      return assertNever(column.type)
  }
}
