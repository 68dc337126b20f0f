/** The parser: which words reach a command, and as what. The commands themselves are replaced. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FerryError } from '../../../base/diagnostics.ts'
import { main } from '../../../cli/main.ts'
import type { CommandFunction, Options } from '../../../cli/program.ts'

const calls: { command: string; operands: readonly string[]; options: Options }[] = []
let outcome: () => number

const recorder = (command: string): { command: CommandFunction } => ({
  command: async (operands, options) => {
    calls.push({ command, operands, options })
    return outcome()
  },
})
vi.mock('../../../cli/commands/build.ts', () => recorder('build'))
vi.mock('../../../cli/commands/run.ts', () => recorder('run'))
vi.mock('../../../cli/commands/report.ts', () => recorder('report'))
vi.mock('../../../cli/commands/analyze.ts', () => recorder('analyze'))
vi.mock('../../../cli/commands/doctor.ts', () => recorder('doctor'))
vi.mock('../../../cli/commands/binfmt.ts', () => recorder('binfmt'))

let stdout: string
let stderr: string
let savedExitCode: typeof process.exitCode
beforeEach(() => {
  calls.length = 0
  outcome = () => 0
  stdout = ''
  stderr = ''
  savedExitCode = process.exitCode
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += text
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    stderr += text
    return true
  })
})
afterEach(() => {
  process.exitCode = savedExitCode
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** @returns the exit status */
async function ferry(...args: string[]): Promise<number> {
  process.exitCode = undefined
  await main(args)
  return Number(process.exitCode ?? 0)
}

describe('ferry run', () => {
  it('gives the program all words behind it', async () => {
    await ferry('run', '--offload=off', '--log', 'ir,strace', './app', '--log=x', '-h', '--', '--json')
    expect(calls).toEqual([
      {
        command: 'run',
        operands: ['./app', '--log=x', '-h', '--', '--json'],
        options: { offload: 'off', log: ['ir', 'strace'] },
      },
    ])
  })

  it('adds up lists that are given twice', async () => {
    await ferry('run', '--optimize=no-ras', '--optimize=no-chain', 'app')
    expect(calls[0]!.options).toEqual({ optimize: ['no-ras', 'no-chain'] })
  })

  it('knows the short options of qemu-riscv64', async () => {
    await ferry('run', '-E', 'A=1', '-E', 'B=2', '-U', 'C', '-0', '-sh', '-s', '64K', '-D', 'log', 'app', '-E')
    expect(calls[0]!.operands).toEqual(['app', '-E'])
    expect(calls[0]!.options).toEqual({
      ...{ setEnv: ['A=1', 'B=2'], unsetEnv: ['C'], argv0: '-sh' },
      ...{ stackSize: 65536, logFile: 'log' },
    })
  })

  it('takes a program whose name starts with a dash behind --', async () => {
    await ferry('run', '--', '-app', '-x')
    expect(calls[0]!.operands).toEqual(['-app', '-x'])
  })

  it('ends with the status of the command', async () => {
    outcome = () => 42
    expect(await ferry('run', 'app')).toBe(42)
  })
})

describe('ferry build', () => {
  it('keeps the order of words for clang, and takes its own options from anywhere', async () => {
    await ferry(...'build -O2 a.c -D X=1 --offload=all -Wall -include b.h --json c.c -lm -o app -std=c11'.split(' '))
    expect(calls).toEqual([
      {
        command: 'build',
        operands: ['-O2', 'a.c', '-D', 'X=1', '-Wall', '-include', 'b.h', 'c.c', '-lm', '-std=c11'],
        options: { offload: 'all', json: true, output: 'app' },
      },
    ])
  })

  it('starts with sources as well', async () => {
    await ferry(...'build a.c b.c -O2 -Iinclude d.c'.split(' '))
    expect(calls[0]!.operands).toEqual(['a.c', 'b.c', '-O2', '-Iinclude', 'd.c'])
  })
})

describe('wrong use', () => {
  it.each([
    [['run'], "ferry: missing required argument 'app'\n"],
    [['run', '--wrong', 'app'], "ferry: unknown option '--wrong'\n"],
    [['report', '--runs=0', 'app'], 'ferry: --runs=0: give a number from 1 on.\n'],
    [['run', '--log=ir,nonsense', 'app'], 'ferry: --log=nonsense: choose from asm-in, ir, asm-out, strace.\n'],
    [['build', '-o'], "ferry: option '-o, --output <file>' argument missing\n"],
    [['doctor', 'now'], "ferry: too many arguments for 'doctor'. Expected 0 arguments but got 1.\n"],
    [['biuld'], "ferry: unknown command 'biuld'\n(Did you mean build?)\n"],
  ])('%j is one message and status 2', async (args, message) => {
    expect(await ferry(...args)).toBe(2)
    expect(stderr).toBe(message)
    expect(calls).toEqual([])
  })

  it('without a command prints the help, with status 2', async () => {
    expect(await ferry()).toBe(2)
    expect(stderr).toContain('Commands:')
  })
})

describe('help', () => {
  it.each(['build', 'run', 'report', 'analyze', 'doctor'])('ferry %s --help has examples', async name => {
    expect(await ferry(name, '--help')).toBe(0)
    expect(stdout).toContain(`Usage: ferry ${name}`)
    expect(stdout).toMatch(/Examples:\n {2}\$ ferry /)
  })

  it('names the version', async () => {
    expect(await ferry('--version')).toBe(0)
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})

describe('errors of a command', () => {
  it('that are diagnosed are one line and their status', async () => {
    outcome = () => {
      throw new FerryError('elf-missing', { path: 'app' })
    }
    expect(await ferry('run', 'app')).toBe(1)
    expect(stderr).toBe('ferry: app: no such file. Give the path of a RISC-V ELF program.\n')
  })

  it('that are not are internal errors, without a stack trace', async () => {
    outcome = () => {
      throw new TypeError('x is not a function\nsecond line')
    }
    expect(await ferry('run', 'app')).toBe(125)
    expect(stderr).toBe('ferry: internal error: x is not a function (please report)\n')
  })

  it('come with a stack trace under FERRY_DEBUG=1', async () => {
    vi.stubEnv('FERRY_DEBUG', '1')
    outcome = () => {
      throw new TypeError('broken')
    }
    expect(await ferry('run', 'app')).toBe(125)
    expect(stderr).toMatch(/^ferry: internal error: broken \(please report\)\nTypeError: broken\n +at /)
  })
})
