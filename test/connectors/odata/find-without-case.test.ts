import { expect, test } from 'vitest'
import { createConnector } from '../../../src/connectors/create-connector.js'
import { startSimpleServer } from './simple-server.js'

/** A server of others that compares `tolower(name)` as if it were `name`. */
test('a service is believed to ignore case only after a value that shows it', async () => {
  await using server = await startSimpleServer()
  await server.person('POST', 'customers', {
    id: crypto.randomUUID(),
    number: '😀',
    name: '😀 in small letters',
  })
  const connector = createConnector('ODATA', { url: server.url, signIn: { kind: 'none' } })
  const table = await connector.describeTable('customers')
  // Whatever this first question leads to, it is remembered for the next ones.
  await connector.readByValues(table, ['name'], 'name', ['😀 in small letters'])
  await server.person('POST', 'customers', {
    id: crypto.randomUUID(),
    number: 'T1',
    name: "O'Neil & Söhne, #1+?",
  })
  const found = await connector.readByValues(table, ['name'], 'name', ["o'NEIL & söhne, #1+?"])
  expect(found.map(({ values }) => values['name'])).toEqual(["O'Neil & Söhne, #1+?"])
  await connector.close()
})
