import type { Answer } from '../common/answer.js'
import { jsonAnswer } from '../common/answer.js'
import type { Column } from '../common/table.js'
import { assertNever } from '../common/table.js'
import type { Api } from './apis.js'
import { entitySets } from './apis.js'
import type { BusinessCentralTable } from './table.js'
import { VERSION, optionType } from './table.js'

/** The list of entity sets at the service's root. */
export function serviceDocument(api: Api, root: string): Answer {
  const value = entitySets(api).map((table) => ({
    name: table.name,
    kind: 'EntitySet',
    url: table.name,
  }))
  return jsonAnswer(200, JSON.stringify({ '@odata.context': `${root}/$metadata`, value }))
}

/** CSDL of what this sandbox serves under an API, and of nothing else. */
export function metadataDocument(
  api: Api,
  tableNow: (table: BusinessCentralTable) => BusinessCentralTable,
): Answer {
  const tables = entitySets(api).map(tableNow)
  const types = tables.map((table) => {
    const properties = table.columns
      .filter((column) => column.name !== VERSION)
      .map((column) => `<Property Name="${column.name}" Type="${edmType(table, column)}"${length(column)}/>`)
    return `<EntityType Name="${table.entity}"><Key><PropertyRef Name="${table.key}"/></Key>${properties.join('')}</EntityType>`
  })
  const options = tables.flatMap((table) => table.columns.map((column) => optionDeclaration(table, column)))
  const sets = tables.map(
    (table) => `<EntitySet Name="${table.name}" EntityType="Microsoft.NAV.${table.entity}"/>`,
  )
  const body =
    `<?xml version="1.0" encoding="utf-8"?><edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>` +
    `<Schema Namespace="Microsoft.NAV" xmlns="http://docs.oasis-open.org/odata/ns/edm">${options.join('')}${types.join('')}` +
    `<EntityContainer Name="NAV">${sets.join('')}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`
  return { status: 200, headers: { 'content-type': 'application/xml; charset=utf-8' }, body, rows: 0 }
}

function length(column: Column): string {
  return column.type.kind === 'text' || column.type.kind === 'code'
    ? ` MaxLength="${column.type.length}"`
    : ''
}

/** The members of an option are numbered from 0, as Business Central numbers them. */
function optionDeclaration(table: BusinessCentralTable, column: Column): string {
  if (column.type.kind !== 'option') return ''
  const members = column.type.members.map((member, index) => `<Member Name="${member}" Value="${index}"/>`)
  return `<EnumType Name="${optionType(table, column)}">${members.join('')}</EnumType>`
}

function edmType(table: BusinessCentralTable, column: Column): string {
  switch (column.type.kind) {
    case 'guid':
      return 'Edm.Guid'
    case 'text':
    case 'code':
    case 'memo':
      return 'Edm.String'
    case 'option':
      return `Microsoft.NAV.${optionType(table, column)}`
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
