// Makes a bare clone ready: installs the dependencies when they are missing or have changed, and builds when a source
// has changed. `npm start` and `npm test` run it first; when nothing has changed it takes a fraction of a second.
import { createHash } from 'node:crypto'
import { existsSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { findNode, readText, root, run, say, withLock, writeText } from './lib.mjs'

const STAMP = 'node_modules/.accord-installed'

await withLock('bootstrap', async () => {
  await install()
  linkCommand()
  // `npm test` builds as one of its checks.
  if (!process.argv.includes('--install-only') && !(await build())) process.exitCode = 1
})

async function install() {
  const lock = readText('package-lock.json')
  if (lock === null) fail('package-lock.json is missing: this is not a complete checkout of Accord')
  const digest = createHash('sha256').update(lock).digest('hex')
  if (readText(STAMP) === digest && findNode() !== null) return
  if (!isInstalled(JSON.parse(lock)) || findNode() === null) {
    const npm = process.env.npm_execpath
    say('Installing the dependencies (npm ci): about half a minute with a warm cache, a few minutes without')
    const words = ['ci', '--no-audit', '--no-fund', '--loglevel=error']
    const code =
      npm === undefined
        ? await run('npm', words, { what: 'Installing' })
        : await run(process.execPath, [npm, ...words], { what: 'Installing' })
    if (code !== 0) fail(`The dependencies could not be installed: npm ci ended with exit code ${code}`)
    if (findNode() === null) {
      fail(
        `Accord needs Node 22.17 or later; this is ${process.version}, and the package "node", which would bring ` +
          'Node 24, was not set up. Allow install scripts (npm config delete ignore-scripts), or install Node 24.',
      )
    }
  }
  writeText(STAMP, digest)
}

/** So that `npx accord` finds the command of this checkout at once; npm makes such links for dependencies only. */
function linkCommand() {
  const link = join(root, 'node_modules', '.bin', 'accord')
  if (process.platform === 'win32' || existsSync(link)) return
  rmSync(link, { force: true })
  symlinkSync('../../scripts/accord.mjs', link)
}

/** npm's own list of what lies in node_modules, compared with the lock file. What is for other platforms may be missing. */
function isInstalled(lock) {
  const text = readText('node_modules/.package-lock.json')
  if (text === null) return false
  const present = JSON.parse(text).packages
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true
    const found = present[path]
    return found === undefined ? wanted.optional === true : found.version === wanted.version
  })
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
