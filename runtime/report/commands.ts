/** The command line of each kind of run. */
import { resolve } from 'node:path'
import type { Command } from './process.ts'

/** `emulated` and `hybrid` are ferry without and with offloading; `native` is another build of the same sources. */
export type Kind = 'emulated' | 'hybrid' | 'native' | 'qemu'

export const QEMU = 'qemu-riscv64'

export interface CommandOptions {
  readonly program: string
  readonly arguments: readonly string[]
  /** The words that start ferry; `run` and its options come behind them. */
  readonly ferry: readonly string[]
  /** Words of --optimize. */
  readonly optimize?: string
  /** Bytes of the guest stack, 0 for the process's limit. A native run always has the process's limit. */
  readonly stackSize?: number
}

export interface CommandFiles {
  /** The native program. */
  readonly native: string
  /** Where `ferry run --measure` writes its counts. */
  readonly measure?: string
}

/** The program sees the same argv in all of them. */
export function commandOf(kind: Kind, options: CommandOptions, { native, measure }: CommandFiles): Command {
  const { program, arguments: args, ferry, optimize, stackSize } = options
  if (kind === 'native') return { file: native, args, argv0: program }
  if (kind === 'qemu') {
    const stack = stackSize ? ['-s', `${stackSize}`] : []
    return { file: QEMU, args: [...stack, '-0', program, resolve(program), ...args] }
  }
  const [file, ...words] = ferry
  const own = [
    `--offload=${kind === 'hybrid' ? 'on' : 'off'}`,
    ...(optimize ? [`--optimize=${optimize}`] : []),
    ...(stackSize ? [`--stack-size=${stackSize}`] : []),
    ...(measure === undefined ? [] : [`--measure=${measure}`]),
  ]
  return { file: file!, args: [...words, 'run', ...own, '--', program, ...args] }
}
