import { randomUUID } from 'node:crypto'
import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer } from '../common/answer.js'
import type { Connection } from '../common/database.js'
import type { Faults } from '../common/faults.js'
import type { JsonObject } from '../common/json.js'
import { JsonNumber } from '../common/json.js'
import { deleteRows, insertRows, lockRows, nextVersions, updateRows } from '../common/records.js'
import type { Row } from '../common/table.js'
import { blankRow } from '../common/table.js'
import type { Changes } from './changes.js'
import { applyChanges, readChanges } from './changes.js'
import { loadDirectories } from './directories.js'
import { BusinessCentralError, answerError, recordNotFound } from './errors.js'
import { checkIfMatch, checkIfMatchForm, etagOf } from './etag.js'
import { nextNumbers } from './number-series.js'
import { claim, followRename, loadOwners, release } from './primary-keys.js'
import { contextUrl, entityAnswer, recordsJson } from './read.js'
import type { Company, Route } from './route.js'
import type { BusinessCentralTable } from './table.js'
import { VERSION } from './table.js'

/** One creation, change or deletion. */
export interface Write {
  readonly request: ApiRequest
  readonly route: Route
  readonly table: BusinessCentralTable
  readonly method: 'POST' | 'PATCH' | 'DELETE'
  /** Null for a creation. */
  readonly id: string | null
  /** Throws when the body is no JSON object. */
  readonly body: () => JsonObject
}

export interface WriteContext {
  readonly company: Company
  readonly faults: Faults
  readonly strictDelete: boolean
  readonly now: () => number
}

type Prepared =
  { readonly write: Write; readonly changes: Changes } | { readonly write: Write; readonly refusal: Answer }
type Outcome =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'written'; readonly row: Row; readonly created: boolean }

/**
 * Writes on different records of one table in one transaction: reads what they need with a few statements, judges each
 * by itself, and stores all that passed with one statement per kind. With `stopOnError` it ends at the first refusal.
 */
export async function writeRecords(
  connection: Connection,
  writes: readonly Write[],
  stopOnError: boolean,
  context: WriteContext,
): Promise<Answer[]> {
  const table = writes[0]?.table
  if (table === undefined) return []
  const prepared = writes.map((write) => prepare(write, context))
  const rows = await lockRows(
    connection,
    table,
    writes.map((write) => write.id).filter((id) => id !== null),
  )
  const changes = prepared.flatMap((entry) => ('changes' in entry ? [entry.changes] : []))
  const directories = await loadDirectories(connection, table, changes)
  const owners = await loadOwners(connection, table, changes)
  const numbers = await seriesNumbers(connection, table, prepared)
  const versions = await nextVersions(connection, prepared.length)
  const stamp = new Date(context.now()).toISOString()

  const outcomes: Outcome[] = []
  const inserts: Row[] = []
  const updates: Row[] = []
  const deletes: string[] = []
  const renames: { from: string; to: string }[] = []
  for (const [index, entry] of prepared.entries()) {
    const outcome = attempt(() => {
      const { write } = entry
      if ('refusal' in entry) return { kind: 'answered', answer: entry.refusal }
      const row = write.id === null ? null : (rows.get(write.id) ?? null)
      if (write.method === 'POST') {
        const start = initialRow(table, context.company)
        if (
          table.series !== undefined &&
          table.primary !== null &&
          (entry.changes.get(table.primary) ?? '') === ''
        ) {
          entry.changes.set(table.primary, numbers.shift() ?? '')
        }
        const next = applyChanges(
          table,
          start,
          entry.changes,
          true,
          directories,
          context.company.currencyCode,
        )
        if (table.primary !== null && (next[table.primary] ?? '') === '') {
          throw new BusinessCentralError(
            400,
            'BadRequest_RequiredParamNotProvided',
            `The field '${table.primary}' must not be blank.`,
          )
        }
        claim(table, owners, next)
        stampRow(table, next, stamp, versions[index])
        inserts.push(next)
        return { kind: 'written', row: next, created: true }
      }
      if (row === null || write.id === null) throw recordNotFound(table.caption, write.id ?? '')
      checkIfMatch(write.method, write.request.headers['if-match'], row, context.strictDelete)
      if (write.method === 'DELETE') {
        release(table, owners, row)
        deletes.push(write.id)
        return { kind: 'answered', answer: emptyAnswer(204) }
      }
      const next = applyChanges(table, row, entry.changes, false, directories, context.company.currencyCode)
      if (table.primary !== null && next[table.primary] !== row[table.primary]) {
        claim(table, owners, next)
        renames.push({ from: row[table.primary] ?? '', to: next[table.primary] ?? '' })
      }
      stampRow(table, next, stamp, versions[index])
      updates.push(next)
      return { kind: 'written', row: next, created: false }
    })
    outcomes.push(outcome)
    if (stopOnError && outcome.kind === 'answered' && outcome.answer.status >= 400) break
  }
  await deleteRows(connection, table, deletes)
  await updateRows(connection, table, updates)
  await insertRows(connection, table, inserts)
  for (const rename of renames) await followRename(connection, table, rename, stamp)
  return answerAll(connection, table, writes, outcomes)
}

