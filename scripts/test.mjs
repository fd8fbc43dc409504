// Everything that has to hold before a change is merged: types, lint with the import fences, format, and the tests.
// Arguments choose tests: `npm test -- test/domain`. The last line is `N passed, N failed`; a failing check counts as one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from './build.mjs'
import { findNode, root, run, say, withLock } from './lib.mjs'

const CHECKS = [
  ['Types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.json', '--noEmit']],
  ['Types of the console', ['typescript', 'bin', 'tsc'], ['-p', 'console/tsconfig.json', '--noEmit']],
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
const allFailed = failedChecks + tests.failed
if (tests.skipped > 0) say(`${tests.skipped} skipped`)
process.exitCode = allFailed > 0 ? 1 : 0
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
    return count(report, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** A file that cannot be loaded, an error outside of any test, and a run without tests count as one failure each. */
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
  const passed = results.numPassedTests
  const failed = results.numFailedTests + brokenFiles
  if (passed + failed === 0) say('No test was executed, which counts as a failure.')
  const failedOutside = failed === 0 && (code !== 0 || passed === 0)
  return {
    passed,
    failed: failedOutside ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}
