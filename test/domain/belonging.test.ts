import { expect, test } from 'vitest'
import { belongsThrough } from '../../src/domain/belonging.js'
import { DEFAULT_MAPPINGS } from '../../src/domain/catalog/default-mappings.js'

test('of the default mappings contacts belong to customers and vendors, and nothing else to anything', () => {
  const found = DEFAULT_MAPPINGS.flatMap((mapping) =>
    DEFAULT_MAPPINGS.flatMap((owner) =>
      belongsThrough(mapping, owner).map((field) => [mapping.name, owner.name, field]),
    ),
  )
  expect(found).toEqual([
    ['CONTACT', 'CUSTOMER', 'parentId:parentcustomerid'],
    ['CONTACT', 'VENDOR', 'parentId:parentcustomerid'],
  ])
})
