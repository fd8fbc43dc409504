// Which pictures there are: the address of each, and what somebody does there before it is taken, by the names that the console has in English.

const press = (name) => (page) => page.getByRole('button', { name, exact: true }).first().click()
const next = press('Next')

/** Chooses two tables in the wizard of mappings. */
async function chooseTables(page) {
  await page.getByLabel('Local table').selectOption('itemCategories')
  await page.getByLabel('Integration table (').selectOption('uomschedules')
  await page.getByLabel('Direction').selectOption('TO_INTEGRATION_TABLE')
}

/** Opens the editor of a field, and makes its value upper case on its way. */
async function editField(page) {
  await page.getByRole('button', { name: 'Edit City – Address 1: City' }).click()
  const towards = page.getByRole('group', { name: 'Transformation on the way to the integration table' })
  await towards.getByRole('button', { name: 'Add a rule' }).click()
  await towards.getByRole('combobox', { name: 'Rule 1' }).selectOption('Uppercase')
  const tried = page.getByRole('region', { name: 'On real records' })
  await tried.waitFor()
  await tried.scrollIntoViewIfNeeded()
}

async function rehearse(page) {
  await editField(page)
  await page.getByRole('button', { name: 'Apply to the draft' }).click()
  await page.getByRole('button', { name: 'Rehearse…' }).click()
  await page.getByRole('button', { name: 'Rehearse', exact: true }).click()
  await page.getByRole('region', { name: 'Result of the rehearsal' }).waitFor()
}

/** Goes on to the last step of the wizard of mappings. */
async function pairFields(page) {
  await chooseTables(page)
  await next(page)
  const add = page.getByRole('group', { name: 'Add a pair of fields' })
  for (const [local, integration] of [
    ['displayName', 'name'],
    ['code', 'baseuomname'],
  ]) {
    await add.getByLabel('Local table').selectOption(local)
    await add.getByLabel('Integration table').selectOption(integration)
    await add.getByRole('button').click()
  }
}

/** Both systems have been looked at, which takes a moment longer than to show the page. */
const looked = (page) =>
  page
    .getByText(/as they are now\.|wie sie jetzt sind/)
    .first()
    .waitFor()

const openRow = (page) => page.locator('[role=row][data-index="0"] [role=cell]').last().click()

/**
 * The pictures. `isUnderWay` are taken while a run is; `isSignedOut` without being signed in; `german` also in German.
 * @param things the ids of what the scene made
 */
