import { join } from 'node:path'
import { defineConfig } from 'vitest/config'

/** Of `scripts/record-histories.mjs`: the servers of the tests, and the one file that makes the histories. */
export default defineConfig({
  root: join(import.meta.dirname, '..', '..', '..'),
  test: {
    pool: 'forks',
    testTimeout: 300_000,
    hookTimeout: 120_000,
    include: ['test/workflows/record/record-histories.ts'],
    globalSetup: ['test/support/global-setup.ts'],
  },
})
