import { useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { MappingTablesDocument, type TableOfMappingFragment } from './generated/graphql.js'
import type { Mapping } from './use-draft.js'

export type Table = TableOfMappingFragment
export type TableField = Table['fields'][number]

export interface Tables {
  readonly local: Table | null
  readonly integration: Table | null
  readonly failure: Failure | null
}

/** The fields of the two tables of a mapping, as their systems describe them. */
export function useTables(mapping: Mapping): Tables {
  const [{ data, error }] = useQuery({
    query: MappingTablesDocument,
    variables: {
      connection: mapping.connection.name,
      localTable: mapping.localTable,
      integrationTable: mapping.integrationTable,
    },
    requestPolicy: 'cache-first',
  })
  return {
    local: data?.local ?? null,
    integration: data?.integration ?? null,
    failure: error === undefined ? null : failureOf(error),
  }
}

/** What people call a field; its name where the table is not known. */
export function captionOf(table: Table | null, name: string): string {
  return table?.fields.find((field) => field.name === name)?.caption ?? name
}
