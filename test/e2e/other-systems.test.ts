import { Client } from 'pg'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startSimpleServer, type SimpleServer } from '../connectors/odata/simple-server.js'
import { createTestDatabase, type TestDatabase } from '../support/environment.js'
import { Scenario } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser
let shop: SimpleServer
let books: TestDatabase

beforeAll(async () => {
  ;[demo, browser, shop, books] = await Promise.all([
    Scenario.start(),
    openBrowser(),
    startSimpleServer(),
    createTestDatabase('console_books'),
  ])
  const client = new Client({ connectionString: books.url })
  await client.connect()
  await client.query(`
    create table customer (number text primary key, name varchar(50) not null, city text,
      modified timestamptz not null default clock_timestamp());
    insert into customer (number, name, city) values ('C1', 'Alfreds Futterkiste', 'Berlin'), ('C2', 'Berglunds', 'Luleå')`)
  await client.end()
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
  await shop?.[Symbol.asyncDispose]()
  await books?.drop()
})

async function fillDatabase(page: Page): Promise<void> {
  const { hostname, port, pathname, username, password } = new URL(books.url)
  process.env['CONSOLE_BOOKS_PASSWORD'] = decodeURIComponent(password)
  const form = page.getByRole('region', { name: 'Local system: PostgreSQL' })
  await form.getByLabel('Host').fill(hostname)
  await form.getByLabel('Port').fill(port)
  await form.getByLabel('Database').fill(pathname.slice(1))
  await form.getByLabel('User').fill(decodeURIComponent(username))
  await form.getByLabel('Password: given').selectOption({ label: 'env: variable' })
  await form.getByLabel('Password', { exact: true }).fill('CONSOLE_BOOKS_PASSWORD')
  await form.getByLabel('TLS').selectOption('off')
}

test('a database and an OData service are connected, checked, mapped and planned, and the plan is carried out', async () => {
  const { page, problems, close } = await visit(browser, demo, '/connections/new')
  await page.getByLabel('Name of the connection').fill('books')
  await page.getByLabel('Local system').selectOption({ label: 'PostgreSQL' })
  await page.getByLabel('Integration system').selectOption({ label: 'OData v4 service' })
  // Default mappings are of Business Central and Dataverse alone.
  expect(await page.getByRole('checkbox').count()).toBe(0)
  await page.getByRole('button', { name: 'Next' }).click()
  await fillDatabase(page)
  const service = page.getByRole('region', { name: 'Integration system: OData v4 service' })
  await service.getByLabel('Address of the API').fill(shop.url)
  await service.getByLabel('How Accord signs in').selectOption({ label: 'Without sign-in' })
  await service.getByLabel('Further settings (JSON)').fill('{ "maximumFlight": 2000 }')
  await expectAccessible(page)
  await page.getByRole('button', { name: 'Create the connection' }).click()

  await page.getByRole('button', { name: 'Check connection' }).click()
  await page.getByText('The connection was checked.').first().waitFor()
  expect(await page.getByText('Error', { exact: true }).count()).toBe(0)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByLabel('Local table').selectOption('customer')
  await page.getByLabel('Integration table (').selectOption('customers')
  await page.getByLabel('Direction').selectOption('TO_INTEGRATION_TABLE')
  await page.getByRole('button', { name: 'Next' }).click()
  const pairs = page.getByRole('list', { name: 'Field mappings' })
  for (const name of [/^number/i, /^name/i, /^city/i])
    expect(await pairs.getByRole('checkbox', { name }).isChecked()).toBe(true)
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Create the mapping' }).click()
  await page.getByRole('list', { name: 'Mappings that take part' }).getByRole('checkbox').waitFor()
  await page.getByRole('button', { name: 'Next' }).click()
  await page.getByRole('button', { name: 'Make the plan' }).click()
  const plan = page.getByRole('table', { name: 'Records of the plan' })
  await plan.getByText('Alfreds Futterkiste').first().waitFor()
  await expectAccessible(page)
  expect(await shop.rows()).toEqual([])

  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Check and enable' }).click()
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await page.getByRole('button', { name: 'Carry out this plan' }).click()
  await page.getByRole('region', { name: 'About this run' }).getByText('Completed').waitFor()
  const carried = (await shop.rows()).map(({ number, name, city }) => [number, name, city])
  expect(carried.toSorted()).toEqual([
    ['C1', 'Alfreds Futterkiste', 'Berlin'],
    ['C2', 'Berglunds', 'Luleå'],
  ])

  // What was set up is told in words.
  await page.goto(`${demo.url}/connections/books`)
  const local = page.getByRole('region', { name: 'PostgreSQL' })
  await page
    .getByRole('region', { name: 'OData' })
    .getByText('Longest time a request may be under way')
    .waitFor()
  await page.getByRole('region', { name: 'OData' }).getByText('2 sec', { exact: true }).waitFor()
  await local.getByText('env:CONSOLE_BOOKS_PASSWORD').waitFor()
  await expectAccessible(page)
  expect(problems()).toEqual([])
  await close()
}, 120_000)
