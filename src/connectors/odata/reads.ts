import type { ReadById, RecordSnapshot } from '../../domain/record.js'
import { keyFieldsOf } from '../../domain/record-key.js'
import type { TableDefinition } from '../../domain/schema.js'
import { foldCase } from '../../domain/text.js'
import type { Value } from '../../domain/value.js'
import { isJsonObject } from '../http/exact-json.js'
import { canBeStored, unreadable } from '../http/odata.js'
import { readError, toConnectorError } from './errors.js'
import { readMatching, testOfId, testsOfValue } from './matching.js'
import type { OperationAnswer } from './operations.js'
import { readAll } from './operations.js'
import { readRecords, selectOf } from './rows.js'
import type { ODataService, Send } from './service.js'
import { recordPath } from './service.js'

/**
 * Lists by the key. An id that no list shows is asked for by itself: only then is a record told to be gone, so that nothing that is
 * merely hidden from us is taken for deleted. One answer for every id, in the order asked. Throws {@link ConnectorError}.
 */
export async function readByIds(
  service: ODataService,
  send: Send,
  table: TableDefinition,
  fields: readonly string[],
  ids: readonly string[],
): Promise<readonly ReadById[]> {
  const wanted = [...new Set(ids)]
  const tests = wanted.filter(canBeStored).flatMap((id) => {
    const test = testOfId(table, id)
    return test === null ? [] : [test]
  })
  const known = new Map<string, ReadById>()
  // One record is read quicker, and shows by itself whether it is gone.
  const listed = tests.length > 1 ? await readMatching(service, send, table, fields, tests) : null
  for (const record of listed ?? []) known.set(record.id, { kind: 'found', record })

  const missing = wanted.flatMap((id) => {
    if (known.has(id)) return []
    const path = canBeStored(id) ? recordPath(service, table, id) : null
    if (path === null) known.set(id, { kind: 'gone', id })
    return path === null ? [] : [{ id, path }]
  })
  const select = selectOf(service, table, fields)
  const answers = await readAll(
    service,
    send,
    missing.map(({ path }) => `${path}?${select}`),
  )
  missing.forEach(({ id }, index) => known.set(id, judge(service, table, fields, id, answers[index])))
  return ids.map((id) => known.get(id) ?? { kind: 'gone', id })
}

/** Some services answer for a record that is not there with no content, or with an empty list. */
function judge(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  id: string,
  answer: OperationAnswer | undefined,
): ReadById {
  if (answer === undefined) throw unreadable(service.system, 'a part of the batch is missing')
  const { status, body } = answer
  if (status === 404 || status === 410 || status === 204) return { kind: 'gone', id }
  if (status === 403) return { kind: 'forbidden', id, message: readError(answer).message }
  if (status !== 200) throw toConnectorError(answer, service.now())
  if (!isJsonObject(body)) throw unreadable(service.system, 'it is no record')
  const hasKey = keyFieldsOf(table).every((name) => body[name] !== undefined)
  if (!hasKey && Array.isArray(body['value']) && body['value'].length === 0) return { kind: 'gone', id }
  const [record] = readRecords(service, table, fields, [body])
  if (record === undefined) throw unreadable(service.system, 'it is no record')
  return { kind: 'found', record }
}

/**
 * Every record whose field equals one of the values, text without case. What the service finds too much is left out here; where it
 * understands no question of ours `scan` reads all records. Throws {@link ConnectorError}.
 */
export async function readByValues(
  service: ODataService,
  table: TableDefinition,
  fields: readonly string[],
  field: string,
  values: readonly string[],
  scan: (fields: readonly string[]) => Promise<readonly RecordSnapshot[]>,
): Promise<readonly RecordSnapshot[]> {
  const wanted = [...new Set(values.filter(canBeStored))]
  if (wanted.length === 0) return []
  const read = [...new Set([...fields, field])]
  const tests = wanted.map((value) => testsOfValue(table, field, value))
  const askable = tests.filter((test) => test !== null)
  const found =
    askable.length < tests.length
      ? null
      : await readMatching(service, service.send, table, read, askable.flat(), field)
  const folded = new Set(wanted.map(foldCase))
  return (found ?? (await scan(read)))
    .filter(({ values: held }) => isOneOf(held[field] ?? null, folded))
    .map((record) => (fields.includes(field) ? record : without(record, field)))
}

function isOneOf(value: Value, folded: ReadonlySet<string>): boolean {
  return value !== null && folded.has(foldCase(String(value)))
}

function without(record: RecordSnapshot, field: string): RecordSnapshot {
  const values = Object.entries(record.values).filter(([name]) => name !== field)
  return { ...record, values: Object.fromEntries(values) }
}
