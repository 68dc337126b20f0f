import { join } from 'node:path'
import { execa } from 'execa'
import type { CommandFunction } from '../program.ts'
import { ferryRoot } from '../root.ts'

/** `ferry cc` where bin/ferry was not what was started: as bin/ferry-cc, which needs no Node.js. */
export const command: CommandFunction = async () => {
  const words = process.argv.slice(process.argv.indexOf('cc') + 1)
  const { exitCode } = await execa(join(ferryRoot(), 'bin/ferry-cc'), words, { stdio: 'inherit', reject: false })
  return exitCode ?? 1
}
