/** Runs a guest program: a session whose requests the translator answers. */
import { readFileSync, writeSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { type ElfImage, readElf } from '../base/elf/read.ts'
import { CONTROL_FLAG } from '../base/layout.ts'
import { parseOptimizations } from '../emulator/options.ts'
import { deathMessage, endMessage } from './death.ts'
import { TranslationLog } from './log.ts'
import { Session, type SessionResult } from './session.ts'
import { SystemCallTrace } from './syscalls/trace.ts'
import { Translation } from './translation.ts'

export interface RunOptions {
  readonly program: string
  readonly arguments: readonly string[]
  /** Which marked functions of a hybrid binary run on the host. */
  readonly offload: 'on' | 'off' | readonly string[]
  /** Categories of --log. */
  readonly log: readonly string[]
  /** Words of --optimize. */
  readonly optimize: string
  readonly profile: boolean
  readonly benchmark: boolean
  /** Bytes of the guest stack, 0 for the process's limit. */
  readonly stackSize: number
  readonly env?: Readonly<Record<string, string>>
}

/** Bytes of the code cache: sparse, so only what is used takes memory. rel32 jumps reach all of it. */
const CODE_SIZE = 1 << 30

/** Writes all of it to stderr at once, before the guest goes on. */
function toStderr(text: string): void {
  writeSync(2, text)
}

/**
 * @throws FerryError when the program can not be run; what the guest does is the result, and a signal that ends it is
 * named on stderr.
 */
export async function run(options: RunOptions): Promise<SessionResult> {
  const path = isAbsolute(options.program) ? options.program : resolve(options.program)
  const elf = readProgram(path, options.program)
  const categories = new Set(options.log)
  const session = new Session({
    program: path,
    argv: [options.program, ...options.arguments],
    env: options.env ?? (process.env as Record<string, string>),
    codeSize: CODE_SIZE,
    stackSize: options.stackSize,
    flags: categories.has('strace') ? CONTROL_FLAG.TRACE : 0,
  })
  const { memory } = session
  const logged = ['asm-in', 'asm-out', 'ir'].some(name => categories.has(name))
  const translation = new Translation(
    session,
    parseOptimizations(options.optimize),
    logged ? new TranslationLog(categories, memory, toStderr) : undefined,
  )
  const trace = new SystemCallTrace((address, length) => memory.read(address, length))
  let bias = 0
  const result = await session.run({
    ready: info => {
      bias = info.bias
    },
    resolve: (pc, start, end) => translation.resolve(pc, start, end),
    locate: offset => translation.locate(offset),
    invalidate: (start, length) => translation.invalidate(start, length),
    interpret: state => translation.interpret(state),
    trace: (thread, words) => {
      const line = trace.event(thread, words)
      if (line !== undefined) toStderr(`${line}\n`)
    },
    died: death => toStderr(`${deathMessage(death, pc => elf.symbolAt(pc - bias))}\n`),
  })
  for (const line of trace.unfinished()) toStderr(`${line}\n`)
  const message = endMessage(result)
  if (message) toStderr(`${message}\n`)
  return result
}

function readProgram(path: string, shown: string): ElfImage {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') throw new FerryError('elf-missing', { path: shown })
    throw new FerryError('elf-unreadable', { path: shown, reason: message })
  }
  return readElf(bytes, shown)
}
