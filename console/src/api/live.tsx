import { createContext, useContext, useEffect, useMemo, useRef, type ReactNode } from 'react'
import { useSubscription } from 'urql'
import {
  CountersChangedDocument,
  ErrorsChangedDocument,
  type CountersChangedSubscription,
} from './generated/graphql.js'
import { useSession } from './session.js'

/** What a page hears of: counters of mappings (couplings, skipped, pending records), open errors. */
export type Topic = 'counters' | 'errors'
export type MappingCounters = CountersChangedSubscription['countersChanged'][number]

/** Milliseconds that changes are gathered for before a page reads again. */
const GATHERED = 400

type Listener = () => void

class Changes {
  private readonly listeners: Readonly<Record<Topic, Set<Listener>>> = {
    counters: new Set(),
    errors: new Set(),
  }

  listen(topic: Topic, listener: Listener): () => void {
    this.listeners[topic].add(listener)
    return () => this.listeners[topic].delete(listener)
  }

  tell(topic: Topic): void {
    for (const listener of this.listeners[topic]) listener()
  }
}

interface Live {
  readonly changes: Changes
  /** The counters as they are, by id of the mapping; those that are not there were not told yet. */
  readonly counters: ReadonlyMap<string, MappingCounters>
}

const LiveContext = createContext<Live | null>(null)

/** Hears of changes for all pages, over one connection. */
export function LiveProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const changes = useMemo(() => new Changes(), [])
  const [{ data: counters }] = useSubscription<
    CountersChangedSubscription,
    ReadonlyMap<string, MappingCounters>
  >(
    { query: CountersChangedDocument, variables: {} },
    (before = new Map<string, MappingCounters>(), { countersChanged }) => {
      const after = new Map(before)
      for (const row of countersChanged) after.set(row.mapping.id, row)
      return after
    },
  )
  const [{ data: errors }] = useSubscription({ query: ErrorsChangedDocument })

  useEffect(() => changes.tell('counters'), [changes, counters])
  useEffect(() => changes.tell('errors'), [changes, errors])
  const live = useMemo(
    () => ({ changes, counters: counters ?? new Map<string, MappingCounters>() }),
    [changes, counters],
  )
  return <LiveContext.Provider value={live}>{children}</LiveContext.Provider>
}

function useLiveContext(): Live {
  const live = useContext(LiveContext)
  if (live === null) throw new Error('Nothing is heard of changes here.')
  return live
}

export function useCounters(): ReadonlyMap<string, MappingCounters> {
  return useLiveContext().counters
}

/**
 * Calls `onChange` when something of `topics` has changed, a moment later and once for many changes; and when the connection is there
 * again after it was lost, since what happened meanwhile was not heard of.
 */
export function useLive(topics: readonly Topic[], onChange: () => void): void {
  const { changes } = useLiveContext()
  const { connection } = useSession().api
  const current = useRef(onChange)
  useEffect(() => {
    current.current = onChange
  })
  const key = topics.join(' ')
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let wasLive = connection.get() === 'live'
    const later = (): void => {
      clearTimeout(timer)
      timer = setTimeout(() => current.current(), GATHERED)
    }
    const told = key === '' ? [] : (key.split(' ') as Topic[])
    const ends = told.map((topic) => changes.listen(topic, later))
    ends.push(
      connection.subscribe(() => {
        const isLive = connection.get() === 'live'
        if (isLive && !wasLive) later()
        wasLive = isLive
      }),
    )
    return () => {
      clearTimeout(timer)
      for (const end of ends) end()
    }
  }, [changes, connection, key])
}
