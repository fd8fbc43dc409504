import type {
  ChangesFrom,
  IdPage,
  WriteOptions,
  WriteRequest,
  WriteResult,
} from '../../../src/connectors/connector.js'
import type { Change, RecordSnapshot } from '../../../src/domain/record.js'
import type { Values } from '../../../src/domain/value.js'
import type { Subject } from './subject.js'

export type CreateRequest = Extract<WriteRequest, { readonly kind: 'create' }>

/** What the suite does again and again with the records of one subject. */
export interface Work {
  /** The fields that all reads ask for. */
  readonly fields: readonly string[]
  /** With a code of its own, and with an id where we choose it. */
  createRequest(ref: string, values: Values): Promise<CreateRequest>
  updateRequest(ref: string, record: RecordSnapshot, values: Values): WriteRequest
  deleteRequest(ref: string, record: RecordSnapshot): WriteRequest
  create(...values: readonly Values[]): Promise<readonly RecordSnapshot[]>
  createOne(values: Values): Promise<RecordSnapshot>
  readOne(id: string): Promise<RecordSnapshot>
  /** Writes and gives the results by ref. */
  write(
    requests: readonly WriteRequest[],
    options?: Partial<WriteOptions>,
  ): Promise<ReadonlyMap<string, WriteResult>>
  /** The same, and the kind of each result only. */
  outcomes(requests: readonly WriteRequest[]): Promise<Readonly<Record<string, string>>>
  /** Follows the pages to the last. */
  readAll(
    from: ChangesFrom,
    pageSize: number,
    track?: boolean,
  ): Promise<{ readonly changes: readonly Change[]; readonly pages: number; readonly token: string | null }>
  ids(): Promise<readonly string[]>
}

let series = 0

export function workOn(subject: Subject): Work {
  const { connector, table } = subject
  const fields = Object.values(subject.fields)
  const deadline = (): number => Date.now() + 60_000

  async function createRequest(ref: string, values: Values): Promise<CreateRequest> {
    series += 1
    const whole = { [subject.fields.code]: `T${String(series).padStart(6, '0')}`, ...values }
    if (connector.creation(table) === 'assignedKey')
      return { kind: 'create', ref, id: null, values: whole, deadline: deadline() }
    const [id] = await connector.newIds(table, [whole])
    if (typeof id !== 'string') throw new Error(`No id: ${JSON.stringify(id)}`)
    return { kind: 'create', ref, id, values: whole, deadline: deadline() }
  }

  async function write(
    requests: readonly WriteRequest[],
    options: Partial<WriteOptions> = {},
  ): Promise<ReadonlyMap<string, WriteResult>> {
    const results = new Map<string, WriteResult>()
    await connector.write(table, requests, {
      returnFields: fields,
      beforeCall: () => Promise.resolve(),
      ...options,
      async onResults(answered) {
        for (const result of answered) results.set(result.ref, result)
        await options.onResults?.(answered)
      },
    })
    return results
  }

  async function create(...values: readonly Values[]): Promise<readonly RecordSnapshot[]> {
    const requests = await Promise.all(values.map((value, index) => createRequest(String(index), value)))
    const results = await write(requests)
    return requests.map(({ ref }) => {
      const result = results.get(ref)
      if (result?.kind !== 'written') throw new Error(`Not created: ${JSON.stringify(result)}`)
      return result.record
    })
  }

  return {
    fields,
    createRequest,
    create,
    write,
    updateRequest: (ref, { id, version }, values) => ({
      kind: 'update',
      ref,
      id,
      version,
      values,
      deadline: deadline(),
    }),
    deleteRequest: (ref, { id, version }) => ({ kind: 'delete', ref, id, version, deadline: deadline() }),
    async outcomes(requests) {
      return Object.fromEntries([...(await write(requests))].map(([ref, result]) => [ref, result.kind]))
    },
    async createOne(values) {
      const [record] = await create(values)
      if (record === undefined) throw new Error('One was asked for.')
      return record
    },
    async readOne(id) {
      const [answer] = await connector.readByIds(table, fields, [id])
      if (answer?.kind !== 'found') throw new Error(`Not found: ${JSON.stringify(answer)}`)
      return answer.record
    },
    async readAll(from, pageSize, track = false) {
      const changes: Change[] = []
      let pages = 0
      let next: ChangesFrom | null = from
      let token: string | null = null
      while (next !== null) {
        const page: Awaited<ReturnType<typeof connector.readChanges>> = await connector.readChanges({
          table,
          fields,
          from: next,
          pageSize,
          track,
        })
        changes.push(...page.changes)
        pages += 1
        token = page.token
        next = page.next === null ? null : { kind: 'next', next: page.next }
      }
      return { changes, pages, token }
    },
    async ids() {
      const ids: string[] = []
      let page: IdPage = { ids: [], next: null }
      do {
        page = await connector.readIds(table, page.next)
        ids.push(...page.ids)
      } while (page.next !== null)
      return ids
    },
  }
}
