/** gdb-multiarch with a program that runs under `ferry run --gdb`, and what both print. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FERRY_COMMAND } from '../../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./', import.meta.url))
const GDB = 'gdb-multiarch'
const CLANG =
  'clang-22 --target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld -static'
export const TIMEOUT = 120_000

export const missing = spawnSync(GDB, ['--version']).error !== undefined
if (missing) console.warn(`the tests with gdb are skipped, ${GDB} is not installed (apt-get install ${GDB})`)

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child whose output is kept. */
export class Running {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly ended: Promise<Outcome>

  constructor(command: string, words: readonly string[], folder: string) {
    this.child = spawn(command, words, {
      cwd: folder,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: folder },
    })
    this.child.stdout!.setEncoding('utf8').on('data', text => {
      this.stdout += text
    })
    this.child.stderr!.setEncoding('utf8').on('data', text => {
      this.stderr += text
    })
    this.ended = new Promise(resolve => {
      this.child.on('close', (status, signal) => resolve({ stdout: this.stdout, stderr: this.stderr, status, signal }))
    })
  }

  /** Resolves when the output has the text `count` times; fails when the child ends before. */
  async says(text: string, count = 1): Promise<void> {
    const all = (): string => this.stdout + this.stderr
    let over = false
    void this.ended.then(() => {
      over = true
    })
    while (all().split(text).length <= count) {
      if (over) throw new Error(`ended without '${text}':\n${all()}`)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
  }
}

export class Debugging {
  readonly folder: string
  /** Unix sockets have short names. */
  #sockets = ''
  #count = 0

  constructor(name: string) {
    this.folder = fileURLToPath(new URL(`../../work/${name}/`, import.meta.url))
  }

  /** Begins with an empty folder. */
  make(): void {
    this.#sockets = mkdtempSync(join(tmpdir(), 'ferry-gdb-'))
    rmSync(this.folder, { recursive: true, force: true })
    mkdirSync(this.folder, { recursive: true })
  }

  dispose(): void {
    rmSync(this.#sockets, { recursive: true })
  }

  /** The path of a socket that does not exist yet. */
  socket(name: string): string {
    return join(this.#sockets, name)
  }

  build(name: string, compiler = CLANG): string {
    const [command, ...words] = compiler.split(' ')
    const program = join(this.folder, name)
    execFileSync(command!, [...words, '-g', '-O0', '-pthread', `${name}.c`, '-o', program], { cwd: SOURCES })
    return program
  }

  ferry(words: readonly string[]): Running {
    return new Running(FERRY_COMMAND, ['run', ...words], this.folder)
  }

  gdb(program: string, target: string, commands: readonly string[], batch = true): Running {
    return new Running(GDB, gdbWords(program, target, commands, batch), this.folder)
  }

  /** A program that waits for gdb on a socket. */
  async waiting(program: readonly string[], options: readonly string[] = []) {
    const socket = this.socket(`${++this.#count}`)
    const ferry = this.ferry(['-g', socket, ...options, ...program])
    await ferry.says(`waits for gdb: target remote ${socket}`)
    return { ferry, socket }
  }

  /** Runs the program under ferry and the commands in gdb, to the end of both. */
  async debug(program: readonly string[], commands: readonly string[], options: readonly string[] = []) {
    const { ferry, socket } = await this.waiting(program, options)
    const gdb = await this.gdb(program[0]!, socket, commands).ended
    return { lines: transcript(gdb.stdout), problems: gdb.stderr, ferry: await ferry.ended }
  }
}

const gdbWords = (program: string, target: string, commands: readonly string[], batch: boolean): string[] => [
  ...['-nx', '-q', ...(batch ? ['-batch'] : [])],
  ...['set width 0', 'set height 0', 'set confirm off', 'set print thread-events off'].flatMap(line => ['-iex', line]),
  ...[`target remote ${target}`, ...commands].flatMap(line => ['-ex', line]),
  program,
]

/** Lines without what differs from build to build and from run to run: addresses, process numbers, and gdb's progress with files. */
export function transcript(text: string): string[] {
  return text
    .replace(/(Thread|process) \d+(\.\d+)?/g, '$1 N')
    .replace(/0x0*[1-9a-f][0-9a-f]{4,}/g, 'ADDRESS')
    .split('\n')
    .filter(line => line !== '' && !/^(Reading .* from remote|warning: File transfers)/.test(line))
}

export function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  return new Promise(resolve => {
    server.once('listening', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
