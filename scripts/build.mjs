// Builds the console, compiles src, sandbox and bench into dist, and copies the files beside them that are read at run time. Does nothing
// when no source has changed since the last build.
import { createHash } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { filesBelow, findNode, readText, root, run, say, writeText } from './lib.mjs'

const FOLDERS = ['src', 'sandbox', 'bench']
const BUNDLER = 'scripts/bundle-workflows.mjs'
const CONSOLE = 'scripts/console.mjs'
const CONSOLE_STAMP = 'dist/.console-built'
/** Made by other scripts, and cleared away by them. */
const OTHERS = /^dist\/(?:console\/|\.console-)/
const SETTINGS = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', 'scripts/build.mjs', BUNDLER]
const STAMP = 'dist/.accord-built'
const WORKFLOW_BUNDLE = 'dist/workflow-bundle.cjs'
const BUNDLE_STAMP = 'dist/.workflows-bundled'
const COMPILED = /\.tsx?$/
/** Read at run time from beside the code. Results of the bench are kept where they are written. */
const COPIED = /\.(?:csv|json|sql|graphql|html|css|txt)$/

/** @returns whether `dist` is what the sources say */
export async function build({ force = false } = {}) {
  return (await buildConsole(force)) && buildServers(force)
}

async function buildServers(force) {
  const sources = FOLDERS.flatMap(filesBelow).filter((path) => !path.startsWith('bench/results/'))
  const stamp = stampOf([...sources, ...SETTINGS])
  if (!force && readText(STAMP) === stamp) return true
  say('Building')
  rmSync(join(root, STAMP), { force: true })
  const code = await run(process.execPath, [
    join(root, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ])
  if (code !== 0) {
    process.stderr.write('The build failed; the messages of the compiler are above.\n')
    return false
  }
  if (!(await bundleWorkflows(sources))) return false
  const expected = new Set([WORKFLOW_BUNDLE, BUNDLE_STAMP])
  for (const source of sources) {
    const target = `dist/${source}`
    if (COMPILED.test(source)) {
      const script = target.replace(COMPILED, '.js')
      expected.add(script).add(`${script}.map`)
    } else if (COPIED.test(source)) {
      expected.add(target)
      mkdirSync(dirname(join(root, target)), { recursive: true })
      copyFileSync(join(root, source), join(root, target))
    }
  }
  for (const left of filesBelow('dist'))
    if (!expected.has(left) && !OTHERS.test(left)) rmSync(join(root, left))
  writeText(STAMP, stamp)
  return true
}

async function buildConsole(force) {
  const stamp = stampOf([
    ...filesBelow('console').filter((path) => !path.includes('/generated/')),
    'schema.graphql',
    'package-lock.json',
    CONSOLE,
  ])
  if (!force && readText(CONSOLE_STAMP) === stamp) return true
  say('Building the console')
  const code = await run(findNode() ?? process.execPath, [join(root, CONSOLE)])
  if (code !== 0) {
    process.stderr.write('The console could not be built; the messages are above.\n')
    return false
  }
  writeText(CONSOLE_STAMP, stamp)
  return true
}

/** Takes some seconds, so it is left out while nothing that workflows may import has changed. */
async function bundleWorkflows(sources) {
  const parts = sources.filter((path) => /^src\/(?:workflows|activities|domain)\//.test(path))
  const stamp = stampOf([...parts, ...SETTINGS])
  if (readText(BUNDLE_STAMP) === stamp && existsSync(join(root, WORKFLOW_BUNDLE))) return true
  say('Bundling the workflows')
  const code = await run(findNode() ?? process.execPath, [join(root, BUNDLER)])
  if (code !== 0) {
    process.stderr.write('The workflows could not be bundled; the messages of the bundler are above.\n')
    return false
  }
  writeText(BUNDLE_STAMP, stamp)
  return true
}

/** Changes with every edit, without reading the files. */
function stampOf(paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const file = join(root, path)
    if (!existsSync(file)) continue
    const { mtimeMs, size } = statSync(file)
    hash.update(`${path}\0${mtimeMs}\0${size}\n`)
  }
  return hash.digest('hex')
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!(await build({ force: true }))) process.exitCode = 1
}
