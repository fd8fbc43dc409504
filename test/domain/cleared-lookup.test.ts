import { describe, expect, it } from 'vitest'
import { CUSTOMER } from '../../src/domain/catalog/business-central.js'
import { ACCOUNT } from '../../src/domain/catalog/dataverse.js'
import { CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import type { LookupCouplings } from '../../src/domain/field-transfer.js'
import { decide } from '../../src/domain/decide.js'
import type { MappingDefinition } from '../../src/domain/mapping.js'
import type { Value } from '../../src/domain/value.js'
import { recorded } from './recorder.js'
import { AGREED_AT, CLOCKS, found, LATER, TO } from './support.js'

/** Of the customer's fields the name, and the primary contact, which is blank in Sales until the contact is coupled. */
const MAPPING: MappingDefinition = {
  ...CUSTOMER_MAPPING,
  fields: CUSTOMER_MAPPING.fields.filter((field) =>
    ['displayName:name', 'primaryContactId:primarycontactid'].includes(field.name),
  ),
}
const COUPLED: LookupCouplings = {
  toIntegration: { ann: 'ann in sales' },
  toLocal: { 'ann in sales': 'ann' },
}
const NOT_COUPLED: LookupCouplings = { toIntegration: {}, toLocal: {} }

const local = {
  id: 'l1',
  version: 'l1',
  stamp: AGREED_AT,
  values: { displayName: 'Contoso', primaryContactId: 'ann' },
}
const integration = {
  id: 'i1',
  version: 'i1',
  stamp: AGREED_AT,
  values: { name: 'Contoso', primarycontactid: null as Value },
}
const afterRename = (contacts: LookupCouplings, sales: typeof integration = integration) =>
  decide({
    mapping: MAPPING,
    pass: TO,
    mode: { kind: 'scheduled' },
    source: found({
      ...local,
      version: 'l2',
      stamp: LATER,
      values: { ...local.values, displayName: 'Contoso Ltd.' },
    }),
    destination: found(sales),
    coupling: recorded(MAPPING, local, integration, null),
    skipped: false,
    inFilter: true,
    unread: true,
    clocks: CLOCKS,
    match: { kind: 'none' },
    context: {
      localTable: CUSTOMER,
      integrationTable: ACCOUNT,
      lookups: { CONTACT: contacts },
      baseCurrency: null,
    },
  })

describe('a value that was cleared because the record referred to was not coupled', () => {
  it('stays cleared while that record is not coupled', () => {
    expect(afterRename(NOT_COUPLED)).toMatchObject({
      outcome: 'modified',
      writes: { local: null, integration: { name: 'Contoso Ltd.' } },
    })
  })

  it('is carried with the next change once that record is coupled', () => {
    expect(afterRename(COUPLED)).toMatchObject({
      outcome: 'modified',
      writes: { local: null, integration: { name: 'Contoso Ltd.', primarycontactid: 'ann in sales' } },
    })
  })

  it('is no news to a side that has another value by now: both changed the field', () => {
    const ben = {
      ...integration,
      version: 'i2',
      stamp: LATER,
      values: { ...integration.values, primarycontactid: 'ben in sales' },
    }
    expect(afterRename(COUPLED, ben)).toMatchObject({ outcome: 'conflict' })
  })
})
