// Bundles the compiled workflows into the one file a worker runs them from, so that a worker starts without a bundler.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleWorkflowCode } from '@temporalio/worker'
import { root } from './lib.mjs'

const quiet = () => undefined
const { code } = await bundleWorkflowCode({
  workflowsPath: join(root, 'dist', 'src', 'workflows', 'index.js'),
  workflowInterceptorModules: [join(root, 'dist', 'src', 'workflows', 'carry-trace.js')],
  logger: {
    trace: quiet,
    debug: quiet,
    info: quiet,
    warn: (message) => console.warn(message),
    error: (message) => console.error(message),
    log: quiet,
  },
})
writeFileSync(join(root, 'dist', 'workflow-bundle.cjs'), code)
