import { run } from '../../runtime/index.ts'
import type { CommandFunction } from '../program.ts'
import { runOptions } from '../run-options.ts'
import { dieBySignal } from '../signal.ts'

/** `ferry run`: ends as the guest ended. */
export const command: CommandFunction = async (operands, options) => {
  const { status, signal } = await run(runOptions(operands, options))
  return signal ? dieBySignal(signal) : status!
}
