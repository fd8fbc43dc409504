import { useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { MappingTablesDocument, type TableOfMappingFragment } from './generated/graphql.js'

export type Table = TableOfMappingFragment
export type TableField = Table['fields'][number]

export interface Tables {
  readonly local: Table | null
  readonly integration: Table | null
  readonly failure: Failure | null
  /** Reads them again, where that failed. */
  retry(): void
}

export interface TablePair {
  readonly connection: string
  /** Empty: not chosen yet. */
  readonly localTable: string
  readonly integrationTable: string
}

/** The fields of the two tables of a mapping, as their systems describe them. */
export function useTables({ connection, localTable, integrationTable }: TablePair): Tables {
  const [{ data, error }, refetch] = useQuery({
    query: MappingTablesDocument,
    variables: { connection, localTable, integrationTable },
    pause: localTable === '' || integrationTable === '',
    requestPolicy: 'cache-first',
  })
  return {
    local: data?.local ?? null,
    integration: data?.integration ?? null,
    failure: error === undefined ? null : failureOf(error),
    retry: () => refetch({ requestPolicy: 'network-only' }),
  }
}

/** What people call a field; its name where the table is not known. */
export function captionOf(table: Table | null, name: string): string {
  return table?.fields.find((field) => field.name === name)?.caption ?? name
}
