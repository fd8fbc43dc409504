import { expect, test } from 'vitest'
import { CUSTOMER_MAPPING } from '../../src/domain/catalog/default-mappings.js'
import { policyKeeping, withRule } from '../../src/domain/rule.js'

const CITY = 'city:address1_city'

test('owners of fields, and nothing else of the mapping', () => {
  const ruled = withRule(CUSTOMER_MAPPING, { kind: 'owners', owners: { [CITY]: 'LOCAL' } })
  if (!('definition' in ruled)) throw new Error(JSON.stringify(ruled))
  const { fields, ...rest } = ruled.definition
  const { fields: before, ...others } = CUSTOMER_MAPPING
  expect(rest).toEqual(others)
  expect(fields.filter((field, index) => field !== before[index])).toEqual([
    { ...before.find(({ name }) => name === CITY), owner: 'LOCAL' },
  ])
})

test('a side that is kept as a whole is the policy of the mapping', () => {
  expect(withRule(CUSTOMER_MAPPING, { kind: 'policy', policy: policyKeeping('LOCAL') })).toMatchObject({
    definition: { updateConflictPolicy: 'SEND_DATA_UPDATE_TO_INTEGRATION_TABLE' },
  })
  expect(policyKeeping('INTEGRATION')).toBe('GET_DATA_UPDATE_FROM_INTEGRATION_TABLE')
})

test('no rule for what never conflicts, and every field at fault is named', () => {
  const oneWay = CUSTOMER_MAPPING.fields.find(({ direction }) => direction !== 'BIDIRECTIONAL')
  const owners = { [oneWay?.name ?? '']: 'LOCAL', 'no:such': 'LOCAL' } as const
  expect(withRule(CUSTOMER_MAPPING, { kind: 'owners', owners })).toEqual({
    problems: [
      { field: oneWay?.name, message: expect.stringContaining('one way only') },
      { field: 'no:such', message: expect.stringContaining(CITY) },
    ],
  })
  const mapping = { ...CUSTOMER_MAPPING, direction: 'TO_INTEGRATION_TABLE' as const }
  expect(withRule(mapping, { kind: 'policy', policy: 'NEWEST_WINS' })).toMatchObject({
    problems: [{ field: null }],
  })
})
