/** What every measurement needs: the meter, folders, QEMU 10, the roots of Debian's programs. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeSysroots, PACKAGES, type Sysroots, sysrootFolder } from '../debian/sysroot.ts'
import { root } from '../workload.ts'
import { APPLICATION_PACKAGES, applications } from './applications.ts'
import { buildKernel } from './build.ts'
import { type Engine, qemuOfRoot, standardEngines } from './engines.ts'
import { kernels } from './kernels.ts'
import { Meter } from './measure.ts'
import { type EmulationOptions, isChosen } from './options.ts'
import { startUps } from './startup.ts'
import type { Side, Subject } from './subject.ts'
import { type Result, runSubject } from './suite.ts'
import { progressLine } from './text.ts'

/** Seconds: of every run. */
const LIMIT = 300
const QEMU_PACKAGE = 'amd64:qemu-user'

export type Group = 'kernels' | 'applications' | 'startup'

export class Laboratory {
  /** For what is built and made once. */
  readonly folder: string
  /** For what this process's runs leave. */
  readonly #own: string
  readonly #meter: Meter
  readonly #options: EmulationOptions
  #roots: Sysroots | undefined

  private constructor(folder: string, own: string, meter: Meter, options: EmulationOptions) {
    this.folder = folder
    this.#own = own
    this.#meter = meter
    this.#options = options
  }

  static async open(options: EmulationOptions): Promise<Laboratory> {
    const folder = join(root, 'bench/work/emulation')
    const own = mkdtempSync(join(tmpdir(), 'ferry-bench-'))
    process.once('exit', () => rmSync(own, { recursive: true, force: true }))
    return new Laboratory(folder, own, await Meter.open(join(folder, 'measure'), own, LIMIT), options)
  }

  /** Debian's programs for both machines, and QEMU 10; downloaded when they are not there. */
  roots(): Sysroots {
    this.#roots ??= makeSysroots([...PACKAGES, ...APPLICATION_PACKAGES, QEMU_PACKAGE], sysrootFolder('bench'))
    return this.#roots
  }

  /** The engines that the options name, all without; QEMU 10 only when it can be had. */
  engines(): Engine[] {
    const qemu10 = qemuOfRoot(this.roots().amd64)
    const wanted = (name: string) => this.#options.engines?.includes(name) ?? true
    return standardEngines(qemu10).filter(({ name }) => {
      if (!wanted(name)) return false
      const missing = name === 'qemu10' && !existsSync(qemu10[0]!)
      if (missing) console.error(`bench: qemu10 is left out: no ${qemu10[0]}`)
      return !missing
    })
  }

  async subjects(group: Group): Promise<Subject[]> {
    const build = (name: string, side: Side, options?: readonly string[]) =>
      buildKernel(name, side, join(this.folder, 'build'), options)
    return (await this.#all(group, build)).filter(({ name }) => isChosen(name, this.#options))
  }

  #all(group: Group, build: Parameters<typeof startUps>[1]): Promise<Subject[]> | Subject[] {
    switch (group) {
      case 'kernels':
        return kernels(build)
      case 'startup':
        return startUps(this.roots(), build)
      case 'applications':
        return applications(this.roots(), join(this.folder, 'inputs'), name => {
          console.error(`bench: ${name} is left out: it is not in the roots below ${join(this.roots().amd64, '..')}`)
        })
    }
  }

  /** Runs subjects one after the other; says on stderr how it goes, and sets the exit status when something is wrong. */
  async run(subjects: readonly Subject[], engines: readonly Engine[]): Promise<Result[]> {
    const results: Result[] = []
    for (const subject of subjects) {
      const folder = join(this.#own, 'run')
      rmSync(folder, { recursive: true, force: true })
      const result = await runSubject(subject, engines, this.#options.runs, this.#meter, folder)
      process.stderr.write(`${progressLine(result)}\n`)
      for (const problem of result.problems) {
        console.error(`${result.name}: ${problem}`)
        process.exitCode = 1
      }
      results.push(result)
    }
    return results
  }
}
