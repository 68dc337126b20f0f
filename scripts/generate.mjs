/**
 * Writes every generated file that is kept in the repository; with --check only says which are out of step.
 *
 *   npm run generate
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './steps.mjs'
import { importTypeScript } from './typescript.mjs'

/** Each file, the module that makes its text, and the function there. */
const GENERATED = [
  ['runtime/executor/layout.h', 'runtime/executor/layout-header.ts', 'layoutHeader'],
  ['docs/cli.md', 'cli/document.ts', 'cliDocument'],
]

const check = process.argv.includes('--check')
for (const [file, module, name] of GENERATED) {
  const make = (await importTypeScript(join(root, module)))[name]
  const path = join(root, file)
  const text = make()
  if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
  if (check) {
    console.error(`${file} is out of step with ${module}: npm run generate`)
    process.exitCode = 1
  } else {
    writeFileSync(path, text)
  }
}
