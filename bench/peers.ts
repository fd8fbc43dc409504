import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { packageRoot } from '../src/embedded/package-root.js'
import type { Cleanup } from './cleanup.js'

/**
 * Runs the peer for two-way changes, a script that installs Debian packages as root. Returns what it printed, an object a
 * line. Throws when it fails.
 */
export async function runPeers(cleanup: Cleanup, rows: number): Promise<readonly unknown[]> {
  const script = join(packageRoot(), 'bench', 'peers', 'bucardo.sh')
  const changed = String(Math.max(2, Math.round(rows / 100)))
  const child = spawn('bash', [script, String(rows), changed], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
  cleanup.add(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await ended
  })
  const results: unknown[] = []
  for await (const line of createInterface(child.stdout)) {
    process.stdout.write(`${line}\n`)
    if (line.startsWith('{')) results.push(JSON.parse(line))
  }
  const code = await ended
  if (code !== 0) throw new Error(`The peers' script ended with exit code ${code}.`)
  return results
}
