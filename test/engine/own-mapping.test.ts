import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario } from '../support/scenario.js'

let scenario: Scenario

beforeAll(async () => {
  scenario = await Scenario.start({ quiet: false })
})
afterAll(() => scenario.stop())

const CREATE = `mutation ($input: IntegrationTableMappingInput!) {
  createIntegrationTableMapping(input: $input, author: "anna") { name version warnings { message } } }`

async function lastRun(): Promise<{ mappingVersion: number; jobs: readonly object[] }> {
  const { integrationTableMapping: found } = await scenario.ask<{
    integrationTableMapping: { lastRun: { mappingVersion: number; jobs: readonly object[] } }
  }>(
    `{ integrationTableMapping(name: "CATEGORY") { lastRun { mappingVersion jobs { mappingVersion inserted modified failed unchanged } } } }`,
  )
  return found.lastRun
}

test('a mapping of tables out of the metadata is made, runs, and its jobs name the version they ran', async () => {
  await scenario.ask(CREATE, {
    input: {
      name: 'CATEGORY',
      localTable: 'itemCategories',
      integrationTable: 'uomschedules',
      direction: 'TO_INTEGRATION_TABLE',
      synchOnlyCoupledRecords: false,
      fields: [
        { localField: 'displayName', integrationField: 'name' },
        { integrationField: 'baseuomname', constant: 'PCS' },
      ],
    },
  })
  await scenario.synchronize('CATEGORY')
  const first = await lastRun()
  expect(first).toMatchObject({ mappingVersion: 1, jobs: [{ mappingVersion: 1, failed: 0 }] })
  const [{ inserted = 0 } = {}] = first.jobs as { inserted?: number }[]
  expect(inserted).toBeGreaterThan(0)

  await scenario.ask(
    `mutation { addIntegrationFieldMapping(name: "CATEGORY", input: { localField: "code", integrationField: "description", status: ENABLED }) { version } }`,
  )
  await scenario.synchronize('CATEGORY', 'UNCONDITIONAL')
  expect(await lastRun()).toMatchObject({
    mappingVersion: 2,
    jobs: [{ mappingVersion: 2, failed: 0, modified: inserted }],
  })
})
