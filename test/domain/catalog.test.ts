import { describe, expect, it } from 'vitest'
import { codeOfLabel } from '../../src/domain/catalog/option-column.js'
import { BUSINESS_CENTRAL_TABLES } from '../../src/domain/catalog/business-central.js'
import { DATAVERSE_TABLES } from '../../src/domain/catalog/dataverse.js'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { findTable, tableOf } from '../../src/domain/catalog/tables.js'
import { filterFields } from '../../src/domain/filter.js'
import { carries, directionsOf, type MappingDefinition } from '../../src/domain/mapping.js'
import { fieldOf, type TableDefinition } from '../../src/domain/schema.js'

const TABLES = [...BUSINESS_CENTRAL_TABLES, ...DATAVERSE_TABLES]

describe.each(TABLES)('the table $system $name', (table) => {
  it('has each field once, and shows people one of them', () => {
    const names = table.fields.map((field) => field.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain(table.nameField)
    expect(names).toEqual(expect.arrayContaining([table.assignedKey?.field ?? table.nameField]))
  })

  it('means lookups where it says to which table something leads', () => {
    const lookups = table.fields.filter((field) => field.target !== undefined || field.byCode !== undefined)
    for (const { type } of lookups) expect(type.kind).toBe('lookup')
    for (const { targetOf = '', readOnly } of table.fields.filter((field) => field.targetOf !== undefined)) {
      expect(fieldOf(table, targetOf).target).toBeDefined()
      expect(readOnly).toBe(true)
    }
  })

  it('finds what goes with another lookup in a table that has the fields for it', () => {
    for (const { follows } of table.fields) {
      const other = findTable('DATAVERSE', follows?.table ?? '')
      const kinds = [follows?.reference ?? '', follows?.flag ?? ''].map(
        (name) => other?.fields.find((field) => field.name === name)?.type.kind,
      )
      expect(kinds).toEqual(follows === undefined ? [undefined, undefined] : ['lookup', 'boolean'])
    }
  })

  it('names references by code with a table that has codes', () => {
    for (const { byCode, type } of table.fields) {
      const target = findTable(table.system, type.kind === 'lookup' ? type.table : '')
      const field = target?.fields.find((candidate) => candidate.name === byCode?.field)
      expect(field?.type.kind).toBe(byCode === undefined ? undefined : 'code')
    }
  })
})

describe('every table of Business Central', () => {
  it('is given a key when a record is created in it, by which that record is found again', () => {
    expect(BUSINESS_CENTRAL_TABLES.filter((table) => table.assignedKey === undefined)).toEqual([])
  })
})

describe('the default mappings', () => {
  it('stand in the order of their dependencies', () => {
    const names = DEFAULT_MAPPINGS.map((mapping) => mapping.name)
    for (const [position, mapping] of DEFAULT_MAPPINGS.entries())
      for (const name of mapping.dependsOn) expect(names.slice(0, position)).toContain(name)
  })

  it('are those of Business Central', () => {
    const shown = DEFAULT_MAPPINGS.map((mapping) => [
      mapping.name,
      mapping.direction,
      mapping.onlyCoupled,
      mapping.inactivityTimeoutMinutes,
      mapping.dependsOn.join('|'),
    ])
    const companies = 'SALESPEOPLE|CURRENCY|PAYMENT TERMS|SHIPMENT METHOD'
    expect(shown).toEqual([
      ['SALESPEOPLE', 'FROM_INTEGRATION_TABLE', true, 1440, ''],
      ['CURRENCY', 'TO_INTEGRATION_TABLE', true, 720, ''],
      ['PAYMENT TERMS', 'FROM_INTEGRATION_TABLE', true, 1440, ''],
      ['SHIPMENT METHOD', 'FROM_INTEGRATION_TABLE', true, 1440, ''],
      ['CUSTOMER', 'BIDIRECTIONAL', true, 720, companies],
      ['VENDOR', 'BIDIRECTIONAL', true, 720, companies],
      ['CONTACT', 'BIDIRECTIONAL', true, 720, 'CUSTOMER|VENDOR'],
      ['UNIT OF MEASURE', 'TO_INTEGRATION_TABLE', true, 720, ''],
      ['ITEM-PRODUCT', 'BIDIRECTIONAL', true, 1440, 'UNIT OF MEASURE'],
    ])
    expect(DEFAULT_MAPPINGS.map((mapping) => mapping.schedule)).toEqual(
      DEFAULT_MAPPINGS.map(() => ({ kind: 'interval', minutes: 30 })),
    )
  })

  it('part a table that two of them share by its filter', () => {
    const [customer, vendor] = ['CUSTOMER', 'VENDOR'].map(named)
    expect(customer?.integrationTable).toBe(vendor?.integrationTable)
    expect(JSON.stringify(customer?.integrationFilter)).toContain(
      '"customertypecode","comparison":"=","value":"3"',
    )
    expect(JSON.stringify(vendor?.integrationFilter)).toContain(
      '"customertypecode","comparison":"=","value":"11"',
    )
  })
})

describe.each(DEFAULT_MAPPINGS)('the default mapping $name', (mapping) => {
  const local = tableOf('BUSINESS_CENTRAL', mapping.localTable)
  const integration = tableOf('DATAVERSE', mapping.integrationTable)

  it('names each field mapping once, by its two fields', () => {
    const names = mapping.fields.map((field) => field.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toEqual(
      mapping.fields.map((field) => `${field.localField ?? ''}:${field.integrationField ?? ''}`),
    )
  })

  it('refers only to fields and mappings that exist', () => {
    const locals = [
      ...mapping.fields.flatMap((field) => field.localField ?? []),
      ...mapping.fields.flatMap((field) => field.localCurrencyAmount?.currencyField ?? []),
      ...mapping.matchRules.flatMap((rule) => rule.pairs.map((pair) => pair.localField)),
      ...filterFields(mapping.localFilter),
      ...mapping.templates.local.flatMap((template) => Object.keys(template.values)),
    ]
    const integrations = [
      ...mapping.fields.flatMap((field) => field.integrationField ?? []),
      ...mapping.matchRules.flatMap((rule) => rule.pairs.map((pair) => pair.integrationField)),
      ...filterFields(mapping.integrationFilter),
      ...mapping.templates.integration.flatMap((template) => Object.keys(template.values)),
    ]
    for (const name of locals) expect(fieldOf(local, name).name).toBe(name)
    for (const name of integrations) expect(fieldOf(integration, name).name).toBe(name)
  })

  it('translates lookups by mappings of the tables they lead to', () => {
    for (const field of mapping.fields) {
      for (const other of (field.lookupMappings ?? []).map(named)) {
        expect(tablesReferredTo(local, field.localField)).toContain(other.localTable)
        expect(tablesReferredTo(integration, field.integrationField)).toContain(other.integrationTable)
      }
    }
  })

  it('depends on the mappings that it must wait for; what is cleared instead is no dependency', () => {
    const awaited = mapping.fields
      .filter((field) => field.clearValueOnFailedSync !== true)
      .flatMap((field) => field.lookupMappings ?? [])
    const before = mapping.dependsOn.flatMap((name) => [name, ...named(name).dependsOn])
    expect(before).toEqual(expect.arrayContaining(awaited))
  })

  it('filters by fields that every Business Central has', () => {
    for (const name of filterFields(mapping.localFilter))
      expect(fieldOf(local, name).customApi).not.toBe(true)
  })

  it('writes no field that its system assigns', () => {
    const written = mapping.fields.flatMap((field) => [
      ...(carries(field, 'TO_INTEGRATION_TABLE') && field.integrationField !== null
        ? [fieldOf(integration, field.integrationField)]
        : []),
      ...(carries(field, 'FROM_INTEGRATION_TABLE') && field.localField !== null
        ? [fieldOf(local, field.localField)]
        : []),
    ])
    expect(written.filter((field) => field.readOnly === true)).toEqual([])
  })

  it('carries amounts in the local currency to Sales only', () => {
    const amounts = mapping.fields.filter((field) => field.localCurrencyAmount !== undefined)
    for (const amount of amounts) expect(directionsOf(amount.direction)).toEqual(['TO_INTEGRATION_TABLE'])
    expect(amounts.map((amount) => amount.name)).toEqual(
      mapping.name === 'CUSTOMER' ? ['creditLimit:creditlimit'] : [],
    )
  })
})

function named(name: string): MappingDefinition {
  const found = DEFAULT_MAPPINGS.find((mapping) => mapping.name === name)
  if (found === undefined) throw new Error(`There is no mapping ${name}.`)
  return found
}

function tablesReferredTo(table: TableDefinition, name: string | null): readonly string[] {
  if (name === null) return []
  const { otherTables = [], type } = fieldOf(table, name)
  if (type.kind === 'lookup') return [type.table, ...otherTables]
  return [`${table.page}.${name}`].filter((optionTable) => findTable(table.system, optionTable) !== undefined)
}

describe('the code of an option', () => {
  it.each([
    ['Net 30', 'NET 30'],
    ['2% 10, Net 30', '2% 10, NET'],
    ['No Charge', 'NO CHARGE'],
    ['', ''],
    ['Straße 1', 'STRAßE 1'],
  ])('%j is %j', (label, code) => {
    expect(codeOfLabel(label)).toBe(code)
  })
})

describe('tableOf', () => {
  it('names the tables that exist where one does not', () => {
    expect(() => tableOf('DATAVERSE', 'customers')).toThrow(
      /^DATAVERSE has no table customers in the catalog\. Known: accounts, contacts, transactioncurrencies, /,
    )
  })
})

describe('fieldOf', () => {
  it('names the fields that exist where one does not', () => {
    expect(() => fieldOf(tableOf('BUSINESS_CENTRAL', 'currencies'), 'iso')).toThrow(
      'Table currencies has no field iso. Its fields: code, displayName, symbol, amountDecimalPlaces.',
    )
  })
})
