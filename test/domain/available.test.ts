import { describe, expect, it } from 'vitest'
import { availablePart, unavailableFields, withoutCustomApi } from '../../src/domain/catalog/available.js'
import { CONTACT_MAPPING, CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import type { MappingDefinition } from '../../src/domain/mapping.js'

const whole = (mapping: MappingDefinition) => ({
  LOCAL: tableOf('BUSINESS_CENTRAL', mapping.localTable),
  INTEGRATION: tableOf('DATAVERSE', mapping.integrationTable),
})
const standard = (mapping: MappingDefinition) => ({
  ...whole(mapping),
  LOCAL: withoutCustomApi(tableOf('BUSINESS_CENTRAL', mapping.localTable)),
})

describe('fields that are not available', () => {
  it('are none where the custom API page is there', () => {
    expect(unavailableFields(CUSTOMER_MAPPING, whole(CUSTOMER_MAPPING))).toEqual([])
    expect(availablePart(CUSTOMER_MAPPING, whole(CUSTOMER_MAPPING))).toEqual(CUSTOMER_MAPPING)
  })

  it('are named with the reason where API v2.0 lacks them, and left out', () => {
    const tables = standard(CUSTOMER_MAPPING)
    const unavailable = unavailableFields(CUSTOMER_MAPPING, tables)
    expect(unavailable.map((field) => field.fieldMapping)).toEqual([
      'contactName:address1_primarycontactname',
      'fax:fax',
      'primaryContactId:primarycontactid',
    ])
    expect(unavailable[1]).toEqual({
      fieldMapping: 'fax:fax',
      side: 'LOCAL',
      field: 'fax',
      reason:
        "API v2.0 of Business Central has no fax of customers; a custom API page that has it, named in the connection's settings as customApi, makes it available.",
    })
    const rest = availablePart(CUSTOMER_MAPPING, tables).fields
    expect(rest).toHaveLength(CUSTOMER_MAPPING.fields.length - 3)
  })

  it('take match rules with them', () => {
    expect(availablePart(CONTACT_MAPPING, standard(CONTACT_MAPPING)).matchRules).toEqual([])
    expect(availablePart(CONTACT_MAPPING, whole(CONTACT_MAPPING)).matchRules).toEqual(
      CONTACT_MAPPING.matchRules,
    )
  })

  it('take an amount with them whose currency cannot be told', () => {
    const tables = whole(CUSTOMER_MAPPING)
    const customers = {
      ...tables.LOCAL,
      fields: tables.LOCAL.fields.filter(({ name }) => name !== 'currencyId'),
    }
    expect(unavailableFields(CUSTOMER_MAPPING, { ...tables, LOCAL: customers })).toEqual([
      expect.objectContaining({ fieldMapping: 'currencyId:transactioncurrencyid' }),
      {
        fieldMapping: 'creditLimit:creditlimit',
        side: 'LOCAL',
        field: 'currencyId',
        reason: 'The table customers has no field currencyId.',
      },
    ])
  })
})