export function pictures({ skipped, group, coupling, plan, run }) {
  const customer = 'mappings/demo/CUSTOMER'
  return [
    { name: 'home', path: '', german: true },
    {
      name: 'home-below',
      path: '',
      act: (page) => page.getByRole('region', { name: 'Limits of the systems' }).scrollIntoViewIfNeeded(),
    },
    { name: 'skipped-records', path: 'skipped', german: true },
    {
      name: 'skipped-selected',
      path: 'skipped',
      act: async (page) => {
        for (const row of [0, 1]) await page.locator(`[role=row][data-index="${row}"] input`).check()
      },
    },
    { name: 'desk', path: `skipped/${skipped}`, act: looked, german: true },
    {
      name: 'desk-rule',
      path: `skipped/${skipped}`,
      act: async (page) => {
        await page
          .getByRole('radio', { name: /keep .* of Dynamics 365 Sales/ })
          .first()
          .check()
        await page.getByRole('button', { name: 'Make it a rule' }).click()
        await page.getByRole('dialog').getByRole('button', { name: 'Rehearse' }).click()
        await page
          .getByRole('dialog')
          .getByText(/^Of the last/)
          .waitFor()
      },
    },
    { name: 'errors', path: 'errors', german: true },
    { name: 'errors-list', path: 'errors?view=entries' },
    { name: 'root-cause', path: `errors/group/${group}`, german: true },
    { name: 'purge', path: 'errors', act: press('Delete all entries') },
    { name: 'mappings', path: 'mappings', german: true },
    { name: 'mapping', path: customer, german: true },
    { name: 'mapping-fields', path: `${customer}/fields` },
    { name: 'field', path: `${customer}/fields`, act: editField },
    { name: 'mapping-filters', path: `${customer}/filters` },
    { name: 'rehearsal', path: `${customer}/fields`, act: rehearse },
    { name: 'mapping-versions', path: `${customer}/versions` },
    { name: 'wizard-tables', path: 'mappings/new', act: chooseTables },
    {
      name: 'wizard-fields',
      path: 'mappings/new',
      act: async (page) => {
        await chooseTables(page)
        await next(page)
        await page.getByRole('list', { name: 'Field mappings' }).waitFor()
      },
    },
    {
      name: 'wizard-rules',
      path: 'mappings/new',
      act: async (page) => {
        await pairFields(page)
        await next(page)
        await page.getByLabel('Records belong together where').selectOption('displayName:name')
      },
    },
    { name: 'couplings', path: 'couplings' },
    { name: 'coupling', path: `couplings/${coupling}` },
    {
      name: 'coupling-synchronize',
      path: `couplings/${coupling}`,
      act: async (page) => {
        await press('Synchronize')(page)
        await page.getByRole('dialog').getByRole('radio').first().check()
      },
    },
    {
      name: 'set-up-coupling',
      path: 'couplings/new?connection=demo&mapping=CUSTOMER',
      act: async (page) => {
        await page.getByLabel('Name, number or id').fill('market')
        await page.keyboard.press('Enter')
        await page
          .getByRole('button', { name: /^Choose/ })
          .first()
          .waitFor()
      },
    },
    {
      name: 'match',
      path: 'couplings/match?connection=demo&mapping=SALESPEOPLE',
      act: press('Preview'),
    },
    { name: 'agreement', path: 'couplings/agreement?connection=demo&mapping=CUSTOMER' },
    { name: 'jobs', path: 'jobs', isUnderWay: true, german: true },
    { name: 'run', path: `jobs/${run}` },
    { name: 'throughput', path: 'jobs/charts' },
    { name: 'history', path: 'history' },
    { name: 'write', path: 'history', act: openRow },
    {
      name: 'undo',
      path: 'history',
      act: async (page) => {
        await openRow(page)
        await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click()
      },
    },
    {
      name: 'time-line',
      path: 'history',
      act: async (page) => {
        await openRow(page)
        await page.getByRole('dialog').getByRole('link', { name: 'Time line of the record' }).click()
      },
    },
    { name: 'why', path: 'why?text=Blauer', german: true },
    { name: 'plans', path: 'plan' },
    { name: 'plan', path: `plan/${plan}`, german: true },
    { name: 'full-synchronization', path: 'full-synch' },
    { name: 'connections', path: 'connections' },
    { name: 'connection', path: 'connections/demo', german: true },
    { name: 'connection-settings', path: 'connections/demo/edit' },
    { name: 'assistant-name', path: 'connections/new' },
    {
      name: 'assistant-systems',
      path: 'connections/new',
      act: async (page) => {
        await page.getByLabel('Name of the connection').fill('contoso')
        await next(page)
      },
    },
    { name: 'assistant-plan', path: 'connections/demo/start' },
    { name: 'users', path: 'administration/users' },
    { name: 'tokens', path: 'administration/tokens' },
    { name: 'token', path: 'administration/tokens', act: press('New token') },
    { name: 'audit-log', path: 'administration/audit' },
    { name: 'audit-entry', path: 'administration/audit', act: openRow },
    { name: 'alerts', path: 'administration/alerts' },
    { name: 'alert-rule', path: 'administration/alerts', act: press('New rule') },
    { name: 'settings', path: 'administration/settings' },
    { name: 'sign-in', path: '', isSignedOut: true },
    { name: 'not-found', path: 'couplings/nowhere/nothing' },
  ]
}
