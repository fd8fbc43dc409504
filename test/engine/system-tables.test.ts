import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

let scenario: Scenario

beforeAll(async () => {
  scenario = await Scenario.start({ quiet: false })
})
afterAll(() => scenario.stop())

test.each([
  ['LOCAL', 'customers', 'displayName', 'TEXT'],
  ['INTEGRATION', 'accounts', 'transactioncurrencyid', 'LOOKUP'],
])('a worker reads the tables of a system from its metadata: %s', async (side, name, field, type) => {
  const { systemTables } = await scenario.ask<{ systemTables: { tables: { name: string }[] } }>(
    'query ($side: Side!) { systemTables(side: $side) { tables { name } } }',
    { side },
  )
  expect(systemTables.tables.map((table) => table.name)).toContain(name)
  const { systemTable } = await scenario.ask<{ systemTable: { fields: { name: string; type: string }[] } }>(
    'query ($side: Side!, $name: String!) { systemTable(side: $side, name: $name) { fields { name type } } }',
    { side, name },
  )
  expect(systemTable.fields).toContainEqual({ name: field, type })
})

test('a table that is not there is the failure that the system tells', async () => {
  await expect(scenario.ask('{ systemTable(side: LOCAL, name: "widgets") { name } }')).rejects.toThrow(
    /widgets/,
  )
})
