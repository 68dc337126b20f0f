/**
 * A translator whose guest waits in a system call: started as a process of its own by processes.test.ts, which kills it
 * or the executor. Arguments: the program and the file of the stubs. It prints the executor's pid, then how the guest
 * ended.
 */
import { readFileSync } from 'node:fs'
import { endMessage } from '../../../runtime/death.ts'
import { runScript, systemCall } from './scripted-guest.ts'

const NANOSLEEP = 101
const [program, stubs] = process.argv.slice(2)
const { result } = await runScript(program!, readFileSync(stubs!), function* ({ info, memory, x }) {
  const time = Number(x(2)) - 4096
  memory.write(time, new Uint8Array([60, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
  process.stdout.write(`${info.pid}\n`)
  for (;;) yield systemCall(NANOSLEEP, time, 0)
})
process.stdout.write(`${JSON.stringify({ ...result, message: endMessage(result) })}\n`)
