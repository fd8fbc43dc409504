import { useEffect, useRef, useState } from 'react'
import { useClient } from 'urql'
import { failureOf, type Failure } from '../../api/failure.js'
import { BulkProgressDocument, type BulkProgressQuery } from './generated/graphql.js'

export type BulkStanding = NonNullable<BulkProgressQuery['bulkAction']>

/** Milliseconds between two looks at an action under way. */
const LOOKS = 700

/** What asking again changes nothing about. */
const LASTING: ReadonlySet<string> = new Set(['NOT_FOUND', 'BAD_USER_INPUT', 'FORBIDDEN', 'UNAUTHENTICATED'])

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
      const failed = error === undefined ? null : failureOf(error)
      setFailure(failed)
      if (seen !== null) setNow(seen)
      // What is not there will not come; what could not be told may be, next time.
      if (seen === null && (failed === null || LASTING.has(failed.code))) return
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
