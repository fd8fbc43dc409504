import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const project = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'accord-fences-'))
beforeAll(() => cpSync(join(project, '.oxlintrc.json'), join(folder, '.oxlintrc.json')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The rules a file with these lines would break at this place of the tree. */
function lint(path: string, ...lines: readonly string[]): string[] {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`)
  const { stdout } = spawnSync(
    process.execPath,
    [join(project, 'node_modules', 'oxlint', 'bin', 'oxlint'), '--format', 'json', path],
    { cwd: folder, encoding: 'utf8' },
  )
  rmSync(file)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string }[] }
  return diagnostics.map((diagnostic) => diagnostic.code)
}

const FENCE = 'eslint(no-restricted-imports)'

describe('who may import whom', () => {
  test.each([
    ['src/domain/a.ts', '../persistence/database.js'],
    ['src/domain/catalog/a.ts', '../../connectors/connector.js'],
    ['src/domain/a.ts', 'node:fs'],
    ['src/domain/a.ts', 'zod'],
    ['src/workflows/a.ts', '../persistence/database.js'],
    ['src/workflows/a.ts', '@temporalio/client'],
    ['src/activities/a.ts', '../api/server.js'],
    ['src/activities/a.ts', '../workflows/run-mapping.js'],
    ['src/connectors/dataverse/a.ts', '../../persistence/database.js'],
    ['src/connectors/dataverse/a.ts', '../../config.js'],
    ['src/persistence/queries/a.ts', '../../connectors/connector.js'],
    ['src/persistence/a.ts', '../activities/index.js'],
    ['src/api/a.ts', '../connectors/connector.js'],
    ['src/api/synch-run/a.ts', '../../workflows/run-mapping.js'],
    ['src/api/a.ts', '@temporalio/client'],
    ['src/temporal/a.ts', '../activities/index.js'],
    ['src/embedded/a.ts', '../config.js'],
    ['src/activities/a.ts', '../../test/support/environment.js'],
    ['src/api/a.ts', '../../sandbox/sandbox.js'],
    ['sandbox/common/a.ts', '../../src/domain/value.js'],
    ['console/src/shared/a.ts', '../../../src/domain/role.js'],
    ['console/src/shared/a.ts', 'node:fs'],
  ])('%s may not import %s', (path, specifier) => {
    expect(lint(path, `import { thing } from '${specifier}'`, 'export const other = thing')).toContain(FENCE)
  })

  test.each([
    ['src/domain/a.ts', './mapping.js'],
    ['src/domain/catalog/a.ts', '../mapping.js'],
    ['src/domain/a.ts', 'decimal.js'],
    ['src/workflows/a.ts', '@temporalio/workflow'],
    ['src/workflows/a.ts', '../domain/run.js'],
    ['src/activities/a.ts', '../persistence/database.js'],
    ['src/api/a.ts', '../workflows/messages.js'],
    ['src/api/a.ts', '../temporal/run-control.js'],
    ['src/main.ts', './cli/program.js'],
    ['console/src/pages/jobs/a.ts', '../../api/live.js'],
  ])('%s may import %s', (path, specifier) => {
    expect(lint(path, `import { thing } from '${specifier}'`, 'export const other = thing')).not.toContain(
      FENCE,
    )
  })

  test('workflows know activities by their types alone', () => {
    const type = "import type { Activities } from '../activities/index.js'"
    expect(lint('src/workflows/a.ts', type, 'export type Other = Activities')).not.toContain(FENCE)
    const value = "import { activities } from '../activities/index.js'"
    expect(lint('src/workflows/a.ts', value, 'export const other = activities')).toContain(FENCE)
  })
})

describe('the environment', () => {
  const line = "export const home = process.env['HOME']"

  test('is read by the settings alone', () => {
    expect(lint('src/api/a.ts', line)).toContain('node(no-process-env)')
    expect(lint('src/config.ts', line)).not.toContain('node(no-process-env)')
  })
})
