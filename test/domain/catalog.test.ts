import { describe, expect, it } from 'vitest'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import { filterFields } from '../../src/domain/filter.js'
import { carries, directionsOf } from '../../src/domain/mapping.js'
import { fieldOf } from '../../src/domain/schema.js'

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
    const known = DEFAULT_MAPPINGS.map((other) => other.name)
    const referred = mapping.fields.flatMap((field) => field.lookupMappings ?? [])
    expect(known).toEqual(expect.arrayContaining([...mapping.dependsOn, ...referred]))
    expect(mapping.dependsOn).toEqual(expect.arrayContaining(referred))
  })

  it('writes no field that its system assigns', () => {
    const written = mapping.fields.flatMap((field) => [
      ...(carries(field, 'TO_INTEGRATION_TABLE') ? [fieldOf(integration, field.integrationField ?? '')] : []),
      ...(carries(field, 'FROM_INTEGRATION_TABLE') ? [fieldOf(local, field.localField ?? '')] : []),
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

describe('tableOf', () => {
  it('names the tables that exist where one does not', () => {
    expect(() => tableOf('DATAVERSE', 'customers')).toThrow(
      'DATAVERSE has no table customers in the catalog. Known: accounts, transactioncurrencies.',
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
