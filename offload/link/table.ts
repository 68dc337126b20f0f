/**
 * The object that a hybrid link adds: the reference table (base/manifest.ts), and in a section that is not loaded the
 * addresses of the functions with entries, which the linker fills in whatever kind of program it makes.
 */
import { type Context, Module, TargetMachine } from '../../analyzer/llvm/index.ts'
import { REFS_SYMBOL, SECTIONS } from '../../base/manifest.ts'
import { GUEST } from '../shared/prepare.ts'
import { type Exported, quoted } from './modules.ts'

/** Distances from the reference table, 8 bytes each. */
export const ENTRIES_SECTION = '.ferry.entries'

export interface TableParts {
  /** The reference table's names: the entries first. */
  readonly references: readonly string[]
  readonly entries: number
  /** Places of the table that host code reads; all when undefined. */
  readonly used: ReadonlySet<number> | undefined
  readonly exported: ReadonlyMap<string, Exported>
}

/** An object for the guest. @throws FerryError `llvm-emit` */
export function tableObject(context: Context, parts: TableParts): Uint8Array {
  const module = Module.create(context, 'reference table')
  const machine = new TargetMachine(GUEST)
  try {
    module.triple = GUEST.triple
    module.inlineAsm = tableText(parts)
    return machine.emit(module)
  } finally {
    machine.dispose()
    module.dispose()
  }
}

/**
 * Assembler text. Undefined names are weak: what only host code mentions need not be there, and what the guest's code mentions
 * is as strong as that says.
 */
function tableText({ references, entries, used, exported }: TableParts): string {
  const lines = [
    `.section ${SECTIONS.refs},"awR",@progbits`,
    '.balign 8',
    `.globl ${REFS_SYMBOL}`,
    `.hidden ${REFS_SYMBOL}`,
    `.type ${REFS_SYMBOL}, @object`,
    `${REFS_SYMBOL}:`,
  ]
  for (const [index, name] of references.entries()) {
    const symbol = quoted(exported.get(name)?.symbol ?? name)
    const isRead = index < entries || used === undefined || used.has(index)
    lines.push(...(isRead ? [`.weak ${symbol}`, `.quad ${symbol}`] : ['.quad 0']))
  }
  lines.push(`.size ${REFS_SYMBOL}, .-${REFS_SYMBOL}`, `.section ${ENTRIES_SECTION},"",@progbits`)
  for (const name of references.slice(0, entries)) {
    const symbol = quoted(exported.get(name)?.own ?? name)
    lines.push(`.weak ${symbol}`, `.quad ${symbol} - ${REFS_SYMBOL}`)
  }
  return `${lines.join('\n')}\n.section .note.GNU-stack,"",@progbits\n`
}
