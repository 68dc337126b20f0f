/** Source lines of code addresses, from the debug information of ELF files, as llvm-symbolizer reads it. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseElf } from '../base/elf/parse.ts'
import { SECTIONS } from '../base/manifest.ts'
import type { Death } from './death.ts'
import type { GuestProcess } from './process.ts'

const SYMBOLIZER = 'llvm-symbolizer-22'
/** Milliseconds. */
const LIMIT = 5000

/** Where a process died, in its sources; nothing where no debug information tells. */
export interface Lines {
  /** Of the guest pc, when it is in the program itself. */
  readonly guest?: string
  /** Of the host pc, in the native code of the program. */
  readonly host?: string
  /** Name of the function there, and the distance from its start: `f+0x4`. */
  readonly hostPlace?: string
}

/** Never fails: what can not be found out is left out. */
export function linesOf(process: GuestProcess, { pc, hostPc }: Pick<Death, 'pc' | 'hostPc'>): Lines {
  try {
    const { program, info } = process
    if (program === undefined || info === undefined) return {}
    const inProgram = pc !== 0 && program.symbolAt(pc - info.bias) !== undefined
    const guest = inProgram ? lineOf(program.path, pc - info.bias) : undefined
    const host = hostPc !== 0n && info.functions !== 0 ? hostPlace(process, Number(hostPc) - info.functions) : {}
    return { ...(guest === undefined ? {} : { guest }), ...host }
  } catch {
    return {}
  }
}

/** @param distance bytes from `ferry_functions` of the host object */
function hostPlace({ program }: GuestProcess, distance: number): Lines {
  const object = program!.hybrid?.hostObject
  const image = object && parseElf(object, `section ${SECTIONS.host}`)
  const functions = image?.symbol('ferry_functions')
  const symbol = functions && image!.symbolAt(functions.address + distance)
  if (symbol === undefined) return {}
  const name = symbol.name.replace(/^ferry\.entry\./, '')
  const folder = mkdtempSync(join(tmpdir(), 'ferry-host-'))
  try {
    const path = join(folder, 'host.so')
    writeFileSync(path, object!)
    const host = lineOf(path, functions!.address + distance)
    return { hostPlace: `${name}+0x${symbol.offset.toString(16)}`, ...(host === undefined ? {} : { host }) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** `file:line` of an address as in the file; undefined without such information, and without the tool. */
function lineOf(path: string, address: number): string | undefined {
  const words = ['--obj', path, '--functions=none', '--no-inlines', '--output-style=GNU', `0x${address.toString(16)}`]
  const { stdout, status } = spawnSync(SYMBOLIZER, words, { encoding: 'utf8', timeout: LIMIT })
  const found = /^(.+):([1-9]\d*)$/m.exec(status === 0 ? stdout : '')
  return found && !found[1]!.startsWith('??') ? `${found[1]}:${found[2]}` : undefined
}
