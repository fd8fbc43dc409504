import { useParams } from 'react-router'
import { useQuery } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { useLive } from '../../api/live.js'
import { ConnectionDocument, type SetupFragment } from './generated/graphql.js'

export interface ReadConnection {
  readonly name: string
  /** Null: there is none of that name. Undefined: it was not read yet. */
  readonly connection: SetupFragment | null | undefined
  readonly failure: Failure | null
  again(): void
}

/** The connection that the address names. */
export function useConnection(): ReadConnection {
  const { name = '' } = useParams()
  const [{ data, error }, refetch] = useQuery({ query: ConnectionDocument, variables: { name } })
  const again = (): void => refetch({ requestPolicy: 'network-only' })
  useLive(['counters', 'errors'], again)
  return {
    name,
    connection: data === undefined ? undefined : (data.connection ?? null),
    failure: error === undefined ? null : failureOf(error),
    again,
  }
}
