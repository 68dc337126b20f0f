/**
 * A run with measuring stubs whose counts go into a file, for `ferry run --measure` and the report: the guest has the
 * standard streams, so the counts can not.
 */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'
import { type Measurement, type RunOptions, type RunResult, run } from '../run.ts'
import type { Crossing } from './crossings.ts'
import { calibrate } from './ticks.ts'

/** What the file holds, as JSON. */
export interface MeasuredRun {
  readonly status: number | null
  readonly signal: string | null
  /** Frequency of the time-stamp counter, measured against the clock during the run. */
  readonly ticksPerSecond: number
  /** The functions of the manifest in its order; none for a program that is no hybrid. */
  readonly functions: readonly Measurement[]
  readonly crossings: readonly Crossing[]
}

/**
 * Runs the program with `measure` and writes a {@link MeasuredRun} to `file` when it has ended, however it ended.
 * @throws FerryError `output-unwritable` before anything ran, and those of {@link run}
 */
export async function runMeasured(options: RunOptions, file: string): Promise<RunResult> {
  const fd = create(file)
  try {
    const frequency = calibrate()
    const result = await run({ ...options, measure: true })
    const measured: MeasuredRun = {
      status: result.status,
      signal: result.signal,
      ticksPerSecond: frequency(),
      functions: result.measurements ?? [],
      crossings: result.crossings ?? [],
    }
    writeSync(fd, `${JSON.stringify(measured, undefined, 2)}\n`)
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

/** Undefined when the run did not come to writing it. */
export function readMeasured(file: string): MeasuredRun | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as MeasuredRun
  } catch {
    return undefined
  }
}
