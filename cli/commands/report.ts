import * as runtime from '../../runtime/index.ts'
import type { CommandFunction } from '../program.ts'
import { runOptions } from '../run-options.ts'

/** `ferry report`: fails when the runs' outputs differ. */
export const command: CommandFunction = async (operands, options) => {
  const { report } = runtime as unknown as { report(options: object): Promise<object> }
  process.stdout.write(`${JSON.stringify(await report(runOptions(operands, options)), undefined, 2)}\n`)
  return 0
}
