/**
 * The generated files that are kept in the repository. `npm run generate` writes them; with --check it only says which
 * are out of step.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './steps.mjs'
import { importTypeScript } from './typescript.mjs'

/** Each file, the module that makes its text, and the function there. */
const GENERATED = [
  ['runtime/executor/layout.h', 'runtime/executor/layout-header.ts', 'layoutHeader'],
  ['runtime/executor/machine.h', 'runtime/executor/machine-header.ts', 'machineHeader'],
  ['runtime/executor/syscall_table.h', 'runtime/syscalls/generate.ts', 'systemCallTableHeader'],
  ['docs/cli.md', 'cli/document.ts', 'cliDocument'],
]

/** Writes what is out of step, unless `check`. @returns {Promise<string[]>} what was out of step, and what it is made from */
export async function generate(check = false) {
  const stale = []
  for (const [file, module, name] of GENERATED) {
    const text = (await importTypeScript(join(root, module)))[name]()
    const path = join(root, file)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    stale.push(`${file} is out of step with ${module}`)
    if (!check) writeFileSync(path, text)
  }
  return stale
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const check = process.argv.includes('--check')
  const stale = await generate(check)
  if (check && stale.length > 0) {
    console.error(`${stale.join('\n')}\nrun: npm run generate`)
    process.exitCode = 1
  }
}
