import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Tests of pure functions: they need no server, and a run of them alone starts none. */
const PURE = [
  'test/domain/**/*.test.ts',
  'test/config/**/*.test.ts',
  'test/console/**/*.test.ts',
  'test/house/**/*.test.ts',
]

/** Which files begin first. Those of chaos wait long for what was killed, whatever their size: none is to be left alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ project, moduleId }: TestSpecification): number => {
      if (project.name === 'pure') return 0
      return moduleId.includes('/test/chaos/') ? 1 : 2
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: 4,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
    // A condition is waited for as long as a busy machine needs.
    expect: { poll: { timeout: 20_000 } },
    setupFiles: ['test/support/property-seed.ts'],
    sequence: { sequencer: LongestFirst },
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
