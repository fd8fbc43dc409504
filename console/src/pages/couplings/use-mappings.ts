import { useSearchParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { CouplingMappingsDocument, type CouplingMappingsQuery } from './generated/graphql.js'

export type CoupledMapping = CouplingMappingsQuery['integrationTableMappings'][number]

export interface ChosenMapping {
  readonly mappings: readonly CoupledMapping[]
  /** The one that the address names; null: none. */
  readonly chosen: CoupledMapping | null
  readonly loading: boolean
  readonly failure: Failure | null
  choose(mapping: CoupledMapping | null): void
  reload(): void
}

/** The mappings, and the one that the address names by `connection` and `mapping`. */
export function useMappings(): ChosenMapping {
  const [{ data, error }, refetch] = useQuery({ query: CouplingMappingsDocument })
  const [search, setSearch] = useSearchParams()
  const mappings = data?.integrationTableMappings ?? []
  const connection = search.get('connection')
  const chosen =
    mappings.find(
      (mapping) =>
        mapping.name === search.get('mapping') &&
        (connection === null || mapping.connection.name === connection),
    ) ?? null
  return {
    mappings,
    chosen,
    loading: data === undefined && error === undefined,
    failure: data === undefined && error !== undefined ? failureOf(error) : null,
    choose: (mapping) =>
      setSearch(mapping === null ? {} : { connection: mapping.connection.name, mapping: mapping.name }),
    reload: () => refetch({ requestPolicy: 'network-only' }),
  }
}
