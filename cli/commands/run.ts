import { run, runMeasured } from '../../runtime/index.ts'
import type { CommandFunction } from '../program.ts'
import { runOptions } from '../run-options.ts'
import { dieBySignal } from '../signal.ts'

/** `ferry run`: ends as the guest ended. */
export const command: CommandFunction = async (operands, options) => {
  const guest = runOptions(operands, options)
  const measure = options.measure as string | undefined
  const { status, signal } = await (measure === undefined ? run(guest) : runMeasured(guest, measure))
  return signal ? dieBySignal(signal) : status!
}
