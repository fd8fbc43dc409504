import { createHash } from 'node:crypto'
import { idOfKey, keyFieldsOf, keyOfId } from '../../domain/record-key.js'
import type { RecordSnapshot } from '../../domain/record.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { Value, Values } from '../../domain/value.js'
import { assertNever } from '../../domain/value.js'
import {
  readBoolean,
  readCode,
  readDate,
  readDateTime,
  readGuid,
  readNumber,
  readStamp,
  readText,
  unsupported,
  WireValueError,
} from '../http/canonical.js'
import type { ExactJson, ExactJsonObject, OutgoingJson, OutgoingObject } from '../http/exact-json.js'
import { sendBoolean, sendNumber, sendText } from '../http/outgoing.js'

/** Begins the version of a record to which the service gives no ETag: the rest is a hash of its canonical values. */
const COMPARED = 'values:'

/** Whether such a version can be sent as If-Match. */
export function isETag(version: string): boolean {
  return !version.startsWith(COMPARED)
}

/** The members to ask for. Without ETags all that can be read, as the version is made of them. */
export function membersOf(
  table: TableDefinition,
  fields: readonly string[],
  hasETags: boolean,
): readonly string[] {
  const wanted = hasETags ? fields : readable(table).map((field) => field.name)
  const stamp = table.stampField === '' ? [] : [table.stampField]
  return [...new Set([...keyFieldsOf(table), ...stamp, ...wanted])]
}

/**
 * A row as a record with `fields`. A member that was asked for and is not there is blank, as services leave out what has no value;
 * `wasAskedFor` false: it may as well not have been asked for, and is left out. Throws {@link WireValueError}.
 */
export function readRecord(
  table: TableDefinition,
  fields: readonly string[],
  row: ExactJsonObject,
  wasAskedFor: boolean,
): RecordSnapshot {
  const id = readId(table, row)
  if (id === null)
    throw new WireValueError(table.keyField, `A row of ${table.name} has no ${table.keyField}.`)
  const values: Record<string, Value> = {}
  for (const name of fields) {
    if (name === table.stampField) continue
    const value = row[name]
    if (value !== undefined) values[name] = readValue(fieldOf(table, name), value)
    else if (wasAskedFor) values[name] = null
  }
  const stamp = table.stampField === '' ? 0 : readStamp(row[table.stampField], table.stampField)
  return { id, version: versionOf(table, row), stamp, values }
}

/** The id of a row; null where it lacks its key. */
export function readId(table: TableDefinition, row: ExactJsonObject): string | null {
  const values: string[] = []
  for (const name of keyFieldsOf(table)) {
    const value = row[name]
    const key = value === undefined ? null : readValue(fieldOf(table, name), value)
    if (key === null) return null
    values.push(String(key))
  }
  return idOfKey(values)
}

/** The members of the key of a record with this id. Throws {@link WireValueError}. */
export function keyMembers(table: TableDefinition, id: string): OutgoingObject {
  const names = keyFieldsOf(table)
  const values = keyOfId(id, names.length)
  if (values === null) throw new WireValueError(table.keyField, `${id} is no key of ${table.caption}.`)
  return Object.fromEntries(
    names.map((name, index) => [name, writeValue(fieldOf(table, name), values[index] ?? '')]),
  )
}

function versionOf(table: TableDefinition, row: ExactJsonObject): string {
  const etag = row['@odata.etag']
  if (typeof etag === 'string') return etag
  const held = readable(table).map((field) => {
    const value = row[field.name]
    return value === undefined ? null : readValue(field, value)
  })
  const stamp = table.stampField === '' ? null : (row[table.stampField] ?? null)
  const text = JSON.stringify([held, stamp])
  return `${COMPARED}${createHash('sha256').update(text).digest('base64url')}`
}

function readable(table: TableDefinition): readonly FieldDefinition[] {
  return table.fields.filter((field) => field.type.kind !== 'unsupported')
}

/** The canonical value of a member. Throws {@link WireValueError}. */
export function readValue(field: FieldDefinition, value: ExactJson): Value {
  const { name, type } = field
  switch (type.kind) {
    case 'text':
    case 'option':
      return readText(value, name)
    case 'code':
      return readCode(value, name)
    case 'decimal':
    case 'integer':
      return readNumber(value, name)
    case 'boolean':
      return readBoolean(value, name)
    case 'guid':
      return readGuid(value, name)
    case 'lookup':
      if (field.referenceKey === 'integer') return readNumber(value, name)
      return field.referenceKey === 'text' ? readText(value, name) : readGuid(value, name)
    case 'date':
      return readDate(value, name)
    case 'dateTime':
      return readDateTime(value, name)
    case 'unsupported':
      throw unsupported(name, type.name)
    default:
      return assertNever(type)
  }
}

/** The body of a POST (`create`) or PATCH (`update`), without what may not be sent. Throws {@link WireValueError}. */
export function writeBody(table: TableDefinition, values: Values, kind: 'create' | 'update'): OutgoingObject {
  const body: Record<string, OutgoingJson> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(table, name)
    if (field.readOnly === true || (field.createOnly === true && kind === 'update')) continue
    if (field.bind === undefined) body[name] = writeValue(field, value)
    else
      body[`${field.bind.navigation}@odata.bind`] =
        value === null ? null : `${field.bind.entitySet}(${String(value)})`
  }
  return body
}

function writeValue(field: FieldDefinition, value: Value): OutgoingJson {
  const { type, name } = field
  if (value === null) return null
  switch (type.kind) {
    case 'decimal':
    case 'integer':
      return sendNumber(value, name)
    case 'boolean':
      return sendBoolean(value, name)
    case 'lookup':
      return field.referenceKey === 'integer' ? sendNumber(value, name) : sendText(value, name)
    case 'text':
    case 'code':
    case 'date':
    case 'dateTime':
    case 'option':
    case 'guid':
      return sendText(value, name)
    case 'unsupported':
      throw unsupported(name, type.name)
    default:
      return assertNever(type)
  }
}
