/** The options of `ferry run` as the runtime takes them. */
import { FerryError } from '../base/diagnostics.ts'
import type { GdbAddress, RunOptions } from '../runtime/index.ts'
import type { Options } from './program.ts'
import { splitList } from './values.ts'

/** @param operands the program and its arguments. */
export function runOptions(operands: readonly string[], options: Options): RunOptions {
  const [program, ...args] = operands
  const setEnv = options.setEnv as string[] | undefined
  const unsetEnv = options.unsetEnv as string[] | undefined
  const sysroot = (options.sysroot as string | undefined) ?? process.env.FERRY_SYSROOT
  return {
    program: program!,
    arguments: args,
    offload: offloadChoice(options.offload as string | undefined),
    ...(options.check === 'function' ? { check: true } : {}),
    log: (options.log as string[] | undefined) ?? [],
    optimize: [
      ...((options.optimize as string[] | undefined) ?? []),
      ...(options.nativeLibc === 'off' ? ['no-libc'] : []),
    ].join(','),
    profile: options.profile === true,
    stackSize: (options.stackSize as number | undefined) ?? 0,
    ...(setEnv || unsetEnv ? { env: guestEnvironment(process.env, setEnv, unsetEnv) } : {}),
    ...(sysroot === undefined ? {} : { sysroot }),
    perfMap: options.perfMap === true,
    ...(options.gdb === undefined ? {} : { gdb: gdbAddress(options.gdb as string) }),
    ...(options.argv0 === undefined ? {} : { argv0: options.argv0 as string }),
  }
}

/** The environment with variables taken out, then others set (`NAME=VALUE`). */
export function guestEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  set: readonly string[] = [],
  unset: readonly string[] = [],
): Record<string, string> {
  const variables = new Map(Object.entries(own))
  for (const name of unset) variables.delete(name)
  for (const text of set) {
    const end = text.indexOf('=')
    variables.set(text.slice(0, end), text.slice(end + 1))
  }
  return Object.fromEntries([...variables].filter(([, value]) => value !== undefined)) as Record<string, string>
}

/** `1234` and `:1234` are TCP ports, everything else is the path of a socket. @throws FerryError option-value */
export function gdbAddress(text: string): GdbAddress {
  const digits = /^:?(\d+)$/.exec(text)?.[1]
  if (digits === undefined && text !== '') return { path: text }
  const port = Number(digits)
  if (port >= 1 && port <= 65535) return { port }
  throw new FerryError('option-value', {
    option: '--gdb',
    value: text,
    advice: 'give a port from 1 to 65535, or the path of a socket',
  })
}

/** `on` and `off` also go by the names that `ferry build` uses. @throws FerryError option-value */
export function offloadChoice(text = 'on'): 'on' | 'off' | readonly string[] {
  if (text === 'on' || text === 'all') return 'on'
  if (text === 'off' || text === 'none') return 'off'
  const names = splitList(text)
  if (names.length > 0) return names
  throw new FerryError('option-value', {
    option: '--offload',
    value: text,
    advice: 'give on, off, or names of functions with commas between them',
  })
}
