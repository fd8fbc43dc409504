import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { run, sql } from '../../src/persistence/sql.js'
import { startDueChecks } from '../../src/temporal/due-checks.js'
import { run as runCommand } from '../cli/support.js'
import { Scenario, type OpenError } from '../support/scenario.js'

let demo: Scenario
const folder = mkdtempSync(join(tmpdir(), 'accord-check-'))
beforeAll(async () => {
  demo = await Scenario.start()
})
afterAll(async () => {
  await demo.stop()
  rmSync(folder, { recursive: true, force: true })
})

interface Check {
  readonly id: string
  readonly requestedBy: string
  readonly findings: readonly { readonly code: string; readonly severity: string; readonly what: string }[]
}

interface Diagnosed extends OpenError {
  readonly diagnosis: string | null
  readonly evidence: string | null
  readonly source: object | null
}

const CHECK = 'id requestedBy findings { code severity what }'

const check = async (): Promise<Check> =>
  (await demo.ask<{ checkConnection: Check }>(`mutation { checkConnection { ${CHECK} } }`)).checkConnection

const lastCheck = async (): Promise<Check | null> => {
  const { integrationTableMapping: mapping } = await demo.ask<{
    integrationTableMapping: { connection: { lastCheck: Check | null } }
  }>(`{ integrationTableMapping(name: "CUSTOMER") { connection { lastCheck { ${CHECK} } } } }`)
  return mapping.connection.lastCheck
}

const openErrors = async (): Promise<readonly Diagnosed[]> => {
  const { integrationSynchErrors } = await demo.ask<{
    integrationSynchErrors: { nodes: readonly Diagnosed[] }
  }>(`{ integrationSynchErrors(first: 500, filter: { mapping: "CUSTOMER", status: OPEN, errorClass: [PERMISSION] }) {
    nodes { id errorClass message cause remedy occurrences diagnosis evidence source { id } } } }`)
  return integrationSynchErrors.nodes
}

const turn = async (name: string, body: object | null): Promise<void> => {
  const address = `${demo.engine.sandbox.dataverse.origin}/sandbox/${name}`
  const answer = await fetch(address, {
    method: body === null ? 'DELETE' : 'POST',
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(await answer.text())
}

test('the demo works; what the check found is kept with the connection', async () => {
  const found = await check()
  expect(found.findings.map(({ code }) => code)).toEqual(['SIGNED_IN_AS', 'SIGNED_IN_AS'])
  expect(found.requestedBy).toBe('local')
  expect(await lastCheck()).toEqual(found)
})

test('a privilege is taken away: runs stop with its name, once; given back, the next run makes good', async () => {
  const pairs = [await demo.pair(), await demo.pair(), await demo.pair()]
  await turn('permissions', { without: ['prvWriteAccount'] })
  for (const { customerId } of pairs) await demo.person.editCustomer(customerId, { city: 'Roma' })

  const stopped = await demo.synchronize()
  expect(stopped.status).toBe('FAILED')
  const errors = await openErrors()
  expect(errors).toHaveLength(1)
  expect(errors[0]).toMatchObject({ diagnosis: 'PRIVILEGE_MISSING', source: null, occurrences: 1 })
  expect(errors[0]?.remedy).toBe(
    'Add Write on the table Account with organisation depth to the security role of the application user.',
  )
  expect(errors[0]?.evidence).toMatch(/missing the privilege prvWriteAccount on the table Account/)
  expect(stopped.message).toContain(errors[0]?.remedy)
  expect((await lastCheck())?.requestedBy).toBe(`run ${stopped.id}`)

  await demo.synchronize()
  expect(await openErrors()).toMatchObject([{ id: errors[0]?.id, occurrences: 2 }])

  await turn('permissions', null)
  expect((await demo.synchronize()).status).toBe('COMPLETED')
  expect(await openErrors()).toEqual([])
  for (const pair of pairs) expect((await demo.records(pair)).account?.['address1_city']).toBe('Roma')
  expect((await check()).findings.filter(({ severity }) => severity === 'ERROR')).toEqual([])
})

test('accord check shows what is to be mended, worst first, and fails on errors only', async () => {
  const accordCheck = (...words: string[]) =>
    runCommand(['check', ...words], {
      ACCORD_DATA: folder,
      ACCORD_API_PORT: new URL(demo.url).port,
      ACCORD_API_TOKEN: demo.engine.config.api.token,
    })
  const good = await accordCheck()
  expect([good.code, good.trouble]).toEqual([0, ''])
  expect(good.output).toContain('The connection works: nothing is to be mended.')

  await turn('permissions', { roles: ['System Administrator', 'System Customizer'] })
  const bad = await accordCheck('demo')
  await turn('permissions', null)
  expect([bad.code, bad.trouble.trim()]).toEqual([1, '1 error was found.'])
  const order = [
    'error  ADMINISTRATOR_AS_INTEGRATION_USER  (integration)',
    'warning  CUSTOMIZER_AS_INTEGRATION_USER',
  ]
  expect(order.map((text) => bad.output.indexOf(text) >= 0)).toEqual([true, true])
  expect(bad.output.indexOf(order[0] ?? '')).toBeLessThan(bad.output.indexOf(order[1] ?? ''))
  expect(bad.output).toMatch(/Remedy +Choose a user that does not have the System Administrator role/)

  const asJson = await accordCheck('--json')
  expect(asJson.code).toBe(0)
  expect(JSON.parse(asJson.output)).toMatchObject({
    requestedBy: 'local',
    findings: [{ code: 'SIGNED_IN_AS' }, {}],
  })

  const unknown = await accordCheck('nobody')
  expect(unknown.code).toBe(1)
  expect(unknown.trouble).toContain('demo')
})

test('a connection is checked by itself when its last check is long past', async () => {
  const { control, database, config } = demo.engine
  const settings = { taskQueue: config.temporal.taskQueue, hours: 24 }
  expect(await startDueChecks(control.client, database, settings)).toEqual([])
  await run(
    database.em.fork(),
    sql`update connection_check set checked_at = checked_at - make_interval(hours => 25)`,
  )
  expect(await startDueChecks(control.client, database, settings)).toHaveLength(1)
  await demo.until(lastCheck, (last) => last?.requestedBy === 'schedule', 'the check that was due')
  expect(await startDueChecks(control.client, database, settings)).toEqual([])
})
