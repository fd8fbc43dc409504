import type { Change, RecordSnapshot } from '../../domain/record.js'
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
  readIdentity,
  readNumber,
  readStamp,
  readText,
  unsupported,
  WireValueError,
} from '../http/canonical.js'
import type { ExactJson, ExactJsonObject, OutgoingJson, OutgoingObject } from '../http/exact-json.js'
import { sendBoolean, sendNumber, sendText } from '../http/outgoing.js'
import { behindPrefix, leadsToTarget, memberOf, targetOf } from './fields.js'

/** A row of a change feed: a record, or the tombstone of one. Throws {@link WireValueError}. */
export function readChange(table: TableDefinition, fields: readonly string[], row: ExactJsonObject): Change {
  const context = row['@odata.context']
  const isDeleted =
    row['reason'] === 'deleted' || (typeof context === 'string' && context.endsWith('/$deletedEntity'))
  if (!isDeleted) return { kind: 'changed', record: readRecord(table, fields, row) }
  const id = readGuid(row['id'] ?? null, 'id')
  if (id === null) throw new WireValueError('id', `A deletion in ${table.name} has no id.`)
  return { kind: 'tombstone', id }
}

/** A row of the Web API as a record with those of `fields` that the row has. Throws {@link WireValueError}. */
export function readRecord(
  table: TableDefinition,
  fields: readonly string[],
  row: ExactJsonObject,
): RecordSnapshot {
  const { id, version } = readIdentity(table, row)
  const values: Record<string, Value> = {}
  for (const name of fields) {
    const member = memberOf(table, name)
    const value = row[member]
    if (value !== undefined) values[name] = readMember(fieldOf(table, name), member, value, row)
  }
  return { id, version, stamp: readStamp(row[table.stampField], table.stampField), values }
}

function readMember(field: FieldDefinition, member: string, value: ExactJson, row: ExactJsonObject): Value {
  if (field.targetOf !== undefined) return value === null ? null : targetOf(field, member, row)
  if (field.behindPrefix !== undefined)
    return readValue(field, behindPrefix(field, readText(value, field.name)))
  const read = readValue(field, value)
  return read === null || leadsToTarget(field, row) ? read : null
}

/** The canonical value of a member; null and empty text are blank. Throws {@link WireValueError}. */
export function readValue(field: FieldDefinition, value: ExactJson): Value {
  const { name, type } = field
  switch (type.kind) {
    case 'text':
      return readText(value, name)
    case 'code':
      return readCode(value, name)
    case 'decimal':
    case 'integer':
    case 'option':
      return readNumber(value, name)
    case 'boolean':
      return readBoolean(value, name)
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

/** What is sent: `afterwards` in a second request of the same transaction, where there is anything. */
export interface WriteBodies {
  readonly body: OutgoingObject
  readonly afterwards: OutgoingObject | null
}

/** The bodies of a creation or an update, without what may not be sent. Throws {@link WireValueError}. */
export function writeBodies(table: TableDefinition, values: Values, kind: 'create' | 'update'): WriteBodies {
  const body: Record<string, OutgoingJson> = {}
  const afterwards: Record<string, OutgoingJson> = {}
  for (const [name, value] of Object.entries(values)) {
    const field = fieldOf(table, name)
    if (field.readOnly === true || (field.createOnly === true && kind === 'update')) continue
    const target = field.afterCreation === true && kind === 'create' ? afterwards : body
    if (field.behindPrefix !== undefined) {
      target[field.behindPrefix.column] =
        value === null ? null : `${field.behindPrefix.prefix}${String(writeValue(field, value))}`
    } else if (field.type.kind !== 'lookup') {
      target[name] = writeValue(field, value)
    } else if (value !== null || kind === 'update') {
      // A new record has no reference to clear.
      target[`${field.bind?.navigation ?? name}@odata.bind`] = writeLookup(field, field.type.table, value)
    }
  }
  return { body, afterwards: Object.keys(afterwards).length === 0 ? null : afterwards }
}

/** A canonical value as a member. Throws {@link WireValueError}. */
export function writeValue(field: FieldDefinition, value: Value): OutgoingJson {
  if (value === null) return null
  const { name, type } = field
  switch (type.kind) {
    case 'text':
    case 'code':
    case 'date':
    case 'dateTime':
      return sendText(value, name)
    case 'decimal':
      return sendNumber(value, name)
    case 'integer':
    case 'option':
      if (typeof value === 'string' && /^-?\d+$/.test(value)) return sendNumber(value, name)
      throw new WireValueError(name, `Field ${name} takes a whole number, not ${value}.`)
    case 'boolean':
      return sendBoolean(value, name)
    case 'guid':
      return readGuid(value, name)
    case 'lookup':
      return writeLookup(field, type.table, value)
    case 'unsupported':
      throw unsupported(name, type.name)
    default:
      return assertNever(type)
  }
}

function writeLookup(field: FieldDefinition, table: string, value: Value): string | null {
  const id = value === null ? null : readGuid(value, field.name)
  return id === null ? null : `/${field.bind?.entitySet ?? table}(${id})`
}
