import { expect, test } from 'vitest'
import { mappingChoices } from '../../console/src/shared/mapping-choices.js'

const words = { all: 'All', ofConnection: (connection: string) => `All of ${connection}` }
const mapping = (name: string, connection: string) => ({
  id: `${connection} ${name}`,
  name,
  connection: { name: connection },
})
const one = [mapping('CUSTOMER', 'demo'), mapping('ITEM', 'demo')]
const two = [...one, mapping('CUSTOMER', 'north')]

const chosenOf = (
  mappings: typeof one,
  place: { readonly mapping: string | null; readonly connection: string | null },
) => {
  const { choices, chosen } = mappingChoices(mappings, place, words)
  return choices.find(({ value }) => value === chosen)
}

test('mappings of several connections are told apart, and all of a connection can be chosen', () => {
  const { choices } = mappingChoices(two, { mapping: null, connection: null }, words)
  expect(choices.map(({ text }) => text)).toEqual([
    'All',
    'All of demo',
    'All of north',
    'CUSTOMER (demo)',
    'ITEM (demo)',
    'CUSTOMER (north)',
  ])
  expect(chosenOf(two, { mapping: 'CUSTOMER', connection: 'north' })).toMatchObject({
    text: 'CUSTOMER (north)',
  })
  expect(chosenOf(two, { mapping: null, connection: 'north' })).toMatchObject({ text: 'All of north' })
})

test('what an address narrows a list down to is always shown', () => {
  expect(chosenOf(one, { mapping: null, connection: null })).toMatchObject({ text: 'All' })
  expect(chosenOf(one, { mapping: 'ITEM', connection: null })).toMatchObject({ text: 'ITEM' })
  expect(chosenOf(one, { mapping: null, connection: 'demo' })).toMatchObject({ text: 'All of demo' })
  expect(chosenOf(two, { mapping: 'CUSTOMER', connection: null })).toMatchObject({ text: 'CUSTOMER' })
  expect(chosenOf(one, { mapping: 'GONE', connection: 'demo' })).toMatchObject({ text: 'GONE (demo)' })
})
