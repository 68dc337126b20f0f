import { writeSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { type RunOptions, type RunResult, run, runMeasured, runProfiled } from '../../runtime/index.ts'
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
  if (options.verify === true) return verify(guest, options)
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
  return endAs(result)
}

const endAs = async ({ status, signal }: RunResult): Promise<number> => (signal ? dieBySignal(signal) : status!)

/** What --verify can not be given with, by the names that the parser gives. */
const NOT_VERIFIED: Readonly<Record<string, string>> = {
  check: '--check',
  gdb: '--gdb',
  log: '--log',
  perfMap: '--perf-map',
  profile: '--profile',
  profileFile: '--profile',
  benchmark: '--benchmark',
  measure: '--measure',
}

/** @throws FerryError `option-conflict`, and those of runVerified */
async function verify(guest: RunOptions, options: Options): Promise<number> {
  const other = Object.keys(NOT_VERIFIED).find(key => options[key] !== undefined)
  if (other !== undefined) throw new FerryError('option-conflict', { options: `--verify, ${NOT_VERIFIED[other]}` })
  // few runs want it
  const { runVerified } = await import('../../runtime/verify/verify.ts')
  const result = await runVerified(guest)
  process.stderr.write(`ferry: ${result.systemCalls} system calls, no difference\n`)
  return endAs(result)
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
