import { useCallback, useEffect, useState } from 'react'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import type { Compared } from './choices.js'
import { ComparisonDocument } from './generated/graphql.js'

export type Read =
  | { readonly kind: 'reading' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'read'; readonly compared: Compared }

/** The two records: at once as they were met, and as they are now as soon as a worker has looked at both systems. */
export function useComparison(id: string): readonly [Read, () => Promise<void>] {
  const client = useClient()
  const [read, setRead] = useState<Read>({ kind: 'reading' })
  const look = useCallback(
    async (fresh: boolean): Promise<void> => {
      const { data, error } = await client
        .query(ComparisonDocument, { id, fresh }, { requestPolicy: 'network-only' })
        .toPromise()
      const compared = data?.skippedSynchRecordComparison ?? null
      setRead((before) => {
        // What is kept of a record may be no more than that it failed.
        if (compared !== null && (fresh || (compared.fields.length > 0 && before.kind !== 'read'))) {
          return { kind: 'read', compared }
        }
        return fresh && before.kind !== 'read' && error !== undefined
          ? { kind: 'failed', failure: failureOf(error) }
          : before
      })
    },
    [client, id],
  )
  useEffect(() => {
    void look(false)
    void look(true)
  }, [look])
  return [read, useCallback(() => look(true), [look])]
}
