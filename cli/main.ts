/** Entry of the bundle: parses the command line, runs one command, turns every error into one line and an exit status. */
import { CommanderError } from 'commander'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'
import { version } from '../package.json'
import { createProgram } from './program.ts'

export { serveLate as late } from '../runtime/index.ts'

const STATUS = { WRONG_USE: 2, INTERNAL: 125 } as const

/** @param args the command line behind `ferry`. Sets process.exitCode. */
export async function main(args: readonly string[]): Promise<void> {
  if (!process.stdout.listeners('error').includes(stopOnFailedOutput)) {
    process.stdout.on('error', stopOnFailedOutput)
    // Nobody could be told.
    process.stderr.on('error', () => {})
  }
  try {
    await createProgram(version, status => {
      process.exitCode = status
    }).parseAsync([...args], { from: 'user' })
  } catch (error) {
    process.exitCode = reportError(error)
  }
}

/** `ferry analyze … | head` is no failure of ferry's; a full disk is one. */
function stopOnFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  process.exit(reportError(new FerryError('output-failed', { reason: describeSystemError(error) })))
}

/** Prints the error on stderr; returns the exit status. */
function reportError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : STATUS.WRONG_USE
  if (error instanceof FerryError) {
    process.stderr.write(`ferry: ${error.message}\n`)
    return error.status
  }
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`ferry: internal error: ${message.split('\n')[0]} (please report)\n`)
  if (process.env.FERRY_DEBUG === '1') process.stderr.write(`${stack}\n`)
  return STATUS.INTERNAL
}
