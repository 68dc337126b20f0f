import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** How a program ended. */
export interface Outcome {
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: Buffer
  readonly stderr: string
}

/** A command that runs a RISC-V program: the words before its path. */
export type Engine = readonly string[]

/** With Zfhmin, which has another default in each version; the rest of what ferry has is on by default, or not in 7.2. */
export const QEMU: Engine = ['qemu-riscv64', '-cpu', 'rv64,Zfhmin=true']
/** The environment variable FERRY names another copy of ferry to test. */
export const FERRY_COMMAND = process.env.FERRY ?? fileURLToPath(new URL('../../bin/ferry', import.meta.url))
export const FERRY: Engine = [FERRY_COMMAND, 'run', '--']
/** Without translations, but for what the executor's interpreter leaves to the translator. */
export const FERRY_INTERPRETING: Engine = ['env', 'FERRY_HEAT=999999999', FERRY_COMMAND, 'run', '--']
/** Both tiers of ferry, for test.each. */
export const TIERS: readonly (readonly [name: string, engine: Engine])[] = [
  ['ferry', FERRY],
  ['ferry interpreting', FERRY_INTERPRETING],
]
/** @param names as `--optimize` has them */
export const ferryWithout = (names: string): Engine => [FERRY_COMMAND, 'run', `--optimize=${names}`, '--']

/**
 * Runs a program and collects what it wrote. Standard output goes through a file, because a program that dies must not
 * lose what it has written and pipes slow big outputs down.
 * @param limit milliseconds until the program is killed (SIGKILL)
 */
export async function execute(
  engine: Engine,
  program: string,
  { limit = 60_000, args = [] as readonly string[], env = process.env, stdin = 'ignore' as 'ignore' | number } = {},
): Promise<Outcome> {
  const [command, ...before] = engine
  const path = `${program}.${command!.split('/').at(-1)}.out`
  const output = openSync(path, 'w')
  try {
    const child = spawn(command!, [...before, program, ...args], { stdio: [stdin, output, 'pipe'], env })
    let stderr = ''
    child.stderr!.setEncoding('utf8').on('data', text => {
      stderr += text
    })
    const timer = setTimeout(() => child.kill('SIGKILL'), limit)
    const [status, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (code, by) => resolve([code, by]))
    })
    clearTimeout(timer)
    return { status, signal, stdout: statSync(path).size > 0 ? readFileSync(path) : Buffer.alloc(0), stderr }
  } finally {
    closeSync(output)
  }
}
