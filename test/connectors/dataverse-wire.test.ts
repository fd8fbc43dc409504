import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  readChange,
  readRecord,
  readValue,
  writeBodies,
  writeValue,
} from '../../src/connectors/dataverse/wire.js'
import { selectOf } from '../../src/connectors/dataverse/fields.js'
import { WireValueError } from '../../src/connectors/http/canonical.js'
import type { ExactJson } from '../../src/connectors/http/exact-json.js'
import { isJsonObject, parseExactJson, stringifyExactJson } from '../../src/connectors/http/exact-json.js'
import { ACCOUNT, TRANSACTION_CURRENCY } from '../../src/domain/catalog/dataverse.js'
import type { FieldDefinition } from '../../src/domain/schema.js'
import type { FieldType, Value } from '../../src/domain/value.js'
import { valueOfType } from './support/values.js'

const GUID = 'f2a5738a-44e3-ea11-bb43-000d3a2feca1'
const field = (type: FieldType): FieldDefinition => ({ name: 'field', caption: 'Field', type })
const bodyOf = (...of: Parameters<typeof writeBodies>): object => writeBodies(...of).body
const text: FieldType = { kind: 'text', maxLength: 50 }
const money: FieldType = { kind: 'decimal', scale: 4, nullable: true }
const option: FieldType = { kind: 'option', members: ['0', '1', '3'] }
const lookup: FieldType = { kind: 'lookup', table: 'transactioncurrencies' }

describe('from the wire', () => {
  const rows: readonly [FieldType, ExactJson, Value][] = [
    [text, '', null],
    [text, null, null],
    [text, 'Alfreds', 'Alfreds'],
    [money, '1000.0000', '1000'],
    [money, null, null],
    [option, '3', '3'],
    [option, null, null],
    [{ kind: 'integer', nullable: true }, '-7', '-7'],
    [{ kind: 'boolean', nullable: true }, null, null],
    [lookup, GUID.toUpperCase(), GUID],
    [lookup, null, null],
    [{ kind: 'date' }, '1990-05-01', '1990-05-01'],
    [{ kind: 'dateTime' }, '2026-02-28T10:00:00Z', '2026-02-28T10:00:00Z'],
  ]
  test.each(rows)('%j: %j is %j', (type, wire, canonical) => {
    expect(readValue(field(type), wire)).toBe(canonical)
  })

  test('lookups are read from their value member', () => {
    const row = {
      '@odata.etag': 'W/"1234"',
      accountid: GUID,
      modifiedon: '2026-02-28T10:00:00Z',
      name: null,
      _transactioncurrencyid_value: GUID.toUpperCase(),
    }
    expect(selectOf(ACCOUNT, ['name', 'transactioncurrencyid'])).toBe(
      'accountid,modifiedon,name,_transactioncurrencyid_value',
    )
    expect(readRecord(ACCOUNT, ['name', 'transactioncurrencyid', 'fax'], row)).toEqual({
      id: GUID,
      version: 'W/"1234"',
      stamp: Date.UTC(2026, 1, 28, 10),
      values: { name: null, transactioncurrencyid: GUID },
    })
  })

  test('a deletion is a tombstone', () => {
    const context = 'https://org.crm.dynamics.com/api/data/v9.2/$metadata#accounts/$deletedEntity'
    const tombstone = { kind: 'tombstone', id: GUID }
    expect(
      readChange(ACCOUNT, ['name'], { '@odata.context': context, id: GUID.toUpperCase(), reason: 'deleted' }),
    ).toEqual(tombstone)
    expect(readChange(ACCOUNT, ['name'], { '@odata.context': context, id: GUID })).toEqual(tombstone)
    expect(() => readChange(ACCOUNT, [], { '@odata.context': context })).toThrow(WireValueError)
  })
})

describe('to the wire', () => {
  const rows: readonly [FieldType, Value, string][] = [
    [text, null, 'null'],
    [money, null, 'null'],
    [money, '12345678901234.5678', '12345678901234.5678'],
    [option, '3', '3'],
    [option, null, 'null'],
    [{ kind: 'integer', nullable: true }, '42', '42'],
    [{ kind: 'boolean', nullable: true }, true, 'true'],
    [lookup, GUID, `"/transactioncurrencies(${GUID})"`],
  ]
  test.each(rows)('%j: %j is sent as %s', (type, canonical, wire) => {
    expect(stringifyExactJson(writeValue(field(type), canonical))).toBe(wire)
  })

  test.each([
    [option, 'Ship'],
    [{ kind: 'integer', nullable: true } as const, '1.5'],
    [money, 'many'],
    [lookup, 'USD'],
    [{ kind: 'boolean', nullable: true } as const, 'yes'],
  ])('%j does not take %j', (type, value) => {
    expect(() => writeValue(field(type), value)).toThrow(WireValueError)
  })

  test('a lookup is bound, and cleared where there can be something to clear', () => {
    expect(bodyOf(ACCOUNT, { transactioncurrencyid: GUID }, 'update')).toEqual({
      'transactioncurrencyid@odata.bind': `/transactioncurrencies(${GUID})`,
    })
    expect(bodyOf(ACCOUNT, { transactioncurrencyid: null }, 'update')).toEqual({
      'transactioncurrencyid@odata.bind': null,
    })
    expect(bodyOf(ACCOUNT, { transactioncurrencyid: null, name: 'x' }, 'create')).toEqual({ name: 'x' })
  })

  test('the ISO code of a currency is given on creation only', () => {
    const values = { isocurrencycode: 'USD', currencyname: 'US Dollar' }
    expect(bodyOf(TRANSACTION_CURRENCY, values, 'create')).toEqual(values)
    expect(bodyOf(TRANSACTION_CURRENCY, values, 'update')).toEqual({ currencyname: 'US Dollar' })
  })
})

const TYPES: readonly FieldType[] = [
  text,
  money,
  { kind: 'integer', nullable: true },
  { kind: 'boolean', nullable: true },
  option,
  { kind: 'guid' },
  { kind: 'date' },
  { kind: 'dateTime' },
]

test.each(TYPES)('$kind: what is sent and comes back is the same canonical value', (type) => {
  fc.assert(
    fc.property(valueOfType(type), (value) => {
      const row = parseExactJson(stringifyExactJson({ field: writeValue(field(type), value) }))
      expect(isJsonObject(row) && readValue(field(type), row['field'] ?? null)).toBe(value)
    }),
  )
})
