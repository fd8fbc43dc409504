import { useCallback, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useClient, type AnyVariables, type TypedDocumentNode } from 'urql'
import { useLive, type Topic } from '../api/live.js'
import { failureOf, type Failure } from '../api/failure.js'

/** A page of a list of the API. */
export interface Connection<Row> {
  readonly nodes: readonly Row[]
  readonly pageInfo: { readonly endCursor?: string | null; readonly hasNextPage: boolean }
  readonly totalCount?: number
  readonly totalCountIsExact?: boolean
}

export interface PagesOptions<Data, Variables extends AnyVariables, Row> {
  /** Its operation takes `$first` and `$after`; `$counted` asks for `totalCount`, with the first page alone, since counting takes time. */
  readonly query: TypedDocumentNode<Data, Variables>
  /** Everything but `first` and `after`. The list begins anew when their JSON changes. */
  readonly variables: Omit<Variables, 'first' | 'after' | 'counted'>
  connection(data: Data): Connection<Row>
  /** The list is read again when these tell of changes. */
  readonly topics?: readonly Topic[]
  readonly pageSize?: number
}

export interface Pages<Row> {
  readonly rows: readonly Row[]
  readonly loading: boolean
  readonly failure: Failure | null
  readonly hasMore: boolean
  /** Null until it is known, or where the operation does not ask for it. */
  readonly total: { readonly count: number; readonly isExact: boolean } | null
  /** So many rows are loaded that changes are not shown by themselves: `reload` shows them. */
  readonly outdated: boolean
  loadMore(): void
  reload(): void
}

/** As many rows as the API gives in one page: so many are read again by themselves when something changes. */
const MOST_OF_A_PAGE = 500
const PAGE_SIZE = 200

interface State<Row> {
  readonly rows: readonly Row[]
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly total: Pages<Row>['total']
  readonly failure: Failure | null
  readonly loading: boolean
  readonly outdated: boolean
}

const NOTHING = {
  rows: [],
  cursor: null,
  hasMore: false,
  total: null,
  failure: null,
  loading: true,
  outdated: false,
}

/** A list of the API, page by page by its cursor, as far as somebody scrolls, kept up to date as changes are told. */
export function usePages<Data, Variables extends AnyVariables, Row>({
  query,
  variables,
  connection,
  topics = [],
  pageSize = PAGE_SIZE,
}: PagesOptions<Data, Variables, Row>): Pages<Row> {
  const client = useClient()
  const { language } = useTranslation().i18n
  const [state, setState] = useState<State<Row>>(NOTHING)
  /** Counts what was asked for: an answer to an older question is not looked at. */
  const asked = useRef(0)
  const reading = useRef(false)
  const read = useRef(connection)
  read.current = connection
  const key = JSON.stringify(variables)

  const load = useCallback(
    async (after: string | null, first: number, before: readonly Row[]) => {
      const question = ++asked.current
      reading.current = true
      setState((now) => ({ ...now, loading: true }))
      const all = {
        ...(JSON.parse(key) as object),
        first,
        after,
        counted: after === null,
      } as unknown as Variables
      const { data, error } = await client.query(query, all, { requestPolicy: 'network-only' }).toPromise()
      if (question !== asked.current) return
      reading.current = false
      if (data === undefined || error !== undefined) {
        const failure = error === undefined ? null : failureOf(error)
        setState((now) => ({ ...now, loading: false, failure }))
        return
      }
      const { nodes, pageInfo, totalCount, totalCountIsExact = true } = read.current(data)
      setState((now) => ({
        rows: [...before, ...nodes],
        cursor: pageInfo.endCursor ?? null,
        hasMore: pageInfo.hasNextPage,
        total: totalCount === undefined ? now.total : { count: totalCount, isExact: totalCountIsExact },
        failure: null,
        loading: false,
        outdated: after === null ? false : now.outdated,
      }))
    },
    [client, query, key],
  )

  useEffect(() => {
    setState(NOTHING)
    void load(null, pageSize, [])
    return () => {
      asked.current += 1
    }
    // What the API says comes in the language of the moment.
  }, [load, pageSize, language])

  const { rows, cursor, hasMore } = state
  const reload = useCallback(
    () => void load(null, Math.min(MOST_OF_A_PAGE, Math.max(pageSize, rows.length)), []),
    [load, pageSize, rows.length],
  )
  useLive(topics, () => {
    if (rows.length > MOST_OF_A_PAGE) setState((now) => ({ ...now, outdated: true }))
    else reload()
  })
  const loadMore = useCallback(() => {
    if (hasMore && !reading.current) void load(cursor, pageSize, rows)
  }, [hasMore, load, cursor, pageSize, rows])
  return { ...state, loadMore, reload }
}
