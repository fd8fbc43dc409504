import { keyFieldsOf, keyLiteral, keyOfId } from '../../domain/record-key.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { Value } from '../../domain/value.js'
import { bareLiteral } from '../http/filter-literals.js'
import { isAscii, piecesByLength, queryOption, quoteLiteral, spellingsOf } from '../http/odata.js'
import { readAll } from './operations.js'
import { readFirst, readList, selectOf } from './rows.js'
import type { ODataService, Send } from './service.js'
import { pathOf } from './service.js'
import { toConnectorError } from './errors.js'

/** Terms of one `$filter`, and their length once percent-encoded: what every server takes in an address. */
const TERMS_IN_FILTER = 30
const LONGEST_FILTER = 3_000

/** One record or value that is looked for: all of its conditions hold. */
export type Test = readonly Condition[]

interface Condition {
  readonly left: string
  readonly literal: string
}

/** Records among which one with a value is looked for. */
const SAMPLES = 20

/** How several values are asked for at once; services differ in what they understand. */
const Style = { or: 'or', in: 'in', single: 'single' } as const
type Style = (typeof Style)[keyof typeof Style]

/** A refusal that may be about the form of the question. */
const NOT_UNDERSTOOD: ReadonlySet<number> = new Set([400, 405, 406, 413, 414, 422, 500, 501])

/** The test for a record by its id; null: the id is no key of the table. */
export function testOfId(table: TableDefinition, id: string): Test | null {
  const names = keyFieldsOf(table)
  const values = keyOfId(id, names.length)
  if (values === null) return null
  return names.map((name, index) => ({ left: name, literal: keyLiteral(table, name, values[index] ?? '') }))
}

/** The tests for a value of a field; null: what the field holds cannot be asked for. Text is compared without case. */
export function testsOfValue(table: TableDefinition, name: string, value: string): readonly Test[] | null {
  const field = fieldOf(table, name)
  switch (field.type.kind) {
    case 'text':
    case 'code':
      return spellingsOf(value).flatMap((spelling) => {
        const folded = [{ left: `tolower(${name})`, literal: quoteLiteral(spelling.toLowerCase()) }]
        // A service may fold letters beyond ASCII otherwise than we do.
        return isAscii(spelling) ? [folded] : [folded, [{ left: name, literal: quoteLiteral(spelling) }]]
      })
    case 'option':
    case 'unsupported':
      return null
    case 'lookup':
      return [[{ left: name, literal: referenceLiteral(field, value) }]]
    default: {
      const literal = bareLiteral(field.type, field.type.kind === 'boolean' ? value === 'true' : value)
      return literal === null ? [] : [[{ left: name, literal }]]
    }
  }
}

function referenceLiteral(field: FieldDefinition, value: string): string {
  return field.referenceKey === 'text' ? quoteLiteral(value) : value
}

/**
 * The records that pass one of the tests, asked for in the way that the service is known to understand, or in the next one that it
 * does: `or`, `in`, one at a time. Null: it understands none of them. `proof`: a field by which each way is tried first, on a record
 * whose value is known, as there are services that take a question for another and answer that. Throws {@link ConnectorError}.
 */
export async function readMatching(
  service: ODataService,
  send: Send,
  table: TableDefinition,
  fields: readonly string[],
  tests: readonly Test[],
  proof: string | null = null,
): Promise<readonly RecordSnapshot[] | null> {
  if (tests.length === 0) return []
  const kind = `${table.name} ${proof ?? ''}`
  const styles = Object.values(Style)
  const known = styles.find((style) => style === service.queryStyles.get(kind))
  const sample = proof === null || known !== undefined ? null : await findSample(service, send, table, proof)
  if (proof !== null && known === undefined && sample === null) return null
  for (const style of styles.slice(known === undefined ? 0 : styles.indexOf(known))) {
    if (sample !== null && style !== known) {
      const found = await askBy(service, send, table, [], style, sample.tests)
      if (found?.some((record) => record.id === sample.id) !== true) continue
    }
    const found = await askBy(service, send, table, fields, style, tests)
    if (found === null) continue
    service.queryStyles.set(kind, style)
    return found
  }
  return null
}

