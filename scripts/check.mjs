/**
 * The checks that every commit passes, fast: format and lint, types, import direction, generated files, unit and golden
 * tests. Exit status 1 when one fails.
 *
 *   npm run check
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageProgram, root, runStep } from './steps.mjs'

const FOLDERS = ['base', 'emulator', 'runtime', 'analyzer', 'offload', 'cli', 'test', 'bench']

/** Everything but the tests. */
export const STATIC_STEPS = [
  {
    name: 'format and lint',
    command: packageProgram('biome'),
    args: ['check', '--error-on-warnings', '--max-diagnostics=200'],
  },
  { name: 'types', command: packageProgram('tsc'), args: ['--noEmit'] },
  {
    name: 'import direction',
    command: packageProgram('depcruise'),
    args: ['--config', 'imports.config.mjs', ...FOLDERS],
  },
  { name: 'generated files', command: process.execPath, args: [join(root, 'scripts/generate.mjs'), '--check'] },
]

const TESTS = {
  name: 'unit and golden tests',
  command: packageProgram('vitest'),
  args: ['run', 'test/unit', 'test/golden'],
}

/** @returns {Promise<boolean[]>} the outcome of each step. */
export async function runStaticSteps() {
  const outcomes = []
  for (const step of STATIC_STEPS) outcomes.push(await runStep(step))
  return outcomes
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const outcomes = [...(await runStaticSteps()), await runStep(TESTS)]
  process.exitCode = outcomes.every(Boolean) ? 0 : 1
}
