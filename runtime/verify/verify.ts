/**
 * `ferry run --verify`: the program runs twice, first emulated, then hybrid, and the second run is compared with the first at each system
 * call. Output appears once and input is read once, because the second run's calls are answered from the record of the first.
 */
import { FerryError } from '../../base/diagnostics.ts'
import { findProgram } from '../initial-program.ts'
import { Offload } from '../offload.ts'
import { Program } from '../program.ts'
import { type RunOptions, type RunResult, run } from '../run.ts'
import { openSysroot } from '../sysroot.ts'
import { Recorder } from './recorder.ts'
import { RecordEnds, Replayer } from './replayer.ts'

/** A run, and how many system calls were the same. */
export interface VerifiedRun extends RunResult {
  readonly systemCalls: number
}

/**
 * @returns the emulated run's result
 * @throws FerryError `verify-differs` at the first difference, `verify-unsupported` for what can not be repeated, `verify-not-hybrid`,
 *   `verify-file-changed`, and those of {@link run}
 */
export async function runVerified(options: RunOptions): Promise<VerifiedRun> {
  refusePlain(options)
  const recorder = new Recorder()
  try {
    const emulated = await run({ ...options, offload: 'off', calls: recorder })
    recorder.finish()
    const replayer = new Replayer(recorder, endText(emulated))
    const hybrid = await run({ ...options, calls: replayer }).catch((error: unknown) => {
      if (error instanceof RecordEnds) return undefined
      throw error
    })
    if (hybrid) {
      replayer.finish(endText(hybrid))
      if (!hybrid.native) throw new FerryError('verify-not-hybrid', { path: options.program })
    }
    return { ...emulated, systemCalls: recorder.tape.count }
  } finally {
    recorder.close()
  }
}

/** Before anything runs: a static program without native functions, and names of functions that it does not have. */
function refusePlain({ program: path, offload, sysroot }: RunOptions): void {
  const { path: file, elf } = findProgram(path, openSysroot(sysroot))
  const { used } = new Offload(offload, () => {}, { path, program: new Program(file, elf) })
  if (!used && elf.interpreter === undefined) throw new FerryError('verify-not-hybrid', { path })
}

const endText = ({ status, signal }: RunResult): string =>
  signal === null ? `exit status ${status}` : `killed by ${signal}`
