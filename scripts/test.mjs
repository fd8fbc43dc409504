// Everything that has to hold before a change is merged: types, lint with the import fences, format, and the tests.
// Arguments choose tests: `npm test -- test/domain`. The last line is `N passed, N failed`; a failing check counts as one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { findNode, root, run, say, withLock } from './lib.mjs'

const CHECKS = [
  ['Types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.json', '--noEmit']],
  ['Lint', ['oxlint', 'bin', 'oxlint'], ['--deny-warnings']],
  ['Format', ['prettier', 'bin', 'prettier.cjs'], ['--check', '--log-level', 'warn', '.']],
]

const node = findNode() ?? process.execPath
let failedChecks = 0
if (!(await withLock('bootstrap', () => build()))) failedChecks += 1
for (const [name, script, words] of CHECKS) {
  const code = await run(node, [join(root, 'node_modules', ...script), ...words], { what: name })
  say(`${name}: ${code === 0 ? 'good' : 'FAILED'}`)
  if (code !== 0) failedChecks += 1
}

const tests = await runTests(process.argv.slice(2))
if (tests.skipped > 0) say(`${tests.skipped} skipped`)
const allFailed = failedChecks + tests.failed
if (tests.passed + tests.failed === 0) say('No test was executed, which counts as a failure.')
process.exitCode = allFailed > 0 || tests.passed === 0 || tests.code !== 0 ? 1 : 0
say(`${tests.passed} passed, ${allFailed} failed`)

async function runTests(selection) {
  const folder = mkdtempSync(join(tmpdir(), 'accord-report-'))
  const report = join(folder, 'report.json')
  try {
    const code = await run(
      node,
      [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...selection,
      ],
      { what: 'Tests' },
    )
    return { code, ...count(report, code) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file that cannot be loaded, and an error outside of any test, count as one failure each. */
function count(report, code) {
  let results
  try {
    results = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    say('The tests ended without a report.')
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const brokenFiles = results.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  ).length
  const failed = results.numFailedTests + brokenFiles
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && code !== 0 && results.numPassedTests > 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}
