import { Kind, type DocumentNode } from 'graphql'
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
  /** Its operation takes `$first` and `$after`; `$counted` asks for `totalCount`, which is asked for apart, since counting takes time. */
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
  /** Reads once more what could not be read. */
  retry(): void
}

/** As many rows as the API gives in one page: so many are read again by themselves when something changes. */
const MOST_OF_A_PAGE = 500
const PAGE_SIZE = 200
/** Of the first page: enough for a screen and what comes right after, so that it is there at once. */
const FIRST_PAGE_SIZE = 50

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

/** Whether an operation counts when it is told to. */
function asksForCount({ definitions }: DocumentNode): boolean {
  return definitions.some(
    (definition) =>
      definition.kind === Kind.OPERATION_DEFINITION &&
      definition.variableDefinitions?.some(({ variable }) => variable.name.value === 'counted'),
  )
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
  /** The question with which the rows shown began. */
  const begun = useRef(0)
  const reading = useRef(false)
  /** Something has changed while a page was read: that is looked at then, since what is under way shall be seen first. */
  const again = useRef(false)
  /** The question whose rows are being counted; null: none are. */
  const counting = useRef<number | null>(null)
  /** What was read last, to be tried again where it failed. */
  const last = useRef<() => void>(() => undefined)
  const read = useRef(connection)
  read.current = connection
  const key = JSON.stringify(variables)

  const count = useCallback(
    async (question: number): Promise<void> => {
      // One at a time, however often the rows begin anew: what is being counted is hardly another number.
      if (!asksForCount(query) || counting.current !== null) return
      counting.current = question
      const all = {
        ...(JSON.parse(key) as object),
        first: 1,
        after: null,
        counted: true,
      } as unknown as Variables
      const { data } = await client.query(query, all, { requestPolicy: 'network-only' }).toPromise()
      // The list is another by now.
      if (counting.current !== question) return
      counting.current = null
      if (data !== undefined) {
        const { totalCount, totalCountIsExact = true } = read.current(data)
        if (totalCount !== undefined)
          // Rows that are all there by now have counted themselves.
          setState((now) =>
            now.hasMore ? { ...now, total: { count: totalCount, isExact: totalCountIsExact } } : now,
          )
      }
      // Rows that have begun anew meanwhile are counted anew.
      if (begun.current !== question) await count(begun.current)
    },
    [client, query, key],
  )
  const load = useCallback(
    async (after: string | null, first: number, before: readonly Row[]) => {
      const question = ++asked.current
      if (after === null) begun.current = question
      reading.current = true
      last.current = () => void load(after, first, before)
      setState((now) => ({ ...now, loading: true }))
      const all = {
        ...(JSON.parse(key) as object),
        first,
        after,
        counted: false,
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
      const rows = [...before, ...nodes]
      const isWhole = !pageInfo.hasNextPage
      if (after === null && !isWhole) void count(question)
      setState((now) => ({
        rows,
        cursor: pageInfo.endCursor ?? null,
        hasMore: pageInfo.hasNextPage,
        total: isWhole
          ? { count: rows.length, isExact: true }
          : totalCount === undefined
            ? now.total
            : { count: totalCount, isExact: totalCountIsExact },
        failure: null,
        loading: false,
        outdated: after === null ? false : now.outdated,
      }))
    },
    [client, query, key, count],
  )

  useEffect(() => {
    setState(NOTHING)
    again.current = false
    counting.current = null
    void load(null, Math.min(pageSize, FIRST_PAGE_SIZE), [])
    return () => {
      asked.current += 1
      counting.current = null
    }
    // What the API says comes in the language of the moment.
  }, [load, pageSize, language])

  const { rows, cursor, hasMore } = state
  const reload = useCallback(
    () => void load(null, Math.min(MOST_OF_A_PAGE, Math.max(pageSize, rows.length)), []),
    [load, pageSize, rows.length],
  )
  const onChange = useCallback(() => {
    if (rows.length > MOST_OF_A_PAGE) setState((now) => ({ ...now, outdated: true }))
    else reload()
  }, [rows.length, reload])
  useLive(topics, () => {
    if (reading.current) again.current = true
    else onChange()
  })
  useEffect(() => {
    if (state.loading || !again.current) return
    again.current = false
    onChange()
  }, [state.loading, onChange])
  const loadMore = useCallback(() => {
    if (hasMore && !reading.current) void load(cursor, pageSize, rows)
  }, [hasMore, load, cursor, pageSize, rows])
  const retry = useCallback(() => last.current(), [])
  return { ...state, loadMore, reload, retry }
}
