import { randomUUID } from 'node:crypto'
import type { Answer, ApiRequest } from '../common/answer.js'
import { emptyAnswer, preferences } from '../common/answer.js'
import type { Connection } from '../common/database.js'
import type { Faults } from '../common/faults.js'
import type { JsonObject } from '../common/json.js'
import { JsonNumber } from '../common/json.js'
import { parseSelect } from '../common/odata/query.js'
import type { Changes } from './changes.js'
import { readChanges } from './changes.js'
import { DataverseError, answerError, doesNotExist, duplicateRecord } from './errors.js'
import type { Precondition } from './etag.js'
import { checkVersion, etagOf } from './etag.js'
import type { RecordJson } from './read.js'
import { annotationsOf, contextUrl, entityAnswer, recordsJson } from './read.js'
import { SERVICE_ROOT } from './route.js'
import type { RuleContext } from './rules.js'
import { changedRow, createdRow } from './rules.js'
import { checkDeletion } from './rules/deletion.js'
import { primaryUnit } from './rules/units.js'
import { Store } from './store.js'
import type { DataverseTable } from './tables.js'
import { UNITS, entityOfSet } from './tables.js'
import type { AcceptedChoices } from './values.js'
import { wholeSecond } from './values.js'

/** One creation, change or deletion. */
export interface Write {
  readonly request: ApiRequest
  readonly table: DataverseTable
  /** `create` refuses an id that is there; `save` creates or changes as the precondition allows. */
  readonly kind: 'create' | 'save' | 'delete'
  readonly id: string
  readonly precondition: Precondition
  /** Empty for a deletion. */
  readonly body: JsonObject
  readonly select: string | undefined
}

export interface WriteContext {
  readonly faults: Faults
  readonly baseCurrency: string
  readonly businessUnit: string
  readonly choices: AcceptedChoices
  readonly now: () => number
  /** The user whom a request acts as. Throws DataverseError when there is none. */
  readonly userOf: (request: ApiRequest) => Promise<string>
}

/** What became of a write: its record's place in the store, or a refusal. */
export type Outcome =
  | { readonly kind: 'refused'; readonly answer: Answer }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'saved'; readonly created: boolean }

interface Prepared {
  readonly write: Write
  readonly user: string
  readonly changes: Changes
}

/**
 * Judges writes one after the other in memory and stores those that passed. With `stopOnError` it ends at the first
 * refusal; `beforeFlush` runs when everything is decided and stamped, before anything is stored.
 */
export async function writeRecords(
  connection: Connection,
  writes: readonly Write[],
  stopOnError: boolean,
  context: WriteContext,
  beforeFlush: (outcomes: readonly Outcome[]) => Promise<void>,
): Promise<{ readonly outcomes: readonly Outcome[]; readonly store: Store }> {
  const prepared: (Prepared | Answer)[] = []
  for (const write of writes) prepared.push(await prepare(write, context))
  const touched = writes.map((write, index) => {
    const entry = prepared[index]
    return {
      table: write.table,
      id: write.id,
      deleting: write.kind === 'delete',
      changes: entry !== undefined && 'changes' in entry ? entry.changes : null,
    }
  })
  const store = await Store.load(connection, touched)
  const stamp = wholeSecond(context.now())
  const outcomes: Outcome[] = []
  for (const entry of prepared) {
    const outcome =
      'changes' in entry
        ? decide(store, entry, stamp, context)
        : ({ kind: 'refused', answer: entry } as const)
    outcomes.push(outcome)
    if (stopOnError && outcome.kind === 'refused') break
  }
  await beforeFlush(outcomes)
  await store.flush(connection)
  return { outcomes, store }
}

/** The answers to writes that were stored. */
export async function answerWrites(
  connection: Connection,
  writes: readonly Write[],
  outcomes: readonly Outcome[],
  store: Store,
): Promise<Answer[]> {
  const representations = await loadRepresentations(connection, writes, outcomes)
  return outcomes.map((outcome, index) => {
    const write = writes[index]
    if (outcome.kind === 'refused') return outcome.answer
    if (outcome.kind === 'deleted' || write === undefined) return emptyAnswer(204, { 'odata-version': '4.0' })
    const { table, request, id } = write
    const headers: Record<string, string> = { 'odata-version': '4.0' }
    const row = store.get(table, id)
    if (row !== null) headers['etag'] = etagOf(row)
    const record = wantsRepresentation(write) ? representations.get(groupOf(write))?.get(id) : undefined
    if (record === undefined) {
      return emptyAnswer(204, {
        ...headers,
        'odata-entityid': `${request.origin}${SERVICE_ROOT}/${table.name}(${id})`,
      })
    }
    const context = `${contextUrl(request, table, parseSelect(write.select))}/$entity`
    return entityAnswer(outcome.created ? 201 : 200, context, record.json, {
      ...headers,
      'preference-applied': 'return=representation',
    })
  })
}

