// Pictures of the console's pages for docs/images: light, dark, and on a phone. Needs an Accord that runs here (`npm start`).
import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runnerImport } from 'vite'
import { root } from './lib.mjs'

const FOLDER = join(root, 'docs', 'images')
const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true },
}

/** The address of each page, below that of the API. */
async function pagesOf(asked) {
  const { skippedSynchRecords, errorGroups, couplings, integrationTableMapping, synchRuns } = await asked(`{
    skippedSynchRecords(first: 1) { nodes { id } }
    errorGroups(first: 1) { nodes { id } }
    couplings(first: 1) { nodes { id } }
    integrationTableMapping(name: "CUSTOMER") { connection { name } }
    synchRuns(first: 1) { id }
  }`)
  const below = (path, { nodes }) => (nodes.length === 0 ? {} : { [path]: nodes[0].id })
  const first = {
    ...below('skipped', skippedSynchRecords),
    ...below('errors', errorGroups),
    ...below('couplings', couplings),
  }
  const mapping = integrationTableMapping?.connection.name
  return {
    home: '',
    'skipped-records': 'skipped',
    ...(first.skipped && { desk: `skipped/${first.skipped}` }),
    errors: 'errors',
    ...(first.errors && { 'root-cause': `errors/group/${first.errors}` }),
    mappings: 'mappings',
    'new-mapping': 'mappings/new',
    ...(mapping && {
      mapping: `mappings/${encodeURIComponent(mapping)}/CUSTOMER`,
      fields: `mappings/${encodeURIComponent(mapping)}/CUSTOMER/fields`,
    }),
    couplings: 'couplings',
    ...(first.couplings && { coupling: `couplings/${first.couplings}` }),
    jobs: 'jobs',
    throughput: 'jobs/charts',
    ...(synchRuns[0] && { run: `jobs/${synchRuns[0].id}` }),
    history: 'history',
    why: 'why?text=Blauer',
    connections: 'connections',
    'full-synchronization': 'full-synch',
    administration: 'administration',
    settings: 'administration/settings',
    plan: 'plan',
  }
}

const { stdout } = await promisify(execFile)(process.execPath, [
  join(root, 'scripts', 'accord.mjs'),
  'status',
  '--json',
])
const { api } = JSON.parse(stdout)
const origin = new URL(api.url).origin

async function ask(query) {
  const response = await fetch(api.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = await response.json()
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

await mkdir(FOLDER, { recursive: true })
const { module } = await runnerImport(join(root, 'test', 'e2e', 'support', 'browser.ts'))
const browser = await module.openBrowser()
try {
  const pages = await pagesOf(ask)
  for (const [look, options] of Object.entries(LOOKS)) {
    const { page, problems, close } = await browser.newPage(options)
    const { createSignInLink } = await ask('mutation { createSignInLink { path } }')
    await page.goto(`${origin}${createSignInLink.path}`)
    for (const [name, path] of Object.entries(pages)) {
      await page.goto(`${origin}/${path}`, { waitUntil: 'load' })
      await page.locator('main h1').first().waitFor()
      // Loading states; spinners go when what they stand for has come.
      await page.locator('main .fui-Spinner').first().waitFor({ state: 'detached' })
      await page.screenshot({ path: join(FOLDER, `${name}-${look}.png`), animations: 'disabled' })
    }
    if (problems().length > 0) console.error(`${look}: ${problems().join('\n')}`)
    await close()
  }
} finally {
  await browser.close()
}
