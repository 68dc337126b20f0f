/**
 * Everything: set-up, the static checks, all test suites. Prints `N passed, N failed` (static checks count as tests) and
 * leaves the same numbers in build/test-summary.json.
 *
 *   npm test [vitest arguments]
 */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runStaticSteps } from './check.mjs'
import { setup } from './setup.mjs'
import { packageProgram, root, show } from './steps.mjs'

const folder = join(root, 'build')
const vitestReport = join(folder, 'vitest.json')
const summaryFile = join(folder, 'test-summary.json')

mkdirSync(folder, { recursive: true })
for (const file of [vitestReport, summaryFile]) rmSync(file, { force: true })

const summary = (await setup()) ? await runEverything() : { passed: 0, failed: 1, skipped: 0 }
writeFileSync(summaryFile, `${JSON.stringify(summary)}\n`)
console.log(`${summary.passed} passed, ${summary.failed} failed`)
process.exitCode = summary.failed === 0 ? 0 : 1

async function runEverything() {
  const outcomes = await runStaticSteps()
  const succeeded = show(packageProgram('vitest'), [
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${vitestReport}`,
    ...process.argv.slice(2),
  ])
  const tests = readVitestReport()
  const passed = outcomes.filter(Boolean).length + tests.passed
  // A suite that could not be loaded is a failure without a failed test.
  const failed = outcomes.length - outcomes.filter(Boolean).length + Math.max(tests.failed, succeeded ? 0 : 1)
  return { passed, failed, skipped: tests.skipped }
}

function readVitestReport() {
  try {
    const report = JSON.parse(readFileSync(vitestReport, 'utf8'))
    const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = report
    return { passed, failed, skipped }
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
}
