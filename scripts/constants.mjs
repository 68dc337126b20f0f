/**
 * A plugin for esbuild that writes numbers for their names: 12 for `IrOp.addi`. The tables of names are made when ferry starts,
 * so that V8 would look a name up in them every time, and no `switch` over them could be a jump.
 */
import { readFile } from 'node:fs/promises'
import { relative } from 'node:path'
import { build } from 'esbuild'
import { root } from './steps.mjs'

/** The tables, by the files that export them. */
const TABLES = {
  'base/layout.ts': ['ACCESS', 'CONTROL', 'COUNTER', 'CPU_STATE', 'FIXUP', 'MAILBOX', 'PLACES', 'REQUEST', 'TRAP'],
  'emulator/ir/ops.ts': ['IrOp'],
  'emulator/ir/traits.ts': ['DEF', 'FDEF', 'FUSE', 'USE'],
  'emulator/riscv/table.ts': ['Op'],
  'emulator/x86/codes.ts': ['CODE'],
  'emulator/x86/registers.ts': ['Cond'],
  'emulator/x86/table.ts': ['I'],
}

/**
 * @param {Readonly<Record<string, string>>} others what to write for other expressions
 * @returns {Promise<import('esbuild').Plugin>}
 */
export async function constants(others = {}) {
  const lines = Object.entries(TABLES).map(([file, names]) => `export { ${names.join(', ')} } from './${file}'`)
  const { outputFiles } = await build({
    stdin: { contents: lines.join('\n'), loader: 'ts', resolveDir: root },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
  })
  const tables = await import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`)
  const names = Object.values(TABLES).flat()
  const uses = new RegExp(`(?<![\\w.'"])(${names.join('|')})((?:\\.\\w+)+)`, 'g')
  return {
    name: 'constants',
    setup({ onLoad }) {
      onLoad({ filter: /\/(base|emulator|runtime|cli)\/[^.]*\.ts$/ }, async ({ path }) => {
        let text = await readFile(path, 'utf8')
        for (const [expression, written] of Object.entries(others)) text = text.replaceAll(expression, written)
        const own = TABLES[relative(root, path)] ?? []
        const imported = new Set(names.filter(name => !own.includes(name) && importOf(name).test(text)))
        return {
          contents: text.replace(uses, (use, table, members) => {
            const value = imported.has(table)
              ? members
                  .slice(1)
                  .split('.')
                  .reduce((at, key) => at?.[key], tables[table])
              : undefined
            return Number.isSafeInteger(value) ? `(${value})` : use
          }),
          loader: 'ts',
        }
      })
    },
  }
}

const importOf = name => new RegExp(`^import [^'"]*\\b${name}\\b[^'"]* from `, 'm')
