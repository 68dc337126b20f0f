/** Node 20 does not run TypeScript: bundles one module in memory and imports the result. Needs the npm packages. */
import { build } from 'esbuild'

/** @param {string} path absolute @returns {Promise<any>} the module */
export async function importTypeScript(path) {
  const { outputFiles } = await build({
    entryPoints: [path],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  })
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
}
