import { defineConfig } from 'vitest/config'

/** Tests of pure functions: they need no server, and a run of them alone starts none. */
const PURE = ['test/domain/**/*.test.ts', 'test/config/**/*.test.ts', 'test/house/**/*.test.ts']

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    projects: [
      { extends: true, test: { name: 'pure', include: PURE } },
      {
        extends: true,
        test: {
          name: 'servers',
          include: ['test/**/*.test.ts'],
          exclude: PURE,
          globalSetup: ['test/support/global-setup.ts'],
        },
      },
    ],
  },
})
