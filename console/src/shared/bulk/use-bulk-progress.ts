import { useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { BulkProgressDocument, type BulkProgressQuery } from './generated/graphql.js'

export type BulkStanding = NonNullable<BulkProgressQuery['bulkAction']>

/** Milliseconds between two looks at an action under way. */
const LOOKS = 700

/** An action over many, looked at until it has ended, which `onEnd` is then told. Null: it was not read yet. */
export function useBulkProgress(
  id: string,
  onEnd: (ended: BulkStanding) => void,
): { readonly now: BulkStanding | null; readonly failure: Failure | null } {
  const client = useClient()
  const [now, setNow] = useState<BulkStanding | null>(null)
  const [failure, setFailure] = useState<Failure | null>(null)
  const told = useRef(onEnd)
  told.current = onEnd
  useEffect(() => {
    let isCurrent = true
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = async (): Promise<void> => {
      const { data, error } = await client
        .query(BulkProgressDocument, { id }, { requestPolicy: 'network-only' })
        .toPromise()
      if (!isCurrent) return
      const seen = data?.bulkAction ?? null
      setFailure(error === undefined ? null : failureOf(error))
      if (seen !== null) setNow(seen)
      // What is not there will not come; what was not answered may be, next time.
      if (seen === null && error?.graphQLErrors.length !== 0) return
      if (seen !== null && seen.status !== 'RUNNING') told.current(seen)
      else timer = setTimeout(() => void look(), LOOKS)
    }
    void look()
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [client, id])
  return { now, failure }
}
