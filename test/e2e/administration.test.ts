import type { Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { Role } from '../../src/domain/role.js'
import { judgeAlerts } from '../../src/persistence/alerts.js'
import { admitUser } from '../../src/persistence/users.js'
import { startTestApi, type TestApi } from '../api/support/api.js'
import { Rows } from '../api/support/rows.js'
import { expectAccessible } from './support/accessible.js'
import { openBrowser, type TestBrowser } from './support/browser.js'

let api: TestApi
let browser: TestBrowser

beforeAll(async () => {
  browser = await openBrowser()
  api = await startTestApi('console_administration')
})
beforeEach(() => api.reset())
afterAll(async () => {
  await browser?.close()
  await api?.close()
})

async function open(page: Page, path: string): Promise<void> {
  const { data } = await api.ask<{ createSignInLink: { path: string } }>(
    'mutation { createSignInLink { path } }',
  )
  await page.goto(`${api.url}${data.createSignInLink.path}`)
  await page.goto(`${api.url}${path}`)
}

test('a token is made, shown once, lets its program in, and after it was revoked nobody', async () => {
  const { page, problems, close } = await browser.newPage()
  await open(page, '/administration/tokens')
  await page.getByText('There are no access tokens').first().waitFor()
  await page.getByRole('button', { name: 'New token' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('reporting')
  await form.getByLabel('Role').selectOption({ label: 'Operator' })
  await form.getByRole('button', { name: 'New token' }).click()
  await page.getByRole('alertdialog', { name: 'The token reporting' }).waitFor()
  const token = await page.getByLabel('Token', { exact: true }).inputValue()
  expect((await api.ask<{ me: unknown }>('{ me { name role } }', {}, token)).data.me).toEqual({
    name: 'reporting',
    role: 'OPERATOR',
  })

  await page.getByRole('button', { name: 'I have it' }).click()
  await page.getByRole('row', { name: /reporting/ }).waitFor()
  expect(await page.content()).not.toContain(token)
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Revoke' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('There are no access tokens').first().waitFor()
  expect((await api.ask('{ me { name } }', {}, token)).status).toBe(401)
  expect(problems()).toEqual([])
  await close()
})

test('a channel and a rule are made, changed and deleted, and the audit log tells before and after', async () => {
  const { page, problems, close } = await browser.newPage()
  await open(page, '/administration/alerts')
  await page.getByText('No alert is open').first().waitFor()
  await page.getByRole('button', { name: 'New channel' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('On call')
  await form.getByLabel('Address').fill('https://127.0.0.1/alerts')
  await form.getByRole('button', { name: 'Save' }).click()
  const shown = page.getByRole('alertdialog', { name: 'The secret of On call' })
  expect(await shown.getByLabel('Secret that signs the messages').inputValue()).toContain('whsec_')
  await page.getByRole('button', { name: 'I have it' }).click()

  await page.getByRole('button', { name: 'New rule' }).click()
  await form.getByLabel('Name').fill('Too many errors')
  await form.getByLabel('What for').selectOption({ label: 'Many errors' })
  await form.getByRole('checkbox', { name: 'Who is told: On call' }).check()
  await form.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText('More than 10 errors in 60 minutes - Every mapping for itself - On call')
    .first()
    .waitFor()
  await expectAccessible(page)

  await page.getByRole('button', { name: 'Edit Too many errors' }).click()
  await form.getByLabel('Errors').fill('25')
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('More than 25 errors in 60 minutes').first().waitFor()
  await page.getByRole('button', { name: 'Delete Too many errors' }).click()
  await form.getByRole('button', { name: 'Delete' }).click()
  await page.getByText('No rule: nobody is told of anything.').first().waitFor()

  await page.getByRole('tab', { name: 'Audit log' }).click()
  await page.getByLabel('Action').fill('updateAlertRule')
  const entries = page.getByRole('table', { name: 'Audit log' }).getByRole('row')
  await expect.poll(() => entries.count()).toBe(2)
  await page.getByRole('cell', { name: 'updateAlertRule' }).click()
  const changed = page.getByRole('row', { name: /threshold/ })
  await changed.waitFor()
  expect(await changed.getByRole('cell').allInnerTexts()).toEqual(['threshold', '10', '25'])
  await expectAccessible(page)
  expect(problems()).toEqual([])
  await close()
})

test('an alert of a rule made here shows by itself, and somebody looks after it, until it has recovered', async () => {
  const rows = new Rows(api.database)
  const mapping = await rows.mapping()
  const { page, problems, close } = await browser.newPage()
  await open(page, '/administration/alerts')
  await page.getByText('No alert is open').first().waitFor()
  await page.getByRole('button', { name: 'New rule' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Name').fill('Runs fail')
  // A number that cannot be is told beside it, before it is sent.
  await form.getByLabel('What for').selectOption('ERRORS_OVER')
  await form.getByLabel('Errors').fill('-5')
  await form.getByText('A whole number from 0 to 1000000.').waitFor()
  expect(await form.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await form.getByLabel('What for').selectOption('RUN_FAILED')
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByText('A run has failed - Every mapping for itself').first().waitFor()

  await rows.run(mapping, { status: 'FAILED', message: 'No right to read accounts.' })
  await judgeAlerts(api.database)
  const raised = page.getByRole('region', { name: 'Open alerts' })
  await raised.getByText('The last run failed: No right to read accounts.').waitFor()
  await raised.getByText('Contoso CUSTOMER').waitFor()
  await expectAccessible(page)
  await raised.getByRole('button', { name: 'I look after it' }).click()
  await raised.getByText('local looks after it').waitFor()

  await rows.run(mapping, { requestedAt: new Date(), finishedAt: new Date() })
  await judgeAlerts(api.database)
  await raised.getByText('No alert is open').waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('the role of somebody is changed, he is kept out and let in again, and the audit log names him', async () => {
  const { id } = await admitUser(
    api.database.em.fork(),
    {
      issuer: 'https://login.example.com',
      subject: 'vera',
      name: 'Vera',
      email: 'vera@contoso.com',
      isEmailVerified: true,
      role: Role.viewer,
      isRoleTold: true,
    },
    12,
  )
  const stands = async () => {
    const { data } = await api.ask<{ users: { nodes: readonly object[] } }>(
      '{ users { nodes { id role disabledBy } } }',
    )
    return data.users.nodes
  }
  const { page, problems, close } = await browser.newPage()
  await open(page, '/administration/users')
  const role = page.getByLabel('Role of Vera')
  expect(await role.locator('option:checked').innerText()).toBe('As the provider says (Viewer)')
  await expectAccessible(page)
  await role.selectOption({ label: 'Operator' })
  await page.getByText('Vera now has Operator.').first().waitFor()
  expect(await stands()).toEqual([{ id, role: 'OPERATOR', disabledBy: null }])

  await page.getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click()
  await page.getByRole('button', { name: 'Enable' }).waitFor()
  expect(await stands()).toEqual([{ id, role: 'OPERATOR', disabledBy: 'local' }])
  await page.getByRole('button', { name: 'Enable' }).click()
  await page.getByText('Vera may sign in again.').first().waitFor()

  await page.getByRole('tab', { name: 'Audit log' }).click()
  const entry = page.getByRole('row', { name: /setUserRole/ })
  await entry.getByText('User Vera').waitFor()
  await entry.getByRole('link', { name: 'Vera' }).click()
  await page.getByLabel('Role of Vera').waitFor()
  expect(problems()).toEqual([])
  await close()
})

test('the settings of the installation tell what is kept how long, and whether secrets can be kept', async () => {
  const { page, problems, close } = await browser.newPage()
  await open(page, '/administration/settings')
  await page.setViewportSize({ width: 360, height: 740 })
  await page.getByText('Secrets can be stored and read.').first().waitFor()
  await page.getByLabel('Find a setting').fill('ACCORD_AUDIT')
  await page.getByRole('row', { name: /ACCORD_AUDIT_DAYS.*730/ }).waitFor()
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360)
  await expectAccessible(page)
  expect(problems()).toEqual([])
  await close()
})

test('who is no administrator is told why the page holds nothing for him, and can make no rule', async () => {
  const { data } = await api.ask<{ createAccessToken: { token: string } }>(
    'mutation { createAccessToken(input: { name: "a viewer", role: VIEWER }) { token } }',
  )
  const { page, close } = await browser.newPage({
    extraHTTPHeaders: { authorization: `Bearer ${data.createAccessToken.token}` },
  })
  await page.goto(`${api.url}/administration`)
  const reason = 'This needs the role Administrator; you have Viewer.'
  await page.getByRole('heading', { name: reason }).waitFor()
  await page.getByRole('tab', { name: 'Alerts' }).click()
  const newRule = page.getByRole('button', { name: 'New rule' })
  await newRule.focus()
  await page.getByRole('tooltip').getByText(reason).waitFor()
  await newRule.press('Enter')
  expect(await page.getByRole('dialog').count()).toBe(0)
  await close()
})
