/**
 * Functions of a shared library that another definition may stand for when a program runs: of the program itself, or of a library
 * that was loaded before (LD_PRELOAD). Calls of them go where the guest's symbol leads, also between functions that left.
 */
import { readFileSync } from 'node:fs'
import { parseElf } from '../../base/elf/read.ts'
import type { LinkWords } from './words.ts'

/** Elf64_Sym (gABI, symbol table): offsets of st_name, st_other and st_shndx in an entry. */
const SYMBOL = { size: 24, name: 0, other: 5, section: 6 }
const VISIBILITY = 3
const DEFAULT = 0

/** lld binds a library's own functions under every form of -Bsymbolic; of several such options the last counts. */
const BINDING = /^--?B(symbolic(-functions|-non-weak|-non-weak-functions)?|no-symbolic)$/

/** @param library what the linker has made */
export function replaceableFunctions({ shared, words }: LinkWords, library: string): ReadonlySet<string> {
  const binding = words.filter(word => BINDING.test(word)).at(-1)
  if (!shared || (binding !== undefined && !binding.endsWith('no-symbolic'))) return new Set()
  const image = parseElf(readFileSync(library), library)
  const symbols = image.sectionBytes('.dynsym')
  const texts = image.sectionBytes('.dynstr')
  if (symbols === undefined || texts === undefined) return new Set()
  const view = new DataView(symbols.buffer, symbols.byteOffset, symbols.length)
  const names = new Set<string>()
  for (let at = 0; at + SYMBOL.size <= symbols.length; at += SYMBOL.size) {
    const defined = view.getUint16(at + SYMBOL.section, true) !== 0
    if (!defined || (view.getUint8(at + SYMBOL.other) & VISIBILITY) !== DEFAULT) continue
    const start = view.getUint32(at + SYMBOL.name, true)
    names.add(Buffer.from(texts.subarray(start, texts.indexOf(0, start))).toString())
  }
  return names
}
