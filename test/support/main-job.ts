import type { Database } from '../../src/persistence/database.js'
import { CURRENCY_MAPPING, CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import type { MappingDefinition } from '../../src/domain/mapping.js'
import { Mapping } from '../../src/persistence/entities/mapping.js'
import { changeDefinition } from '../../src/persistence/mappings.js'

/** Fields of customers that depend on no mapping but CURRENCY. */
const FIELDS = [
  'displayName:name',
  'addressLine1:address1_line1',
  'addressLine2:address1_line2',
  'postalCode:address1_postalcode',
  'city:address1_city',
  'country:address1_country',
  'state:address1_stateorprovince',
  'currencyId:transactioncurrencyid',
  'email:emailaddress1',
  'website:websiteurl',
  'phoneNumber:telephone1',
  'creditLimit:creditlimit',
]

/** CUSTOMER by itself: what most tests are about, without salespeople, terms and contacts in the way. */
export const CUSTOMER_ALONE: MappingDefinition = {
  ...CUSTOMER_MAPPING,
  onlyCoupled: false,
  fields: FIELDS.map((name) => {
    const found = CUSTOMER_MAPPING.fields.find((field) => field.name === name)
    if (found === undefined) throw new Error(`CUSTOMER has no field mapping ${name}.`)
    return found
  }),
  dependsOn: [CURRENCY_MAPPING.name],
}

/** Leaves of the demo's mappings CURRENCY and CUSTOMER, the latter by itself. */
export async function keepMainJob(database: Database): Promise<void> {
  await database.em.fork().transactional(async (em) => {
    await em.nativeDelete(Mapping, { name: { $nin: [CURRENCY_MAPPING.name, CUSTOMER_MAPPING.name] } })
    const customer = await em.findOneOrFail(Mapping, { name: CUSTOMER_MAPPING.name })
    await changeDefinition(em, customer, CUSTOMER_ALONE, { author: 'test', note: null })
  })
}