async function prepare(write: Write, context: WriteContext): Promise<Prepared | Answer> {
  try {
    const user = await context.userOf(write.request)
    const rejection = context.faults.quiet
      ? null
      : context.faults.reject(write.request.method, write.request.url, (field) => sentText(write.body, field))
    if (rejection !== null)
      throw new DataverseError(rejection.status, rejection.code ?? '0x80040265', rejection.message)
    // A member that may only be given on creation is judged once it is known whether the record exists.
    return { write, user, changes: readChanges(write.table, write.body, true, context.choices) }
  } catch (error) {
    return answerError(error)
  }
}

function sentText(body: JsonObject, field: string): string | null | undefined {
  const value = body[field]
  if (value === undefined || value === null) return value
  return value instanceof JsonNumber ? value.source : String(value)
}

function decide(store: Store, prepared: Prepared, stamp: string, context: WriteContext): Outcome {
  const { write, changes } = prepared
  const { table, id } = write
  try {
    const row = store.get(table, id)
    if (write.kind === 'delete') {
      if (row === null) throw doesNotExist(table.entity, id)
      checkVersion(write.precondition, row)
      checkDeletion(table, row)
      if (store.isRestricted(table, id)) {
        throw new DataverseError(
          405,
          '0x80040227',
          'The object you tried to delete is associated with another object and cannot be deleted.',
        )
      }
      store.remove(table, id, stamp)
      return { kind: 'deleted' }
    }
    for (const target of changes.lookups.values()) {
      if (target !== null && !store.targetExists(target.set, target.id)) {
        throw doesNotExist(entityOfSet(target.set), target.id)
      }
    }
    const rules: RuleContext = {
      baseCurrency: context.baseCurrency,
      businessUnit: context.businessUnit,
      user: prepared.user,
      stamp,
      rateOf: (currency) => store.rateOf(currency),
      unitOf: (unit) => store.unitOf(unit),
      primaryUnitOf: (schedule) => store.primaryUnitOf(schedule),
      isDisabledUser: (user) => store.isDisabledUser(user),
      newProductsAreActive: store.newProductsAreActive,
    }
    if (row === null) {
      const mustExist = write.precondition.kind === 'mustExist' || write.precondition.kind === 'version'
      if (write.kind === 'save' && (mustExist || !table.creatable)) throw doesNotExist(table.entity, id)
      checkUnique(store, table, id, changes)
      const created = createdRow(table, id, changes, rules)
      store.put(table, created)
      if (table.name === 'uomschedules') store.put(UNITS, primaryUnit(randomUUID(), created))
      return { kind: 'saved', created: true }
    }
    if (write.kind === 'create' || write.precondition.kind === 'mustNotExist') throw duplicateRecord()
    checkVersion(write.precondition, row)
    checkUnique(store, table, id, changes)
    store.put(table, changedRow(table, row, readChanges(table, write.body, false, context.choices), rules))
    return { kind: 'saved', created: false }
  } catch (error) {
    return { kind: 'refused', answer: answerError(error) }
  }
}

function checkUnique(store: Store, table: DataverseTable, id: string, changes: Changes): void {
  for (const column of table.columns.filter(({ unique }) => unique === true)) {
    const value = changes.values.get(column.name) ?? null
    const owner = value === null ? undefined : store.ownerOf(table, column.name, value)
    if (value === null || owner === undefined || owner === id) continue
    const own = table.refusals.duplicate?.[column.name]
    throw own === undefined ? duplicateRecord() : new DataverseError(400, own.code, own.message(value))
  }
}

function wantsRepresentation(write: Write): boolean {
  return preferences(write.request.headers).get('return') === 'representation'
}

/** Writes whose answers show the same members of the same table. */
function groupOf(write: Write): string {
  return `${write.table.name}?${write.select ?? ''}#${annotationsOf(write.request) ?? ''}`
}

async function loadRepresentations(
  connection: Connection,
  writes: readonly Write[],
  outcomes: readonly Outcome[],
): Promise<Map<string, Map<string, RecordJson>>> {
  const groups = new Map<string, { write: Write; ids: string[] }>()
  for (const [index, write] of writes.entries()) {
    if (outcomes[index]?.kind !== 'saved' || !wantsRepresentation(write)) continue
    const group = groups.get(groupOf(write)) ?? { write, ids: [] }
    group.ids.push(write.id)
    groups.set(groupOf(write), group)
  }
  const result = new Map<string, Map<string, RecordJson>>()
  for (const [name, { write, ids }] of groups) {
    result.set(
      name,
      await recordsJson(
        connection,
        write.table,
        parseSelect(write.select),
        annotationsOf(write.request),
        ids,
      ),
    )
  }
  return result
}
