import { randomUUID } from 'node:crypto'
import type { ChangesFrom, WriteRequest } from '../../../src/connectors/connector.js'
import type { Change, RecordSnapshot } from '../../../src/domain/record.js'
import type { Values } from '../../../src/domain/value.js'
import type { Bench } from './sandbox.js'
import { writeAll } from './sandbox.js'

/** What differs between the two systems, so that one test says what both must do. */
export interface Dialect {
  readonly kind: 'BUSINESS_CENTRAL' | 'DATAVERSE'
  readonly name: string
  readonly city: string
  readonly amount: string
  readonly lookup: string
  readonly longestName: number
  readonly codeField: string
}

export const BUSINESS_CENTRAL_DIALECT: Dialect = {
  kind: 'BUSINESS_CENTRAL',
  name: 'displayName',
  city: 'city',
  amount: 'creditLimit',
  lookup: 'currencyId',
  longestName: 100,
  codeField: 'number',
}

export const DATAVERSE_DIALECT: Dialect = {
  kind: 'DATAVERSE',
  name: 'name',
  city: 'address1_city',
  amount: 'creditlimit',
  lookup: 'transactioncurrencyid',
  longestName: 160,
  codeField: 'accountnumber',
}

export interface AllChanges {
  readonly changes: readonly Change[]
  readonly pages: number
  readonly token: string | null
}

export type CreateRequest = Extract<WriteRequest, { readonly kind: 'create' }>
export type UpdateRequest = Extract<WriteRequest, { readonly kind: 'update' }>

/** What the tests do again and again with the records of one sandbox. */
export interface Work {
  /** The fields that all reads ask for. */
  readonly fields: readonly string[]
  /** With a code of its own. */
  createRequest(ref: string, values: Values): CreateRequest
  updateRequest(ref: string, record: RecordSnapshot, values: Values): UpdateRequest
  deleteRequest(ref: string, record: RecordSnapshot): WriteRequest
  createOne(values: Values): Promise<RecordSnapshot>
  createRecords(...values: readonly Values[]): Promise<readonly RecordSnapshot[]>
  readOne(id: string): Promise<RecordSnapshot>
  /** Follows the pages to the last. */
  readAll(from: ChangesFrom, pageSize: number, track?: boolean): Promise<AllChanges>
}

let series = 0

export function workOn(bench: Bench, dialect: Dialect): Work {
  const { connector, table } = bench
  const fields = [dialect.name, dialect.city, dialect.amount, dialect.lookup, dialect.codeField]
  const deadline = (): number => Date.now() + 60_000

  function createRequest(ref: string, values: Values): CreateRequest {
    series += 1
    const code = `T${String(series).padStart(6, '0')}`
    const id = dialect.kind === 'DATAVERSE' ? randomUUID() : null
    return { kind: 'create', ref, id, values: { [dialect.codeField]: code, ...values }, deadline: deadline() }
  }

  async function createRecords(...values: readonly Values[]): Promise<readonly RecordSnapshot[]> {
    const requests = values.map((value, index) => createRequest(String(index), value))
    const results = await writeAll(bench, requests, fields)
    return requests.map(({ ref }) => {
      const result = results.get(ref)
      if (result?.kind !== 'written') throw new Error(`Not created: ${JSON.stringify(result)}`)
      return result.record
    })
  }

  return {
    fields,
    createRequest,
    createRecords,
    updateRequest: (ref, { id, version }, values) => ({
      kind: 'update',
      ref,
      id,
      version,
      values,
      deadline: deadline(),
    }),
    deleteRequest: (ref, { id, version }) => ({ kind: 'delete', ref, id, version, deadline: deadline() }),
    async createOne(values) {
      const [record] = await createRecords(values)
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
      let page = await connector.readChanges({ table, fields, from, pageSize, track })
      changes.push(...page.changes)
      let pages = 1
      while (page.next !== null) {
        page = await connector.readChanges({
          table,
          fields,
          from: { kind: 'next', next: page.next },
          pageSize,
          track,
        })
        changes.push(...page.changes)
        pages += 1
      }
      return { changes, pages, token: page.token }
    },
  }
}
