import { FerryError } from '../base/diagnostics.ts'

/** Exit status of ferry's own failure. */
const INTERNAL = 125

/** Prints the error on stderr; returns the exit status. */
export function reportError(error: unknown): number {
  if (error instanceof FerryError) {
    process.stderr.write(`ferry: ${error.message}\n`)
    return error.status
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`ferry: internal error: ${message.split('\n')[0]} (please report)\n`)
  if (process.env.FERRY_DEBUG === '1') process.stderr.write(`${stack}\n`)
  return INTERNAL
}
