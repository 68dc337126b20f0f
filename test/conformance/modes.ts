/** The ways in which a program is built and run, all of which shall show the same. */
import { execFile, spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { guestOptions } from '../../analyzer/index.ts'
import { build } from '../../offload/index.ts'
import { FERRY_COMMAND } from '../diff/engines.ts'
import type { Subject } from './subject.ts'

/**
 * qemu      the program of a plain clang, run by qemu-riscv64: what all others are compared with
 * native    built for this machine
 * emulated  the plain program, run by ferry
 * all       built by ferry with every legal function native
 * auto      built by ferry, which chooses
 * guest     the guest side of `all`, run by qemu-riscv64: it stays complete
 */
export const MODES = ['qemu', 'native', 'emulated', 'all', 'auto', 'guest'] as const
export type Mode = (typeof MODES)[number]

/** A function that stays on the guest when every legal one leaves. */
export interface Staying {
  readonly function: string
  readonly rule: string
}

export interface Outcome {
  /** Standard output and how the program ended, or why there is no program. */
  readonly text: string
  readonly built: boolean
  readonly finished: boolean
}

export interface Attempt {
  readonly outcomes: ReadonlyMap<Mode, Outcome>
  /** Of the program of `all`. */
  readonly functions: number
  readonly staying: readonly Staying[]
}

const COMMON = ['-w', '-O2']
/** Milliseconds that a run may take. */
const LIMIT = 20_000
const QEMU = ['qemu-riscv64', '-cpu', 'rv64,Zfhmin=true']
const execute = promisify(execFile)

/** Builds a program in every way that the modes need, and runs it. `folder` is the program's own, to be made. */
export async function attempt(subject: Subject, modes: readonly Mode[], folder: string): Promise<Attempt> {
  mkdirSync(folder, { recursive: true })
  const outcomes = new Map<Mode, Outcome>()
  const programs = new Map<string, Promise<Program>>()
  let functions = 0
  let staying: readonly Staying[] = []
  const program = (kind: string, make: () => Promise<Program>) => {
    const known = programs.get(kind) ?? make()
    programs.set(kind, known)
    return known
  }
  const hybrid = (offload: 'all' | 'auto') => program(offload, () => buildHybrid(subject, offload, folder))
  for (const mode of modes) {
    const made = await (mode === 'native'
      ? program('native', () => compile(subject, 'native', [], folder))
      : mode === 'all' || mode === 'guest'
        ? hybrid('all')
        : mode === 'auto'
          ? hybrid('auto')
          : program('plain', () => compile(subject, 'plain', [...guestOptions(), '-static'], folder)))
    if (mode === 'all') {
      functions = made.functions
      staying = made.staying
    }
    if (made.path === undefined) outcomes.set(mode, { text: made.problem, built: false, finished: false })
    else outcomes.set(mode, await run(command(mode, made.path), folder))
    // Nothing else can be compared.
    if (mode === 'qemu' && !outcomes.get('qemu')!.finished) break
  }
  return { outcomes, functions, staying }
}

interface Program {
  readonly path: string | undefined
  readonly problem: string
  readonly functions: number
  readonly staying: readonly Staying[]
}

function command(mode: Mode, path: string): string[] {
  if (mode === 'native') return [path]
  if (mode === 'qemu' || mode === 'guest') return [...QEMU, path]
  return [FERRY_COMMAND, 'run', '--', path]
}

const isCxx = (source: string) => /\.(cc|cpp|cxx|C)$/.test(source)

async function compile(subject: Subject, kind: string, options: readonly string[], folder: string): Promise<Program> {
  const path = join(folder, kind)
  const compiler = isCxx(subject.source) ? 'clang++-22' : 'clang-22'
  const words = [...options, '-fuse-ld=lld', ...COMMON, ...subject.options, subject.source, '-o', path, '-lm']
  try {
    await execute(compiler, words, { timeout: 60_000 })
    return { path, problem: '', functions: 0, staying: [] }
  } catch (error) {
    return {
      path: undefined,
      problem: String((error as { stderr?: string }).stderr ?? error),
      functions: 0,
      staying: [],
    }
  }
}

async function buildHybrid(subject: Subject, offload: 'all' | 'auto', folder: string): Promise<Program> {
  const path = join(folder, offload)
  try {
    const words = [...COMMON, ...subject.options, subject.source, '-lm', '-o', path]
    const { analysis, refused } = await build({ arguments: words, offload })
    const late = refused.map(({ name, reason }) => ({ function: name, rule: `late: ${reason}` }))
    const early = analysis.functions.flatMap(f => (f.rule === undefined ? [] : [{ function: f.name, rule: f.rule }]))
    return { path, problem: '', functions: analysis.functions.length, staying: [...early, ...late] }
  } catch (error) {
    return { path: undefined, problem: error instanceof Error ? error.message : `${error}`, functions: 0, staying: [] }
  }
}

/** Runs a program in its folder, in a session of its own, which is killed when it takes too long. */
function run([program = '', ...words]: readonly string[], folder: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd: folder, detached: true, stdio: ['ignore', 'pipe', 'pipe'] })
    const output: Buffer[] = []
    const errors: Buffer[] = []
    let finished = true
    child.stdout.on('data', part => output.push(part))
    child.stderr.on('data', part => errors.push(part))
    const timer = setTimeout(() => {
      finished = false
      process.kill(-child.pid!, 'SIGKILL')
    }, LIMIT)
    child.once('error', reject)
    child.once('close', (status, signal) => {
      clearTimeout(timer)
      const text = `${Buffer.concat(output).toString('latin1')}${finished ? `exit ${signal ?? status}` : 'too slow'}\n`
      const said = Buffer.concat(errors).toString('latin1')
      writeFileSync(join(folder, 'stderr'), said)
      resolve({ text, built: true, finished })
    })
  })
}
