// Everything that has to hold before a change is merged: types, lint with the import fences, format, and the tests.
// Arguments choose tests: `npm test -- test/domain`. The last line is `N passed, N failed`; a failing check counts as one.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findNode, root, run, say } from './lib.mjs'

const CHECKS = [
  ['Types', ['typescript', 'bin', 'tsc'], ['-p', 'tsconfig.json', '--noEmit']],
  ['Lint', ['oxlint', 'bin', 'oxlint'], ['--deny-warnings']],
  ['Format', ['prettier', 'bin', 'prettier.cjs'], ['--check', '--log-level', 'warn', '.']],
]

const node = findNode() ?? process.execPath
let failedChecks = 0
for (const [name, script, words] of CHECKS) {
  const code = await run(node, [join(root, 'node_modules', ...script), ...words], { what: name })
  say(`${name}: ${code === 0 ? 'good' : 'FAILED'}`)
  if (code !== 0) failedChecks += 1
}

const results = await runTests(process.argv.slice(2))
if (results.skipped > 0) say(`${results.skipped} skipped`)
const failed = failedChecks + results.failed
if (results.passed + results.failed === 0) say('No test was executed, which counts as a failure.')
process.exitCode = failed > 0 || results.passed === 0 || results.code !== 0 ? 1 : 0
say(`${results.passed} passed, ${failed} failed`)

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
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length
  const failed = results.numFailedTests + brokenFiles
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && code !== 0 && results.numPassedTests > 0 ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}
