/** The options of `ferry run` as the runtime takes them. */
import { FerryError } from '../base/diagnostics.ts'
import type { RunOptions } from '../runtime/index.ts'
import type { Options } from './program.ts'
import { splitList } from './values.ts'

/** @param operands the program and its arguments. */
export function runOptions(operands: readonly string[], options: Options): RunOptions {
  const [program, ...args] = operands
  return {
    program: program!,
    arguments: args,
    offload: offloadChoice(options.offload as string | undefined),
    log: (options.log as string[] | undefined) ?? [],
    optimize: ((options.optimize as string[] | undefined) ?? []).join(','),
    profile: options.profile === true,
    stackSize: (options.stackSize as number | undefined) ?? 0,
  }
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
