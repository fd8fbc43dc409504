import { boolean, guid, integer, lookup, text } from '../columns.js'
import type { DataverseTable } from './table.js'
import { BASE, STAMPS } from './table.js'

export const ORGANIZATIONS: DataverseTable = {
  ...BASE,
  name: 'organizations',
  entity: 'organization',
  schemaName: 'Organization',
  caption: 'Organization',
  pluralCaption: 'Organizations',
  objectTypeCode: 1019,
  ownership: 'None',
  key: 'organizationid',
  creatable: false,
  tracksChanges: false,
  columns: [
    guid('organizationid'),
    text('name', 160, { readOnly: true }),
    lookup('basecurrencyid', 'transactioncurrencies', 'restrict', { readOnly: true }),
    text('basecurrencysymbol', 5, { readOnly: true }),
    integer('expirechangetrackingindays', 0, 365, { readOnly: true, initial: '7' }),
    // Without it new products are drafts, which somebody has to publish.
    boolean('createproductswithoutparentinactivestate', { initial: 'f' }),
    ...STAMPS,
  ],
}
