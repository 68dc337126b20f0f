/**
 * Runs test/workloads/run.ts with the arguments of this script.
 *
 *   npm run workloads -- [arguments]
 */
import { join } from 'node:path'
import { setup } from './setup.mjs'
import { packageProgram, root, show } from './steps.mjs'

const run = () => show(packageProgram('vite-node'), [join(root, 'test/workloads/run.ts'), ...process.argv.slice(2)])
process.exitCode = (await setup()) && run() ? 0 : 1
