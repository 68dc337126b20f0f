import { type RunResult, run, runMeasured } from '../../runtime/index.ts'
import type { CommandFunction } from '../program.ts'
import { runOptions } from '../run-options.ts'
import { dieBySignal } from '../signal.ts'

/** `ferry run`: ends as the guest ended. */
export const command: CommandFunction = async (operands, options) => {
  const guest = runOptions(operands, options)
  const measure = options.measure as string | undefined
  const start = performance.now()
  const result = await (measure === undefined ? run(guest) : runMeasured(guest, measure))
  if (guest.benchmark) process.stderr.write(benchmarkText(result, performance.now() - start))
  const { status, signal } = result
  return signal ? dieBySignal(signal) : status!
}

/** @param wall milliseconds from before the guest's process was made until its end */
function benchmarkText({ translation }: RunResult, wall: number): string {
  const { regions, bytes, milliseconds } = translation
  return [
    `ferry: run          ${wall.toFixed(1)} ms, start and end of the guest included`,
    `ferry: translation  ${milliseconds.toFixed(1)} ms for ${regions} regions, ${bytes} bytes of host code`,
    '',
  ].join('\n')
}
