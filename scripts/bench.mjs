/**
 * Runs bench/run.ts with the arguments of this script.
 *
 *   npm run bench -- [arguments]
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { root } from './steps.mjs'

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
