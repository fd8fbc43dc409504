import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMemberName, encodeMemberName } from '../../src/connectors/business-central/member-names.js'
import {
  readRecord,
  readValue,
  selectOf,
  writeBody,
  writeValue,
} from '../../src/connectors/business-central/wire.js'
import { WireValueError } from '../../src/connectors/http/canonical.js'
import type { ExactJson } from '../../src/connectors/http/exact-json.js'
import { isJsonObject, parseExactJson, stringifyExactJson } from '../../src/connectors/http/exact-json.js'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import type { FieldDefinition, TableDefinition } from '../../src/domain/schema.js'
import type { FieldType, Value } from '../../src/domain/value.js'
import { valueOfType } from './support/values.js'

const GUID = 'f2a5738a-44e3-ea11-bb43-000d3a2feca1'
const ZERO = '00000000-0000-0000-0000-000000000000'
const field = (type: FieldType): FieldDefinition => ({ name: 'field', caption: 'Field', type })
const text: FieldType = { kind: 'text', maxLength: 50 }
const code: FieldType = { kind: 'code', maxLength: 20 }
const decimal: FieldType = { kind: 'decimal', scale: 2, nullable: false }
const option: FieldType = { kind: 'option', members: ['Ship', 'Non-Inventory'] }
const lookup: FieldType = { kind: 'lookup', table: 'currencies' }

describe('member names', () => {
  test.each([
    ['Ship', 'Ship'],
    ['_x0020_', ' '],
    ['Non_x002D_Inventory', 'Non-Inventory'],
    ['Bank_x0020_Account', 'Bank Account'],
    ['_x0031_st', '1st'],
    ['_x005F_x0020_', '_x0020_'],
    ['a_b', 'a_b'],
    ['Größe', 'Größe'],
  ])('%s on the wire is %j', (wire, value) => {
    expect(decodeMemberName(wire)).toBe(value)
    expect(encodeMemberName(value)).toBe(wire)
  })

  test('every text survives', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(decodeMemberName(encodeMemberName(value))).toBe(value)
      }),
    )
  })
})

describe('from the wire', () => {
  const rows: readonly [FieldType, ExactJson, Value][] = [
    [text, '', null],
    [text, null, null],
    [text, ' x ', ' x '],
    [text, 'e\u0301\0\ud83d', 'e\u0301\0\ud83d'],
    [code, ' straße ', 'STRAßE'],
    [code, '   ', null],
    [decimal, '1500.00', '1500'],
    [decimal, '12345678901234.5678', '12345678901234.5678'],
    [decimal, '-0.0', '0'],
    [decimal, '1E3', '1000'],
    [decimal, null, '0'],
    [{ kind: 'decimal', scale: 2, nullable: true }, null, null],
    [{ kind: 'integer', nullable: false }, '9223372036854775807', '9223372036854775807'],
    [{ kind: 'boolean', nullable: false }, true, true],
    [{ kind: 'boolean', nullable: false }, null, false],
    [option, '_x0020_', null],
    [option, ' ', null],
    [option, '', null],
    [option, 'Ship', 'Ship'],
    [option, 'Non_x002D_Inventory', 'Non-Inventory'],
    [lookup, ZERO, null],
    [lookup, '{F2A5738A-44E3-EA11-BB43-000D3A2FECA1}', GUID],
    [{ kind: 'guid' }, GUID.toUpperCase(), GUID],
    [{ kind: 'date' }, '0001-01-01', null],
    [{ kind: 'date' }, '2026-02-28', '2026-02-28'],
    [{ kind: 'dateTime' }, '0001-01-01T00:00:00Z', null],
    [{ kind: 'dateTime' }, '2026-02-28T10:00:00.1200000Z', '2026-02-28T10:00:00.12Z'],
    [{ kind: 'dateTime' }, '2026-02-28T23:30:00-02:00', '2026-03-01T01:30:00Z'],
  ]
  test.each(rows)('%j: %j is %j', (type, wire, canonical) => {
    expect(readValue(field(type), wire)).toBe(canonical)
  })

  const unreadable: readonly [FieldType, ExactJson][] = [
    [text, true],
    [decimal, 'many'],
    [decimal, true],
    [{ kind: 'boolean', nullable: false }, 'true'],
    [lookup, 'USD'],
    [{ kind: 'date' }, 'tomorrow'],
    [{ kind: 'dateTime' }, '2026-02-28'],
  ]
  test.each(unreadable)('%j cannot hold %j', (type, wire) => {
    expect(() => readValue(field(type), wire)).toThrow(WireValueError)
  })

  test('a row becomes a record with the fields it has; absent is never blank', () => {
    const row = {
      '@odata.etag': 'W/"JzIwOzEy"',
      id: GUID.toUpperCase(),
      displayName: 'Alfreds',
      creditLimit: '100.50',
      lastModifiedDateTime: '2026-02-28T10:00:00.123Z',
    }
    expect(readRecord(CUSTOMER, ['displayName', 'creditLimit', 'city'], row)).toEqual({
      id: GUID,
      version: 'W/"JzIwOzEy"',
      stamp: Date.UTC(2026, 1, 28, 10, 0, 0, 123),
      values: { displayName: 'Alfreds', creditLimit: '100.5' },
    })
  })

  test.each([
    ['no id', { '@odata.etag': 'x', lastModifiedDateTime: '2026-02-28T10:00:00Z' }],
    ['no ETag', { id: GUID, lastModifiedDateTime: '2026-02-28T10:00:00Z' }],
    ['no stamp', { id: GUID, '@odata.etag': 'x' }],
  ])('a row with %s is refused', (_what, row) => {
    expect(() => readRecord(CUSTOMER, [], row)).toThrow(WireValueError)
  })

  test('key and stamp are always asked for, nothing twice', () => {
    expect(selectOf(CUSTOMER, ['number', 'id', 'number'])).toBe('id,lastModifiedDateTime,number')
  })
})

