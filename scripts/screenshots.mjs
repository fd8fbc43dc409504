// Pictures of the console for docs/images: light, dark, on a phone, and in German. Needs a demo that runs here (`npm start`), and changes its
// records: people edit them, and Sales refuses some. With names of pictures it takes these alone: `node scripts/screenshots.mjs home desk-dark`.
import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runnerImport } from 'vite'
import { root } from './lib.mjs'
import { pictures } from './screenshots/pages.mjs'
import { withPalette } from './screenshots/palette.mjs'
import { clearFaults, duringRun, setScene } from './screenshots/scene.mjs'

const FOLDER = join(root, 'docs', 'images')
const LOOKS = {
  light: { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: 'dark' },
  phone: { viewport: { width: 360, height: 740 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  german: { viewport: { width: 1280, height: 800 }, colorScheme: 'light', locale: 'de-DE' },
}

const { stdout } = await promisify(execFile)(process.execPath, [
  join(root, 'scripts', 'accord.mjs'),
  'status',
  '--json',
])
const { api, sandbox } = JSON.parse(stdout)
const origin = new URL(api.url).origin

async function ask(query, variables = {}) {
  const response = await fetch(api.url, {
    method: 'POST',
    headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = await response.json()
  if (errors !== undefined) throw new Error(JSON.stringify(errors))
  return data
}

const load = async (...path) => (await runnerImport(join(root, 'test', ...path))).module

const wanted = process.argv.slice(2)
const isWanted = (name, look) =>
  wanted.length === 0 || wanted.some((one) => one === name || one === `${name}-${look}` || one === look)

const { Person } = await load('support', 'person.ts')
const parts = { ask, sandbox, person: await Person.arrive(sandbox) }
const all = pictures(await setScene(parts))
await mkdir(FOLDER, { recursive: true })
const browser = await (await load('e2e', 'support', 'browser.ts')).openBrowser()
let failed = 0
try {
  for (const [look, options] of Object.entries(LOOKS)) {
    const chosen = all.filter(({ name, german }) => isWanted(name, look) && (look !== 'german' || german))
    if (chosen.length === 0) continue
    const signedOut = await browser.newPage(options)
    const { page, problems, close } = await browser.newPage(options)
    const { createSignInLink } = await ask('mutation { createSignInLink { path } }')
    await page.goto(`${origin}${createSignInLink.path}`)
    for (const { name, path, act, isSignedOut, isUnderWay } of chosen) {
      const take = () => picture(isSignedOut ? signedOut.page : page, { name, path, act, look, isUnderWay })
      try {
        await (isUnderWay ? duringRun(parts, take) : take())
      } catch (error) {
        failed += 1
        console.error(`${name}-${look}: ${error.message}`)
      }
    }
    if (problems().length > 0) console.error(`${look}: ${problems().join('\n')}`)
    await signedOut.close()
    await close()
  }
} finally {
  await browser.close()
  await clearFaults(parts)
}
if (failed > 0) process.exitCode = 1

async function picture(page, { name, path, act, look, isUnderWay }) {
  await page.goto(`${origin}/${path}`, { waitUntil: 'load' })
  await page.locator('h1').first().waitFor()
  if (isUnderWay) await page.getByRole('article').getByRole('progressbar').first().waitFor()
  else await settled(page)
  await act?.(page)
  if (!isUnderWay) await settled(page)
  const { width } = LOOKS[look].viewport
  const needed = await page.evaluate('document.documentElement.scrollWidth')
  if (needed > width) console.error(`${name}-${look}: ${needed} pixels wide`)
  const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' })
  await writeFile(join(FOLDER, `${name}-${look}.png`), withPalette(taken))
}

/** What stands for what is loading is gone when that has come. */
async function settled(page) {
  const isThere = () => document.querySelector('.fui-Spinner, .fui-Skeleton') !== null
  let calm = 0
  // What begins to load is not there at once.
  while (calm < 3) {
    calm = (await page.evaluate(isThere)) ? 0 : calm + 1
    await page.waitForTimeout(100)
  }
}
