// Records histories of real runs of every workflow into test/workflows/histories, for the replay test: after a change of the
// workflows that old runs need not survive, and for a workflow that is new. `--keep` adds to those that are there.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { findNode, root, run } from './lib.mjs'

if (!(await build())) process.exit(1)
if (!process.argv.includes('--keep'))
  rmSync(join(root, 'test', 'workflows', 'histories'), { recursive: true, force: true })
process.exitCode = await run(findNode() ?? process.execPath, [
  join(root, 'node_modules', 'vitest', 'vitest.mjs'),
  'run',
  '--config',
  join(root, 'test', 'workflows', 'record', 'vitest.config.ts'),
])