describe('to the wire', () => {
  const rows: readonly [FieldType, Value, string][] = [
    [text, null, '""'],
    [code, null, '""'],
    [decimal, null, '0'],
    [decimal, '12345678901234.5678', '12345678901234.5678'],
    [decimal, '1.50', '1.5'],
    [{ kind: 'boolean', nullable: false }, null, 'false'],
    [option, null, '"_x0020_"'],
    [option, 'Non-Inventory', '"Non_x002D_Inventory"'],
    [lookup, null, `"${ZERO}"`],
    [lookup, GUID, `"${GUID}"`],
    [{ kind: 'date' }, null, '"0001-01-01"'],
    [{ kind: 'dateTime' }, null, '"0001-01-01T00:00:00Z"'],
    [text, '\0\ud800', '"\\u0000\\ud800"'],
  ]
  test.each(rows)('%j: %j is sent as %s', (type, canonical, wire) => {
    expect(stringifyExactJson(writeValue(field(type), canonical))).toBe(wire)
  })

  test('what is read-only is never sent, what is for creation only not on update', () => {
    const table: TableDefinition = {
      ...CUSTOMER,
      fields: [
        { name: 'a', caption: 'A', type: text },
        { name: 'b', caption: 'B', type: text, readOnly: true },
        { name: 'c', caption: 'C', type: text, createOnly: true },
      ],
    }
    const values = { a: '1', b: '2', c: '3' }
    expect(writeBody(table, values, 'create')).toEqual({ a: '1', c: '3' })
    expect(writeBody(table, values, 'update')).toEqual({ a: '1' })
  })

  test.each([
    [decimal, 'many'],
    [{ kind: 'boolean', nullable: false } as const, 'yes'],
    [lookup, 'USD'],
    [text, true],
  ])('%j does not take %j', (type, value) => {
    expect(() => writeValue(field(type), value)).toThrow(WireValueError)
  })
})

const TYPES: readonly FieldType[] = [
  text,
  code,
  decimal,
  { kind: 'integer', nullable: false },
  { kind: 'boolean', nullable: false },
  option,
  lookup,
  { kind: 'guid' },
  { kind: 'date' },
  { kind: 'dateTime' },
]

test.each(TYPES)('$kind: what is sent and comes back is the same canonical value', (type) => {
  const neverBlank =
    type.kind === 'boolean' ? false : type.kind === 'decimal' || type.kind === 'integer' ? '0' : null
  fc.assert(
    fc.property(valueOfType(type), (value) => {
      const sent = stringifyExactJson({ field: writeValue(field(type), value) })
      const row = parseExactJson(sent)
      expect(isJsonObject(row) && readValue(field(type), row['field'] ?? null)).toBe(value ?? neverBlank)
    }),
  )
})
