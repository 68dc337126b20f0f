/**
 * Runs bench/projects/run.ts with the arguments of this script.
 *
 *   npm run projects -- [arguments]
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setup } from './setup.mjs'
import { root } from './steps.mjs'

if (!(await setup())) process.exit(1)
const { build } = await import('esbuild')

const bundle = join(root, 'build/projects.mjs')
await build({
  entryPoints: [join(root, 'bench/projects/run.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
})
await import(pathToFileURL(bundle).href)
