/** The program that a run starts with: found, and refused early when it can not run. */
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { type ElfImage, readElfFile } from '../base/elf/read.ts'
import { lookUp } from './sysroot.ts'

export interface InitialProgram {
  readonly path: string
  readonly elf: ElfImage
  /** For a script, what stands before its arguments: the interpreter, its argument, the script's path. */
  readonly words?: readonly string[]
}

/** Bytes of a script's first line that count, and interpreters that may be scripts themselves (Linux, binfmt_script.c). */
const LINE = 256
const MOST_SCRIPTS = 5

/**
 * The RISC-V program that the host has at that path, or else the sysroot, or the interpreter of the script there.
 * @throws FerryError when there is none, or the interpreter of a dynamically linked one is missing
 */
export function findProgram(given: string, sysroot: string): InitialProgram {
  const program = openProgram(given, sysroot) ?? openScript(given, sysroot)
  requireInterpreter(given, program.elf, sysroot)
  return program
}

/** Undefined for a script. */
function openProgram(given: string, sysroot: string): InitialProgram | undefined {
  try {
    return { path: resolve(given), elf: readElfFile(given) }
  } catch (error) {
    if (!(error instanceof FerryError)) throw error
    const path = lookUp(sysroot, given) ?? given
    if (scriptWords(path)) return undefined
    if (path === given) throw error
    return { path, elf: readElfFile(path) }
  }
}

function openScript(given: string, sysroot: string): InitialProgram {
  let words: readonly string[] = [given]
  for (let depth = 0; depth < MOST_SCRIPTS; depth++) {
    const line = scriptWords(lookUp(sysroot, words[0]!) ?? words[0]!)
    if (!line) break
    words = [...line, ...words]
    const interpreter = words[0]!
    try {
      const program = openProgram(interpreter, sysroot)
      if (program) return { ...program, words }
    } catch (error) {
      if (!(error instanceof FerryError)) throw error
      throw new FerryError('interpreter-unusable', { path: given, reason: error.message })
    }
  }
  throw new FerryError('interpreter-unusable', { path: given, reason: 'scripts interpret each other' })
}

/** The interpreter of a script, and its argument if it has one; undefined for other files. */
function scriptWords(path: string): string[] | undefined {
  const found = /^#![ \t]*([^ \t\n\0]+)[ \t]*([^\n\0]*)/.exec(firstLine(path))
  if (!found) return undefined
  const argument = found[2]!.replace(/[ \t]+$/, '')
  return argument === '' ? [found[1]!] : [found[1]!, argument]
}

function firstLine(path: string): string {
  let fd: number | undefined
  try {
    // A pipe would wait for a writer.
    if (!statSync(path).isFile()) return ''
    fd = openSync(path, 'r')
    const bytes = Buffer.alloc(LINE)
    return bytes.subarray(0, readSync(fd, bytes, 0, LINE, 0)).toString()
  } catch {
    return ''
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

function requireInterpreter(path: string, { interpreter }: ElfImage, sysroot: string): void {
  if (interpreter === undefined) return
  try {
    readElfFile(lookUp(sysroot, interpreter) ?? interpreter)
  } catch (error) {
    if (!(error instanceof FerryError)) throw error
    if (error.id !== 'elf-missing') throw new FerryError('interpreter-unusable', { path, reason: error.message })
    const places = [...(sysroot === '' ? [] : [join(sysroot, interpreter)]), resolve(interpreter)].join(' and ')
    throw new FerryError('interpreter-missing', { path, interpreter, places })
  }
}
