/**
 * Adds up vitest's JSON reports in a folder, names every test that failed, and ends with `N passed, N failed`.
 * Called as `node scripts/ci-totals.mjs <folder> <failed parts>`: a part that failed without a failed test (a check, an
 * installation, a file that could not be loaded) counts as one failure.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [folder = '.', failedParts = '0'] = process.argv.slice(2)
const totals = { passed: 0, failed: 0, skipped: 0 }
let partsWithFailedTests = 0

for (const name of readdirSync(folder).filter((file) => file.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  totals.passed += report.numPassedTests
  totals.failed += report.numFailedTests
  totals.skipped += report.numPendingTests
  if (report.numFailedTests > 0) partsWithFailedTests += 1
  for (const file of report.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'failed') process.stdout.write(`failed: ${test.fullName}\n`)
    }
  }
}

totals.failed += Math.max(0, Number(failedParts) - partsWithFailedTests)
if (totals.skipped > 0) process.stdout.write(`${totals.skipped} skipped\n`)
process.stdout.write(`${totals.passed} passed, ${totals.failed} failed\n`)
process.exitCode = totals.failed === 0 ? 0 : 1
