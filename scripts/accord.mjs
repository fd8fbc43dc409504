#!/usr/bin/env node
// The command `accord`: runs the compiled program, on a Node that is new enough.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findNode, isNewEnough, root } from './lib.mjs'

const main = join(root, 'dist', 'src', 'main.js')

if (!existsSync(main)) {
  fail('Accord is not built yet. Run "npm start" once, or "npm ci" and "npm run build", in its folder.')
}
if (isNewEnough(process.version)) {
  await import(main)
} else {
  const node = findNode()
  if (node === null) {
    fail(
      `Accord needs Node 22.17 or later; this is ${process.version}. Run "npm ci" in its folder, which brings one.`,
    )
  }
  const child = spawn(node, [...process.execArgv, main, ...process.argv.slice(2)], { stdio: 'inherit' })
  // This process ends after its child, which takes a second Ctrl-C for the first.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.once('error', (error) => fail(`${node} could not be started: ${error.message}`))
  child.once('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 1
  })
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}
