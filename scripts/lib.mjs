// What the scripts share. They run before anything is installed and on any Node from 20 on: no dependency, no TypeScript.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The checkout. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP']
const NEEDED = [22, 17]

/** Whether a version like `v20.11.0` can run Accord. */
export function isNewEnough(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])
}

/** The Node that runs Accord: the one running now, else the one among the dependencies; `null` when there is none. */
export function findNode() {
  if (isNewEnough(process.version)) return process.execPath
  const installed = join(
    root,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  )
  const answer = spawnSync(installed, ['--version'], { encoding: 'utf8' })
  return answer.status === 0 && isNewEnough(answer.stdout.trim()) ? installed : null
}

/** Runs a program with this terminal's output; resolves with its exit code. A line tells every ten seconds that it lives. */
export async function run(command, words, { what, environment = process.env } = {}) {
  const started = Date.now()
  const handlers = {}
  const timer =
    what === undefined
      ? undefined
      : setInterval(() => say(`${what}: ${Math.round((Date.now() - started) / 1000)} s so far`), 10_000)
  try {
    return await new Promise((resolve, reject) => {
      // npm is a shell script on Windows.
      const child = spawn(command, words, {
        cwd: root,
        stdio: 'inherit',
        env: environment,
        shell: process.platform === 'win32',
      })
      // This script ends after its child. Ctrl-C in a terminal reaches both; any other signal is handed on.
      for (const signal of SIGNALS) {
        process.on(
          signal,
          (handlers[signal] = () =>
            signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)),
        )
      }
      child.once('error', reject)
      child.once('exit', (code, signal) => resolve(signal === null ? code : 128))
    })
  } finally {
    clearInterval(timer)
    for (const signal of SIGNALS) if (handlers[signal] !== undefined) process.off(signal, handlers[signal])
  }
}

export function say(line) {
  process.stdout.write(`${line}\n`)
}

/** All files below a folder, as paths relative to the checkout; none when it does not exist. */
export function filesBelow(folder) {
  let entries
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true })
  } catch (error) {
    if (error.code === 'ENOENT') return []
    throw error
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(path)
    return entry.isFile() ? [path] : []
  })
}

/** Runs `action` while no other script holds the lock; a lock whose holder is dead is taken over. */
export async function withLock(name, action) {
  const file = join(root, `.${name}.lock`)
  let told = false
  for (;;) {
    try {
      writeFileSync(file, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    if (!holderIsAlive(file)) {
      rmSync(file, { force: true })
      continue
    }
    if (!told) say('Another start is installing or building; waiting for it')
    told = true
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await action()
  } finally {
    release()
    process.off('exit', release)
  }
}

function holderIsAlive(file) {
  try {
    const holder = Number(readFileSync(file, 'utf8'))
    // An empty file is one being written this moment, unless it is old.
    if (!(holder > 0)) return Date.now() - statSync(file).mtimeMs < 5000
    process.kill(holder, 0)
    return true
  } catch (error) {
    // EPERM: alive, but another user's. ENOENT: released this moment, so the next try decides.
    return error.code === 'EPERM'
  }
}

export function readText(path) {
  try {
    return readFileSync(join(root, path), 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return null
    throw error
  }
}

export function writeText(path, text) {
  const file = join(root, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
