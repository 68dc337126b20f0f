/**
 * Runs bench/run.ts with the arguments of this script.
 *
 *   npm run bench -- [arguments]
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setup } from './setup.mjs'
import { root } from './steps.mjs'

if (!(await setup())) process.exit(1)
const { build } = await import('esbuild')

const bundle = join(root, 'build/bench.mjs')
await build({
  entryPoints: [join(root, 'bench/run.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
})
await import(pathToFileURL(bundle).href)