/** Null: the service does not understand the question. */
async function askBy(
  service: ODataService,
  send: Send,
  table: TableDefinition,
  fields: readonly string[],
  style: Style,
  tests: readonly Test[],
): Promise<readonly RecordSnapshot[] | null> {
  const filters = filtersOf(style, tests)
  if (filters === null) return null
  const select = selectOf(service, table, fields)
  const set = pathOf(service, table)
  const answers = await readAll(
    service,
    send,
    filters.map((filter) => `${set}?${select}&${queryOption('$filter', filter)}`),
  )
  if (answers.some(({ status }) => NOT_UNDERSTOOD.has(status))) return null
  const refused = answers.find(({ status }) => status !== 200)
  if (refused !== undefined) throw toConnectorError(refused, service.now())
  const lists = await Promise.all(answers.map(({ body }) => readList(service, send, table, fields, body)))
  return [...new Map(lists.flat().map((record) => [record.id, record])).values()]
}

interface Sample {
  readonly id: string
  readonly tests: readonly Test[]
}

/** A record whose value in the field is known, and the tests that it passes; null: none was found. */
async function findSample(
  service: ODataService,
  send: Send,
  table: TableDefinition,
  field: string,
): Promise<Sample | null> {
  const select = selectOf(service, table, [field])
  const all = `${pathOf(service, table)}?${select}&$top=${SAMPLES}`
  for (const path of [`${all}&${queryOption('$filter', `${field} ne null`)}`, all]) {
    const [answer] = await readAll(service, send, [path])
    if (answer === undefined || NOT_UNDERSTOOD.has(answer.status)) continue
    if (answer.status !== 200) throw toConnectorError(answer, service.now())
    const records = readFirst(service, table, [field], answer.body)
    const record = records.find(({ values }) => tells(table, field, values[field] ?? null))
    const value = record?.values[field] ?? null
    const tests = value === null ? null : testsOfValue(table, field, String(value))
    if (record === undefined || tests === null || tests.length === 0) continue
    return { id: record.id, tests: [...tests, ...tests] }
  }
  return null
}

/** Whether a record with this value shows how a service compares: text only if it is another one in lower case, and is asked for in no other way. */
function tells(table: TableDefinition, field: string, value: Value): boolean {
  if (value === null) return false
  const { kind } = fieldOf(table, field).type
  return (kind !== 'text' && kind !== 'code') || showsCase(value)
}

/** Whether a text is another one in lower case, by letters that every service folds alike. */
export function showsCase(value: Value): boolean {
  const text = String(value)
  return value !== null && isAscii(text) && text.toLowerCase() !== text
}

function filtersOf(style: Style, tests: readonly Test[]): readonly string[] | null {
  switch (style) {
    case 'or':
      return piecesByLength(tests.map(termOf), TERMS_IN_FILTER, LONGEST_FILTER).map((piece) =>
        piece.join(' or '),
      )
    case 'in':
      return listsOf(tests)
    case 'single':
      return tests.map((test) => test.map(({ left, literal }) => `${left} eq ${literal}`).join(' and '))
  }
}

function termOf(test: Test): string {
  const terms = test.map(({ left, literal }) => `${left} eq ${literal}`)
  return terms.length === 1 ? (terms[0] ?? '') : `(${terms.join(' and ')})`
}

/** `a in (1,2)` for every left side; null where a test has several conditions. */
function listsOf(tests: readonly Test[]): readonly string[] | null {
  const lists = new Map<string, string[]>()
  for (const test of tests) {
    const [condition, ...others] = test
    if (condition === undefined || others.length > 0) return null
    lists.set(condition.left, [...(lists.get(condition.left) ?? []), condition.literal])
  }
  return [...lists].flatMap(([left, literals]) =>
    piecesByLength(literals, TERMS_IN_FILTER, LONGEST_FILTER).map(
      (piece) => `${left} in (${piece.join(',')})`,
    ),
  )
}
