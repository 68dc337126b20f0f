/**
 * The registration of ferry with binfmt_misc (Linux, Documentation/admin-guide/binfmt-misc.rst): a line
 * `:name:type:offset:magic:mask:interpreter:flags` written to the file `register` of its file system.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'

/** Name of the registration, and of its file in the file system. */
export const REGISTRATION = 'ferry-riscv64'

/**
 * The first 20 bytes of an ELF file (gABI, ELF header): 64 bits, little-endian, version 1, any OS ABI but with padding of
 * zeros behind it, e_type EXEC or DYN, e_machine RISC-V. The values are those of qemu-riscv64's registration.
 */
const MAGIC = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0xf3, 0]
const MASK = [...Array(7).fill(0xff), 0, ...Array(8).fill(0xff), 0xfe, 0xff, 0xff, 0xff]

/**
 * P passes argv[0] on. Not O and C: ferry opens the program by its path, with its own rights. Not F: it looks for its other parts
 * beside its own file.
 */
const FLAGS = 'P'

const hexadecimal = (bytes: readonly number[]): string =>
  bytes.map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')

/** @param interpreter absolute path of bin/ferry-binfmt. */
export function registrationLine(interpreter: string): string {
  // The first character of the line is what stands between its fields.
  const separator = [':', ';', ',', '|', '!'].find(mark => !interpreter.includes(mark)) ?? '\t'
  return ['', REGISTRATION, 'M', '', hexadecimal(MAGIC), hexadecimal(MASK), interpreter, FLAGS].join(separator)
}

export interface Registered {
  readonly name: string
  readonly enabled: boolean
  readonly interpreter: string
}

/** The file system of binfmt_misc. */
export class Registry {
  readonly #folder: string

  /** @throws FerryError `binfmt-unmounted` */
  constructor(folder: string) {
    this.#folder = folder
    if (!existsSync(join(folder, 'register'))) throw new FerryError('binfmt-unmounted', { folder })
  }

  /** What starts riscv64 ELF files, by name. */
  registered(): Registered[] {
    const magic = Buffer.from(MAGIC).toString('hex')
    return readdirSync(this.#folder)
      .filter(name => name !== 'register' && name !== 'status')
      .map(name => parseRegistration(name, readFileSync(join(this.#folder, name), 'utf8')))
      .filter(registration => registration.magic === magic)
      .map(({ name, enabled, interpreter }) => ({ name, enabled, interpreter }))
  }

  /** Registers the interpreter in place of an earlier one of ferry. @throws FerryError `binfmt-refused` */
  install(interpreter: string): void {
    this.remove()
    this.#write('register', registrationLine(interpreter))
  }

  /** @returns whether there was a registration of ferry. @throws FerryError `binfmt-refused` */
  remove(): boolean {
    if (!existsSync(join(this.#folder, REGISTRATION))) return false
    this.#write(REGISTRATION, '-1')
    return true
  }

  #write(name: string, text: string): void {
    const path = join(this.#folder, name)
    try {
      writeFileSync(path, text, { flag: 'r+' })
    } catch (error) {
      throw new FerryError('binfmt-refused', { path, reason: describeSystemError(error) })
    }
  }
}

/** A file of the registry: `enabled`, then lines of a word and its value. */
function parseRegistration(name: string, text: string): Registered & { readonly magic: string | undefined } {
  const value = (word: string): string | undefined => new RegExp(`^${word} (.*)$`, 'm').exec(text)?.[1]
  return { name, enabled: text.startsWith('enabled'), interpreter: value('interpreter') ?? '', magic: value('magic') }
}
