/** Builds and tests one project, and measures it. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { execa } from 'execa'
import { timed } from '../timed.ts'
import { ferry, root } from '../workload.ts'
import type { Project } from './projects.ts'

const SCRIPT = join(root, 'bench/projects/guest.sh')
/** Debian's cross libc: where dynamic guest programs find their libraries. */
const SYSROOT = '/usr/riscv64-linux-gnu'
const HOST = 'riscv64-linux-gnu'

export type StepName = 'configure' | 'build' | 'test'
export interface StepResult {
  readonly ok: boolean
  /** Seconds of CPU time of the step and all it started. */
  readonly cpu: number
  readonly seconds: number
  /** Of what it printed, below the folder of ferry. */
  readonly log: string
}

export interface EngineResult {
  readonly cpu: number
  readonly output: string
  readonly ok: boolean
}

export interface ProjectResult {
  readonly name: string
  readonly source: string
  /** Of C sources and headers. */
  readonly lines: number
  readonly steps: Partial<Record<StepName, StepResult>>
  /** Programs and libraries that were linked, and how many functions of them run natively. */
  readonly links: {
    readonly outputs: number
    readonly hybrid: number
    readonly native: number
    readonly functions: number
  }
  readonly workload?: Readonly<Record<string, EngineResult>>
  /** When, in the file of results. */
  readonly date?: string
  /** Every step was done, and the engines agree. */
  readonly passed: boolean
}

export interface BuildFolders {
  /** Unpacked source packages. */
  readonly sources: string
  /** Where projects are built. */
  readonly done: string
  readonly input: string
}

/** Where built programs find the libraries that are built with them. */
const LIBRARIES = ['-E', 'LD_LIBRARY_PATH=.:.libs:src/liblzma/.libs']

const ENGINES: Readonly<Record<string, readonly string[]>> = {
  hybrid: [ferry, 'run', '-L', SYSROOT, ...LIBRARIES],
  emulated: [ferry, 'run', '-L', SYSROOT, '--offload=off', ...LIBRARIES],
  qemu: ['qemu-riscv64', '-L', SYSROOT, ...LIBRARIES],
}

export async function buildProject(project: Project, folders: BuildFolders): Promise<ProjectResult> {
  const folder = join(folders.done, project.name)
  const source = join(folders.sources, project.source)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(dirname(folder), { recursive: true })
  cpSync(source, folder, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
  const summary = `${folder}.links`
  rmSync(summary, { force: true })
  const environment = {
    ...environmentOf(folders),
    PATH: `${join(root, 'bin')}:${process.env.PATH}`,
    FERRY_SYSROOT: SYSROOT,
    FERRY_CC_OPTIONS: `--summary=${summary}`,
  }
  const steps: Partial<Record<StepName, StepResult>> = {}
  for (const name of ['configure', 'build', 'test'] as const) {
    const line = project[name]
    if (line === undefined) continue
    const result = await runStep(line, folder, environment, `${folder}.${name}.log`)
    steps[name] = result
    if (!result.ok) break
  }
  const done = Object.values(steps).every(({ ok }) => ok)
  const workload = done && project.workload ? await runWorkload(project.workload, folder, folders) : undefined
  const [first, ...others] = Object.values(workload ?? {})
  const agree = others.every(({ ok, output }) => ok && output === first!.output)
  return {
    ...{
      name: project.name,
      source: project.source,
      lines: await countLines(source),
      steps,
      links: readLinks(summary),
    },
    ...(workload ? { workload } : {}),
    passed: done && agree,
  }
}

function environmentOf({ done, input }: BuildFolders): Record<string, string> {
  return { HOST, DONE: done, INPUT: input, SCRIPTS: join(root, 'bench/emulation/scripts'), LC_ALL: 'C' }
}

async function runStep(line: string, folder: string, env: Record<string, string>, log: string): Promise<StepResult> {
  const { stdout: registration } = await execa(ferry, ['binfmt'])
  const { ok, cpu, seconds, output } = await timed(SCRIPT, [registration, 'sh', '-ec', line], folder, env)
  writeFileSync(log, output)
  return { ok, cpu, seconds, log: relative(root, log) }
}

async function runWorkload(line: string, folder: string, folders: BuildFolders): Promise<Record<string, EngineResult>> {
  const results: Record<string, EngineResult> = {}
  for (const [name, words] of Object.entries(ENGINES)) {
    const env = { ...environmentOf(folders), RUN: words.join(' ') }
    const { ok, cpu, output } = await timed('sh', ['-ec', line], folder, env)
    results[name] = { ok, cpu, output }
  }
  return results
}

function readLinks(path: string): ProjectResult['links'] {
  const lines = existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter(line => /^\S/.test(line))
    : []
  const counts = lines.map(line => / (\d+) of (\d+) functions run natively/.exec(line)).filter(match => match !== null)
  const sum = (group: number) => counts.reduce((total, match) => total + Number(match[group]), 0)
  return { outputs: lines.length, hybrid: counts.length, native: sum(1), functions: sum(2) }
}

async function countLines(source: string): Promise<number> {
  const count = `find . -name '*.[ch]' -print0 | xargs -0 cat | wc -l`
  const { stdout } = await execa('sh', ['-c', count], { cwd: source })
  return Number(stdout)
}