function attempt(work: () => Outcome): Outcome {
  try {
    return work()
  } catch (error) {
    return { kind: 'answered', answer: answerError(error) }
  }
}

/** What can be judged without the database. */
function prepare(write: Write, context: WriteContext): Prepared {
  try {
    if (write.method !== 'POST')
      checkIfMatchForm(write.method, write.request.headers['if-match'], context.strictDelete)
    if (write.method === 'DELETE') return { write, changes: new Map() }
    const body = write.body()
    const changes = readChanges(write.table, body, write.method === 'POST')
    const rejection = context.faults.quiet
      ? null
      : context.faults.reject(write.request.method, write.request.url, (field) => sentText(body, field))
    if (rejection !== null)
      throw new BusinessCentralError(rejection.status, rejection.code, rejection.message)
    return { write, changes }
  } catch (error) {
    return { write, refusal: answerError(error) }
  }
}

function sentText(body: JsonObject, field: string): string | null | undefined {
  const value = body[field]
  if (value === undefined || value === null) return value
  return value instanceof JsonNumber ? value.source : String(value)
}

function seriesNumbers(
  connection: Connection,
  table: BusinessCentralTable,
  prepared: readonly Prepared[],
): Promise<string[]> {
  const { primary } = table
  const needed = prepared.filter(
    (entry) =>
      entry.write.method === 'POST' &&
      'changes' in entry &&
      primary !== null &&
      (entry.changes.get(primary) ?? '') === '',
  )
  return table.series === undefined ? Promise.resolve([]) : nextNumbers(connection, table, needed.length)
}

function initialRow(table: BusinessCentralTable, company: Company): Row {
  const row = { ...blankRow(table), id: randomUUID() }
  return table.name === 'customers' ? { ...row, currencyCode: company.currencyCode } : row
}

function stampRow(table: BusinessCentralTable, row: Row, stamp: string, version: string | undefined): void {
  row[table.stamp] = stamp
  row[VERSION] = version ?? null
}

async function answerAll(
  connection: Connection,
  table: BusinessCentralTable,
  writes: readonly Write[],
  outcomes: readonly Outcome[],
): Promise<Answer[]> {
  const ids = outcomes.flatMap((outcome) => (outcome.kind === 'written' ? [outcome.row['id'] ?? ''] : []))
  const json = await recordsJson(connection, table, null, ids)
  return outcomes.map((outcome, index) => {
    const write = writes[index]
    if (outcome.kind === 'answered' || write === undefined) {
      return outcome.kind === 'answered' ? outcome.answer : emptyAnswer(204)
    }
    const id = outcome.row['id'] ?? ''
    const context = `${contextUrl(write.request, write.route, table, null)}/$entity`
    const headers: Record<string, string> = { etag: etagOf(outcome.row) }
    if (outcome.created)
      headers['location'] =
        `${write.request.origin}${write.route.root}/${write.route.scope}${table.name}(${id})`
    return entityAnswer(outcome.created ? 201 : 200, context, json.get(id) ?? '{}', headers)
  })
}
