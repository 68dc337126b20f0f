/** A folder for programs of this one's sources, with a sysroot in it that has the C library only. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FERRY_COMMAND } from '../../diff/engines.ts'

export const SOURCES = fileURLToPath(new URL('./', import.meta.url))
/** The libraries of the cross compiler. */
export const CROSS = '/usr/riscv64-linux-gnu'
const GCC = ['riscv64-linux-gnu-gcc', '-O2', '-w']

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

export class Workspace {
  /** Ends with `/`. */
  readonly folder: string
  readonly root: string

  constructor(name: string) {
    this.folder = fileURLToPath(new URL(`../../work/${name}/`, import.meta.url))
    this.root = join(this.folder, 'root')
  }

  /** Begins with an empty folder. */
  make(): void {
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(join(this.root, 'lib'), { recursive: true })
    for (const name of ['ld-linux-riscv64-lp64d.so.1', 'libc.so.6', 'libm.so.6']) {
      cpSync(join(CROSS, 'lib', name), join(this.root, 'lib', name), { dereference: true })
    }
  }

  path(name: string): string {
    return join(this.folder, name)
  }

  /** Returns the path of the product. */
  build(product: string, source: string, ...options: string[]): string {
    const [command, ...words] = GCC
    execFileSync(command!, [...words, join(SOURCES, source), '-o', this.path(product), ...options])
    return this.path(product)
  }

  outcome([command, ...words]: readonly string[], env: NodeJS.ProcessEnv = {}): Outcome {
    const { stdout, stderr, status } = spawnSync(command!, words, {
      encoding: 'utf8',
      timeout: 60_000,
      cwd: this.folder,
      env: { PATH: process.env.PATH, ...env },
    })
    return { stdout, stderr, status }
  }

  ferry(sysroot: string, ...words: string[]): Outcome {
    return this.outcome([FERRY_COMMAND, 'run', '-L', sysroot, ...words])
  }

  qemu(sysroot: string, ...words: string[]): Outcome {
    return this.outcome(['qemu-riscv64', '-L', sysroot, ...words])
  }
}
