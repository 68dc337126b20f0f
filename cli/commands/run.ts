import { writeSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { type RunResult, run, runMeasured, runProfiled } from '../../runtime/index.ts'
import { benchmarkText } from '../benchmark-text.ts'
import { openOutput } from '../output.ts'
import { profileText } from '../profile-text.ts'
import type { CommandFunction, Options } from '../program.ts'
import { runOptions } from '../run-options.ts'
import { dieBySignal } from '../signal.ts'

/** `ferry run`: ends as the guest ended. */
export const command: CommandFunction = async (operands, options) => {
  const guest = runOptions(operands, options)
  const asked = options.profile === true || options.benchmark === true
  refuseAlone(options, asked)
  const measure = options.measure as string | undefined
  const record = options.profileFile as string | undefined
  const output = options.output === undefined ? undefined : openOutput(options.output as string)
  const left = { ...guest, leave: !asked && record === undefined }
  const logged = options.logFile === undefined ? left : { ...left, logTo: openOutput(options.logFile as string) }
  const result = await (record !== undefined
    ? runProfiled(logged, record)
    : measure === undefined
      ? run(logged)
      : runMeasured(logged, measure))
  if (asked) {
    const text = resultText(result, options)
    if (output === undefined) process.stderr.write(text)
    else writeSync(output, text)
  }
  const { status, signal } = result
  return signal ? dieBySignal(signal) : status!
}

/** @throws FerryError option-needs */
function refuseAlone({ json, output, log, logFile }: Options, asked: boolean): void {
  const refuse = (option: string, needs: string): never => {
    throw new FerryError('option-needs', { option, needs })
  }
  if (!asked && json === true) refuse('--json', '--profile or --benchmark')
  if (!asked && output !== undefined) refuse('--output', '--profile or --benchmark')
  if (logFile !== undefined && log === undefined) refuse('--log-file', '--log')
}

function resultText({ benchmark, profile, measurements }: RunResult, options: Options): string {
  if (options.json === true) {
    const document = {
      ...(options.benchmark === true ? { benchmark } : {}),
      ...(profile === undefined ? {} : { profile: { ...profile, ...(measurements ? { measurements } : {}) } }),
    }
    return `${JSON.stringify(document, undefined, 2)}\n`
  }
  const profiled = profile === undefined ? '' : profileText(profile, measurements)
  return profiled + (options.benchmark === true ? benchmarkText(benchmark) : '')
}
