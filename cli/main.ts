/** Entry of the bundle: parses the command line, runs one command, turns every error into one line and an exit status. */
import { CommanderError } from 'commander'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'
import { version } from '../package.json'
import { reportError } from './errors.ts'
import { createProgram } from './program.ts'

export { serveLate as late } from '../runtime/index.ts'

/** Exit status when the command line is wrong. */
const WRONG_USE = 2

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
    process.exitCode = error instanceof CommanderError ? (error.exitCode === 0 ? 0 : WRONG_USE) : reportError(error)
  }
}

/** `ferry analyze … | head` is no failure of ferry's; a full disk is one. */
function stopOnFailedOutput(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') process.exit(0)
  process.exit(reportError(new FerryError('output-failed', { reason: describeSystemError(error) })))
}
