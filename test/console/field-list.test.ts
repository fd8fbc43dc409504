import { expect, test } from 'vitest'
import { EMPTY_FIELD, fieldName } from '../../console/src/pages/mappings/document.js'
import { withField, withoutField } from '../../console/src/pages/mappings/field-list.js'

const field = (localField: string, truncate = false) => ({
  ...EMPTY_FIELD,
  localField,
  integrationField: localField,
  direction: 'BIDIRECTIONAL' as const,
  truncate,
})
// While one was edited, somebody else has saved another before it.
const now = [field('city'), field('name'), field('phone')]

test('a field mapping that was edited takes its own place, wherever that is by now', () => {
  expect(withField(now, 'name:name', field('name', true)).map(({ truncate }) => truncate)).toEqual([
    false,
    true,
    false,
  ])
  expect(withField(now, 'gone:gone', field('gone')).map(fieldName).at(-1)).toBe('gone:gone')
  expect(withField(now, null, field('new'))).toHaveLength(4)
})

test('a field mapping is removed by its name', () => {
  expect(withoutField(now, 'name:name').map(fieldName)).toEqual(['city:city', 'phone:phone'])
})
