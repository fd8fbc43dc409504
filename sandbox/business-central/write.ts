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
import type { Changes, Directories } from './changes.js'
import { applyChanges, readChanges } from './changes.js'
import { loadDirectories } from './directories.js'
import { BusinessCentralError, answerError, recordNotFound } from './errors.js'
import { checkIfMatch, checkIfMatchForm, etagOf } from './etag.js'
import { nextNumbers } from './number-series.js'
import { claim, followRename, loadOwners, release } from './primary-keys.js'
import { contextUrl, entityAnswer, recordsJson } from './read.js'
import type { Company, Route } from './route.js'
import type { Rules } from './rules.js'
import type { BusinessCentralTable } from './table.js'
import { VERSION, storedTable } from './table.js'
import { loadRules } from './table-rules.js'

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
 * Writes on different records of one entity set in one transaction: reads what they need with a few statements, judges each
 * by itself, and stores all that passed with one statement per kind. With `stopOnError` it ends at the first refusal.
 */
export async function writeRecords(
  connection: Connection,
  writes: readonly Write[],
  stopOnError: boolean,
  context: WriteContext,
): Promise<Answer[]> {
  const entitySet = writes[0]?.table
  if (entitySet === undefined) return []
  const table = storedTable(entitySet)
  const prepared = writes.map((write) => prepare(write, context))
  const rows = await lockRows(
    connection,
    table,
    writes.map((write) => write.id).filter((id) => id !== null),
  )
  const changes = prepared.flatMap((entry) => ('changes' in entry ? [entry.changes] : []))
  const stamp = new Date(context.now()).toISOString()
  const known: Known = {
    table,
    localCurrency: context.company.currencyCode,
    directories: await loadDirectories(connection, table, changes),
    owners: await loadOwners(connection, table, changes),
    numbers: await seriesNumbers(connection, table, prepared),
    rules: await loadRules(table, { connection, stamp, changes }),
  }
  const versions = await nextVersions(connection, prepared.length)

  const outcomes: Outcome[] = []
  const inserted: Row[] = []
  const updated: { before: Row; after: Row }[] = []
  const deleted: Row[] = []
  for (const [index, entry] of prepared.entries()) {
    const outcome = attempt(() => {
      const { write } = entry
      if ('refusal' in entry) return { kind: 'answered', answer: entry.refusal }
      if (write.method === 'POST') {
        const next = createdRow(known, entry.changes)
        stampRow(table, next, stamp, versions[index])
        inserted.push(next)
        return { kind: 'written', row: next, created: true }
      }
      const row = write.id === null ? undefined : rows.get(write.id)
      if (row === undefined) throw recordNotFound(table.caption, write.id ?? '')
      checkIfMatch(write.method, write.request.headers['if-match'], row, context.strictDelete)
      if (write.method === 'DELETE') {
        release(table, known.owners, row)
        deleted.push(row)
        return { kind: 'answered', answer: emptyAnswer(204) }
      }
      const next = changedRow(known, row, entry.changes)
      stampRow(table, next, stamp, versions[index])
      updated.push({ before: row, after: next })
      return { kind: 'written', row: next, created: false }
    })
    outcomes.push(outcome)
    if (stopOnError && outcome.kind === 'answered' && outcome.answer.status >= 400) break
  }
  await deleteRows(
    connection,
    table,
    deleted.map((row) => row[table.key] ?? ''),
  )
  await updateRows(
    connection,
    table,
    updated.map(({ after }) => after),
  )
  await insertRows(connection, table, inserted)
  for (const { before, after } of updated) await followRename(connection, table, before, after, stamp)
  await known.rules.follow({ inserted, updated, deleted })
  return answerAll(connection, entitySet, writes, outcomes)
}

/** What was read beforehand to judge every write. */
interface Known {
  readonly table: BusinessCentralTable
  readonly localCurrency: string
  readonly directories: Directories
  readonly owners: Map<string, string>
  /** Free numbers of the table's series, as many as may be needed. */
  readonly numbers: string[]
  readonly rules: Rules
}

/** A new record. Throws BusinessCentralError. */
function createdRow(known: Known, changes: Changes): Row {
  const { table } = known
  const { primary } = table
  if (table.series !== undefined && primary !== null && (changes.get(primary) ?? '') === '')
    changes.set(primary, known.numbers.shift() ?? '')
  const start = initialRow(table, known.localCurrency)
  const next = applyChanges(table, start, changes, true, known.directories, known.localCurrency)
  if (primary !== null && (next[primary] ?? '') === '') {
    throw new BusinessCentralError(
      400,
      'BadRequest_RequiredParamNotProvided',
      `The field '${primary}' must not be blank.`,
    )
  }
  known.rules.judge(next, null, changes)
  claim(table, known.owners, next)
  return next
}

/** A record with its changes. Throws BusinessCentralError. */
function changedRow(known: Known, row: Row, changes: Changes): Row {
  const { table } = known
  const next = applyChanges(table, row, changes, false, known.directories, known.localCurrency)
  known.rules.judge(next, row, changes)
  if (table.primary !== null && next[table.primary] !== row[table.primary]) claim(table, known.owners, next)
  return next
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
      throw new BusinessCentralError(
        rejection.status,
        rejection.code ?? 'Application_DialogException',
        rejection.message,
      )
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

/** Records with a currency have the local one at first, which shows in the code alone. */
function initialRow(table: BusinessCentralTable, localCurrency: string): Row {
  const row = { ...blankRow(table), id: randomUUID() }
  const currency = table.relations.find((relation) => relation.target === 'currencies')?.code ?? null
  return currency === null ? row : { ...row, [currency]: localCurrency }
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
