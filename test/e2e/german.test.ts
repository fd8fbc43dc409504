import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Scenario, type Pair } from '../support/scenario.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser, type WatchedPage } from './support/browser.js'
import { englishOn } from './support/english.js'
import { visit } from './support/visit.js'

let demo: Scenario
let browser: TestBrowser
let clashing: Pair
let refused: Pair

const PLUG_IN = 'The plug-in AccountGuard does not let accounts of this city in.'
const QUOTED = `„${PLUG_IN}“`

beforeAll(async () => {
  browser = await openBrowser()
  demo = await Scenario.start()
  ;[clashing, refused] = [await demo.pair(), await demo.pair()]
  await demo.person.editCustomer(clashing.customerId, { phoneNumber: '030-111' })
  await demo.person.editAccount(clashing.accountId, { telephone1: '030-222' })
  await demo.person.editCustomer(refused.customerId, { city: 'Badlands' })
  const action = {
    kind: 'reject',
    field: 'address1_city',
    value: 'Badlands',
    code: '0x80040265',
    message: PLUG_IN,
  }
  await demo.fault('dataverse', { method: 'PATCH', path: 'accounts', times: null, action })
  await demo.synchronize()
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const open = (path: string): Promise<WatchedPage> => visit(browser, demo, path, { locale: 'de-DE' })

/** Waits for what tells that the page has loaded, then looks for English. */
async function expectGerman(page: Page, text: string | RegExp): Promise<void> {
  await page.getByText(text).filter({ visible: true }).first().waitFor()
  expect({ address: page.url(), english: await englishOn(page) }).toEqual({
    address: page.url(),
    english: [],
  })
}

async function idOf(query: string, list: string): Promise<string> {
  const answer = await demo.ask<Record<string, { readonly nodes: readonly { readonly id: string }[] }>>(query)
  const id = answer[list]?.nodes[0]?.id
  if (id === undefined) throw new Error(`There is nothing in ${list}.`)
  return id
}

test('who reads German meets German all the way from an error to its remedy, and what a system said in quotation marks', async () => {
  const { page, problems, close } = await open('/')
  await expectGerman(page, QUOTED)
  await page.goto(`${demo.url}/errors`)
  await expectGerman(page, QUOTED)
  await page.getByRole('link', { name: QUOTED }).click()
  await expectGerman(page, 'Ein Plug-In oder Workflow in Dataverse lehnt den Datensatz ab.')
  await expectAccessible(page)
  const entry = await idOf(
    `{ integrationSynchErrors(filter: { text: "AccountGuard" }) { nodes { id } } }`,
    'integrationSynchErrors',
  )
  await page.goto(`${demo.url}/errors/entry/${entry}`)
  await expectGerman(page, 'fragen Sie den Verantwortlichen des Plug-Ins')

  const skipped = await demo.skipped(clashing)
  await page.goto(`${demo.url}/skipped`)
  await expectGerman(page, /kann nicht aktualisiert werden, weil er später geändert wurde/)
  await page.goto(`${demo.url}/skipped/${skipped?.id ?? ''}`)
  await page.getByRole('table', { name: 'Was sich unterscheidet' }).waitFor()
  await expectGerman(page, /und die Zuordnung sagt nicht, welche Seite gewinnt/)
  const { displayName } = (await demo.records(refused)).customer ?? {}
  await page.goto(`${demo.url}/why?text=${encodeURIComponent(String(displayName))}`)
  await expectGerman(page, /Der letzte Versuch schlug fehl/)
  expect(problems()).toEqual([])
  await close()
})

test('plans, comparisons, checks, mappings, jobs and settings are told in German', async () => {
  const { planMapping } = await demo.ask<{ planMapping: { id: string } }>(
    'mutation { planMapping(name: "CUSTOMER", mode: FULL) { id } }',
  )
  await demo.ask('mutation { checkConnection { id } }')
  await demo.ask('mutation { reconcileMapping(name: "CUSTOMER") { id } }')
  const { page, problems, close } = await open(`/plan/${planMapping.id}`)
  await expectGerman(page, /^\d+ Zeilen?$/)
  const visits: readonly (readonly [path: string, text: string | RegExp])[] = [
    ['/couplings', 'Erledigt'],
    [`/couplings/${clashing.couplingId}`, '1 Feld weicht ab'],
    ['/couplings/agreement?mapping=CUSTOMER', /% von \d+ Paaren sind gleich/],
    ['/mappings', 'CUSTOMER'],
    ['/mappings/demo/CUSTOMER', 'Aktualisierungskonflikte lösen'],
    ['/mappings/demo/CUSTOMER/fields', 'Phone No.'],
    ['/mappings/demo/CUSTOMER/filters', 'Blocked ist leer'],
    ['/connections/demo', /Accord arbeitet auf/],
    ['/jobs', 'Abgeschlossen'],
    ['/history', /Der Datensatz war neu und hatte kein Gegenstück/],
    ['/administration/settings', 'Port der API'],
  ]
  for (const [path, text] of visits) {
    await page.goto(`${demo.url}${path}`)
    await expectGerman(page, text)
  }
  expect(problems()).toEqual([])
  await close()
})

test('who changes the language is told anew what he sees, and the other way round', async () => {
  const { page, problems, close } = await visit(browser, demo, '/errors/group')
  await page.goto(
    `${demo.url}/errors/group/${await idOf('{ errorGroups(filter: { text: "AccountGuard" }) { nodes { id } } }', 'errorGroups')}`,
  )
  await page.getByText('A plug-in or workflow in Dataverse refuses the record.').waitFor()
  await page.getByRole('button', { name: 'Appearance and language' }).click()
  await page.getByRole('menuitemradio', { name: 'Deutsch' }).click()
  await page.getByText('Ein Plug-In oder Workflow in Dataverse lehnt den Datensatz ab.').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Darstellung und Sprache' }).click()
  await page.getByRole('menuitemradio', { name: 'English' }).click()
  await page.getByText('A plug-in or workflow in Dataverse refuses the record.').waitFor()
  expect(problems()).toEqual([])
  await close()
})
