/** A run that writes down what a build can choose by: base/run-profile.ts. */
import { closeSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'
import { calibrate } from '../report/ticks.ts'
import { type RunOptions, type RunResult, run } from '../run.ts'
import { recordRun } from './record.ts'

/**
 * Runs the program with its profile and writes a RunProfile to `file` when it has ended, however it ended.
 * @throws FerryError `output-unwritable` before anything ran, and those of {@link run}
 */
export async function runProfiled(options: RunOptions, file: string): Promise<RunResult> {
  const fd = create(file)
  try {
    const frequency = calibrate()
    const result = await run({ ...options, profile: true })
    const recorded = recordRun({
      program: resolve(options.program),
      profile: result.profile!,
      measurements: result.measurements ?? [],
      crossings: result.crossings ?? [],
      ticksPerSecond: frequency(),
    })
    writeSync(fd, `${JSON.stringify(recorded)}\n`)
    return result
  } finally {
    closeSync(fd)
  }
}

function create(file: string): number {
  try {
    return openSync(file, 'w')
  } catch (error) {
    throw new FerryError('output-unwritable', { path: file, reason: describeSystemError(error) })
  }
}
