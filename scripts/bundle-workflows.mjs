// Bundles the compiled workflows for Temporal's sandbox, so that a worker starts without a bundler.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { root } from './lib.mjs'

const { bundleWorkflowCode } = createRequire(import.meta.url)('@temporalio/worker')
const silent = { trace() {}, debug() {}, info() {}, warn: console.warn, error: console.error, log() {} }
const { code } = await bundleWorkflowCode({
  workflowsPath: join(root, 'dist', 'src', 'workflows', 'index.js'),
  logger: silent,
})
writeFileSync(join(root, 'dist', 'workflow-bundle.cjs'), code)
