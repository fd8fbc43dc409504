import type { RecordSnapshot } from '../../domain/record.js'
import type { FieldDefinition, TableDefinition } from '../../domain/schema.js'
import { fieldOf } from '../../domain/schema.js'
import type { FieldType, Value, Values } from '../../domain/value.js'
import { assertNever } from '../../domain/value.js'
import {
  BLANK_DATE,
  readBoolean,
  readCode,
  readDate,
  readDateTime,
  readGuid,
  readIdentity,
  readNumber,
  readStamp,
  readText,
  unsupported,
  ZERO_GUID,
} from '../http/canonical.js'
import type { ExactJson, ExactJsonObject, OutgoingJson, OutgoingObject } from '../http/exact-json.js'
import { jsonNumber } from '../http/exact-json.js'
import { sendBoolean, sendNumber, sendText } from '../http/outgoing.js'
import { wireField } from './codes.js'
import { BLANK_MEMBER, decodeMemberName, encodeMemberName } from './member-names.js'

/** The members to ask for so that a row becomes a record with these fields. */
export function selectOf(table: TableDefinition, fields: readonly string[]): string {
  const members = fields.map((name) =>
    name === table.keyField || name === table.stampField ? name : wireField(fieldOf(table, name)).name,
  )
  return [...new Set([table.keyField, table.stampField, ...members])].join(',')
}

/** A row of API v2.0 as a record with those of `fields` that the row has; references by code are left as codes. Throws {@link WireValueError}. */
export function readRecord(
  table: TableDefinition,
  fields: readonly string[],
  row: ExactJsonObject,
): RecordSnapshot {
  const { id, version } = readIdentity(table, row)
  const values: Record<string, Value> = {}
  for (const name of fields) {
    const field = wireField(fieldOf(table, name))
    const value = row[field.name]
    if (value !== undefined) values[name] = readValue(field, value)
  }
  return { id, version, stamp: readStamp(row[table.stampField], table.stampField), values }
}

/** The canonical value of a member. Throws {@link WireValueError}. */
export function readValue(field: FieldDefinition, value: ExactJson): Value {
  const { name, type } = field
  switch (type.kind) {
    case 'text':
      return readText(value, name)
    case 'code':
      return readCode(value, name)
    case 'decimal':
    case 'integer':
      return readNumber(value, name) ?? (type.nullable ? null : '0')
    case 'boolean':
      return readBoolean(value, name) ?? (type.nullable ? null : false)
    case 'option': {
      const member = readText(value, name)
      const external = member === null ? '' : decodeMemberName(member)
      return external.trim() === '' ? null : external
    }
    case 'guid':
    case 'lookup':
      return readGuid(value, name)
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
    const member = wireField(field)
    body[member.name] = writeValue(member, value)
  }
  return body
}

/** A canonical value as a member. Business Central has no null: a blank has a value of its own in every type. */
export function writeValue(field: FieldDefinition, value: Value): OutgoingJson {
  const { type, name } = field
  if (value === null) return blankOf(type)
  switch (type.kind) {
    case 'text':
    case 'code':
    case 'date':
    case 'dateTime':
      return sendText(value, name)
    case 'decimal':
    case 'integer':
      return sendNumber(value, name)
    case 'boolean':
      return sendBoolean(value, name)
    case 'option':
      return encodeMemberName(sendText(value, name))
    case 'guid':
    case 'lookup':
      return readGuid(value, name) ?? ZERO_GUID
    case 'unsupported':
      throw unsupported(name, type.name)
    default:
      return assertNever(type)
  }
}

function blankOf(type: FieldType): OutgoingJson {
  switch (type.kind) {
    case 'text':
    case 'code':
      return ''
    case 'decimal':
    case 'integer':
      return jsonNumber('0')
    case 'boolean':
      return false
    case 'option':
      return BLANK_MEMBER
    case 'guid':
    case 'lookup':
      return ZERO_GUID
    case 'date':
      return BLANK_DATE
    case 'dateTime':
      return `${BLANK_DATE}T00:00:00Z`
    case 'unsupported':
      return null
    default:
      return assertNever(type)
  }
}
