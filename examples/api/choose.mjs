/**
 * Builds one program in three ways and measures each: what `--offload` chooses, and what it gains.
 *
 *   node examples/api/choose.mjs [folder for the programs]
 */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { analyze, build, FerryError, report, reportPage, run } from 'ferry'

const source = fileURLToPath(new URL('./kernel.c', import.meta.url))
const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), 'ferry-example-'))

const { functions } = await analyze({ sources: [source], clangOptions: ['-O2'] })
for (const { name, verdict, reason } of functions) console.log(`${name}: ${verdict}, ${reason}`)

for (const offload of ['none', 'auto', 'all']) {
  const { output, manifest } = await build({ arguments: ['-O2', source], offload, output: join(folder, offload) })
  const entries = manifest?.functions.map(({ name }) => name) ?? []
  console.log(`${offload}: entered through ${entries.join(', ') || 'nothing'}`)
  const { status } = await run({ program: output, arguments: ['1'] })
  if (status !== 0) process.exitCode = 1
}

try {
  const measured = await report({ program: join(folder, 'auto'), arguments: ['20'], runs: 1, warmup: 0 })
  for (const { kind, wall, speedup } of measured.programs)
    console.log(`${kind}: ${wall.median.toFixed(3)} s, ${speedup.toFixed(2)}x`)
  for (const { from, to, calls } of measured.crossings) console.log(`${from} calls ${to} over the bridge: ${calls}`)
  const page = join(folder, 'report.html')
  writeFileSync(page, await reportPage(measured))
  console.log(`the page: ${page}`)
} catch (error) {
  if (!(error instanceof FerryError)) throw error
  console.error(error.message)
  process.exitCode = error.status
}
