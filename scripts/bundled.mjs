/**
 * Runs one of the TypeScript programs beside the product, bundled, with the arguments behind its name.
 *
 *   node scripts/bundled.mjs bench/run.ts [arguments]
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setup } from './setup.mjs'
import { root } from './steps.mjs'

if (!(await setup())) process.exit(1)
const { build } = await import('esbuild')

const [program] = process.argv.splice(2, 1)
const bundle = join(root, 'build', program.replaceAll('/', '-').replace(/\.ts$/, '.mjs'))
await build({
  entryPoints: [join(root, program)],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
})
await import(pathToFileURL(bundle).href)
