import { describe, expect, test } from 'vitest'
import { pushFilter as pushToBusinessCentral } from '../../src/connectors/business-central/push-filter.js'
import { pushFilter as pushToDataverse } from '../../src/connectors/dataverse/push-filter.js'
import {
  CONTACT as BC_CONTACT,
  CUSTOMER,
  ITEM,
  UNIT_OF_MEASURE,
} from '../../src/domain/catalog/business-central.js'
import { ACCOUNT, CONTACT, PRODUCT, SYSTEM_USER, UNIT_GROUP } from '../../src/domain/catalog/dataverse.js'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'
import { tableOf } from '../../src/domain/catalog/tables.js'
import type { Comparison, Filter } from '../../src/domain/filter.js'
import type { TableDefinition } from '../../src/domain/schema.js'
import type { Value } from '../../src/domain/value.js'

const GUID = 'f2a5738a-44e3-ea11-bb43-000d3a2feca1'
const is = (field: string, comparison: Comparison, value: Value | readonly Value[] = null): Filter => ({
  kind: 'compare',
  field,
  comparison,
  value,
})
const any = (...filters: Filter[]): Filter => ({ kind: 'or', filters })
const all = (...filters: Filter[]): Filter => ({ kind: 'and', filters })
/** `~` in front: lets through more than the filter. Null: not pushed down. */
type Row = readonly [TableDefinition, Filter, string | null]

const shown = (pushed: ReturnType<typeof pushToDataverse>): string | null =>
  pushed === null ? null : `${pushed.exact ? '' : '~'}${pushed.text}`

describe('Business Central', () => {
  const rows: readonly Row[] = [
    [CUSTOMER, is('blocked', 'blank'), "blocked eq '_x0020_'"],
    [CUSTOMER, is('blocked', '<>', 'all'), "blocked ne 'All'"],
    [CUSTOMER, is('blocked', '=', 'Somewhat'), null],
    [
      BC_CONTACT,
      is('contactBusinessRelation', '=', 'bank account'),
      "contactBusinessRelation eq 'Bank_x0020_Account'",
    ],
    [CUSTOMER, is('city', '=', 'Berlin'), "~tolower(city) eq 'berlin'"],
    [CUSTOMER, is('city', 'blank'), "~city eq ''"],
    [CUSTOMER, is('city', '<>', 'Berlin'), null],
    [CUSTOMER, is('city', '<>'), null],
    [CUSTOMER, is('city', '<', 'M'), null],
    [CUSTOMER, is('city', '=', "L'Aquila"), null],
    [CUSTOMER, is('city', '=', 'Köln'), null],
    [CUSTOMER, is('city', '=', ' Berlin'), null],
    [CUSTOMER, is('city', 'contains', 'er'), null],
    [CUSTOMER, is('number', '=', 'c00010'), "number eq 'C00010'"],
    [CUSTOMER, is('number', '<>', 'C00010'), "number ne 'C00010'"],
    [CUSTOMER, is('number', '=', 'K1'), null],
    [CUSTOMER, is('number', 'beginsWith', 'c0'), "startswith(number,'C0')"],
    [CUSTOMER, is('number', 'contains', '001'), "contains(number,'001')"],
    [CUSTOMER, is('number', 'beginsWith', ''), null],
    [CUSTOMER, is('number', 'in', ['C1', 'C2']), "(number eq 'C1' or number eq 'C2')"],
    [CUSTOMER, is('number', 'in', ['C1', "C'2"]), null],
    [CUSTOMER, is('number', 'in', []), null],
    [CUSTOMER, is('city', 'in', ['Rome', null]), null],
    [BC_CONTACT, is('companyNumber', '<>'), "companyNumber ne ''"],
    [CUSTOMER, is('creditLimit', '>=', '100.5'), 'creditLimit ge 100.5'],
    [CUSTOMER, is('creditLimit', '=', 'much'), null],
    [CUSTOMER, is('creditLimit', 'blank'), null],
    [CUSTOMER, is('creditLimit', '<', '123456789012345678901'), null],
    [ITEM, is('blocked', '=', false), 'blocked eq false'],
    [ITEM, is('blocked', '=', 'false'), null],
    [CUSTOMER, is('currencyId', 'blank'), 'currencyId eq 00000000-0000-0000-0000-000000000000'],
    [CUSTOMER, is('currencyId', '=', GUID), `currencyId eq ${GUID}`],
    [CUSTOMER, is('salespersonId', '=', GUID), null],
    [BC_CONTACT, is('lastInteractionDate', '<', '2026-01-31'), '~lastInteractionDate lt 2026-01-31'],
    [BC_CONTACT, is('lastInteractionDate', '<', '2026-02-30'), null],
    [CUSTOMER, all(is('blocked', 'blank'), is('city', '<>', 'Rome')), "~blocked eq '_x0020_'"],
    [
      CUSTOMER,
      all(is('blocked', 'blank'), is('number', '=', 'C1')),
      "(blocked eq '_x0020_' and number eq 'C1')",
    ],
    [CUSTOMER, any(is('number', '=', 'C1'), is('number', '=', 'C2')), "(number eq 'C1' or number eq 'C2')"],
    // `or` over two fields is refused by the service.
    [CUSTOMER, any(is('number', '=', 'C1'), is('blocked', 'blank')), null],
    [CUSTOMER, any(is('number', '=', 'C1'), is('number', '<', 'C2')), null],
    [CUSTOMER, all(), null],
    [UNIT_OF_MEASURE, is('gone', 'blank'), null],
  ]
  test.each(rows.map(([table, filter, pushed]) => ({ table, filter, pushed })))(
    '$filter',
    ({ table, filter, pushed }) => {
      expect(shown(pushToBusinessCentral(table, filter))).toBe(pushed)
    },
  )
})

