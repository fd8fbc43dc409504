import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker'
import { beforeAll, expect, test } from 'vitest'
import * as workflows from '../../src/workflows/index.js'

const FOLDER = join(import.meta.dirname, 'histories')
const FILES = readdirSync(FOLDER)
const workflowBundle = { codePath: join(import.meta.dirname, '..', '..', 'dist', 'workflow-bundle.cjs') }

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] })
})

test('there is a history of every workflow', () => {
  const recorded = new Set(FILES.map((file) => file.replace(/-\d+\.json$/, '')))
  expect([...recorded].sort()).toEqual(Object.keys(workflows).sort())
})

test.each(FILES)('%s: a run that began with an earlier version goes on with this one', async (file) => {
  const history: unknown = JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))
  await Worker.runReplayHistory({ workflowBundle }, history)
})