describe('Dataverse', () => {
  const rows: readonly Row[] = [
    [ACCOUNT, is('statecode', '=', '0'), 'statecode eq 0'],
    [ACCOUNT, is('customertypecode', '<>', '3'), '(customertypecode ne 3 or customertypecode eq null)'],
    [
      ACCOUNT,
      is('customertypecode', 'in', ['3', null]),
      '(customertypecode eq 3 or customertypecode eq null)',
    ],
    [ACCOUNT, is('customertypecode', '<', '3'), null],
    [ACCOUNT, is('customertypecode', '=', '03'), null],
    [ACCOUNT, is('name', '=', 'Contoso Ltd.'), "~name eq 'Contoso Ltd.'"],
    [ACCOUNT, is('name', 'blank'), "~(name eq null or name eq '')"],
    [ACCOUNT, is('name', '<>'), '~name ne null'],
    [ACCOUNT, is('name', '<>', 'Contoso'), null],
    [ACCOUNT, is('name', 'beginsWith', 'Con'), "~startswith(name,'Con')"],
    [ACCOUNT, is('name', 'contains', '100%'), null],
    [ACCOUNT, is('creditlimit', '>', '5'), 'creditlimit gt 5'],
    [ACCOUNT, is('creditlimit', 'blank'), 'creditlimit eq null'],
    [ACCOUNT, is('primarycontactid', '=', GUID), `_primarycontactid_value eq ${GUID}`],
    [CONTACT, is('parentcustomerid', '=', GUID), `_parentcustomerid_value eq ${GUID}`],
    // A contact's contact is a parent there, and none to us.
    [CONTACT, is('parentcustomerid', 'blank'), null],
    [CONTACT, is('parentcustomerid', '<>'), '~_parentcustomerid_value ne null'],
    [CONTACT, is('parentcustomeridtype', '=', 'account'), null],
    [CONTACT, is('birthdate', '>=', '1990-01-01'), 'birthdate ge 1990-01-01'],
    [UNIT_GROUP, is('code', '=', 'PCS'), null],
    [SYSTEM_USER, is('isdisabled', '=', false), 'isdisabled eq false'],
    [PRODUCT, any(is('price', '<', '1'), is('statecode', '=', '1')), '(price lt 1 or statecode eq 1)'],
    [PRODUCT, any(is('price', '<', '1'), is('name', '>', 'x')), null],
    [PRODUCT, all(is('price', '<', '1'), is('name', '>', 'x')), '~price lt 1'],
  ]
  test.each(rows.map(([table, filter, pushed]) => ({ table, filter, pushed })))(
    '$filter',
    ({ table, filter, pushed }) => {
      expect(shown(pushToDataverse(table, filter))).toBe(pushed)
    },
  )
})

test('the filters of the default mappings are pushed down, except where a lookup leads', () => {
  const pushed = DEFAULT_MAPPINGS.map((mapping) => [
    mapping.name,
    shown(pushToBusinessCentral(tableOf('BUSINESS_CENTRAL', mapping.localTable), mapping.localFilter)),
    shown(pushToDataverse(tableOf('DATAVERSE', mapping.integrationTable), mapping.integrationFilter)),
  ])
  const users =
    '(isdisabled eq false and islicensed eq true and isintegrationuser eq false and applicationid eq null)'
  expect(pushed.filter(([, to, from]) => to !== null || from !== null)).toEqual([
    ['SALESPEOPLE', null, users],
    ['CUSTOMER', "blocked eq '_x0020_'", '(statecode eq 0 and customertypecode eq 3)'],
    ['VENDOR', "blocked eq '_x0020_'", '(statecode eq 0 and customertypecode eq 11)'],
    [
      'CONTACT',
      "(type eq 'Person' and companyNumber ne '')",
      '~(_parentcustomerid_value ne null and statecode eq 0)',
    ],
    ['ITEM-PRODUCT', 'blocked eq false', '(producttypecode eq 1 and statecode eq 0)'],
  ])
})
