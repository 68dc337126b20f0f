/** `ferry run --gdb` with gdb-multiarch: what gdb prints, and what the program does meanwhile. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./gdb/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/gdb/', import.meta.url))
const SYSROOT = '/usr/riscv64-linux-gnu'
const GDB = 'gdb-multiarch'
const CLANG =
  'clang-22 --target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld -static'
const TIMEOUT = 120_000

const missing = spawnSync(GDB, ['--version']).error !== undefined
if (missing) console.warn(`test/programs/gdb.test.ts: skipped, ${GDB} is not installed (apt-get install ${GDB})`)

/** Unix sockets have short names. */
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-gdb-'))
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
})
afterAll(() => rmSync(folder, { recursive: true }))

function build(name: string, compiler = CLANG): string {
  const [command, ...words] = compiler.split(' ')
  const program = join(WORK, name)
  execFileSync(command!, [...words, '-g', '-O0', '-pthread', `${name}.c`, '-o', program], { cwd: SOURCES })
  return program
}

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
  readonly signal: NodeJS.Signals | null
}

/** A child whose output is kept. */
class Running {
  readonly child: ChildProcess
  stdout = ''
  stderr = ''
  readonly ended: Promise<Outcome>

  constructor(command: string, words: readonly string[]) {
    this.child = spawn(command, words, {
      cwd: WORK,
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, HOME: WORK },
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

let sockets = 0

/** A program that waits for gdb on a socket. */
async function waiting(program: readonly string[], options: readonly string[] = []) {
  const socket = join(folder, `${++sockets}`)
  const ferry = new Running(FERRY_COMMAND, ['run', '-g', socket, ...options, ...program])
  await ferry.says(`waits for gdb: target remote ${socket}`)
  return { ferry, socket }
}

const gdbWords = (program: string, socket: string, commands: readonly string[], batch = true): string[] => [
  ...['-nx', '-q', ...(batch ? ['-batch'] : [])],
  ...['set width 0', 'set height 0', 'set confirm off', 'set print thread-events off'].flatMap(line => ['-iex', line]),
  ...[`target remote ${socket}`, ...commands].flatMap(line => ['-ex', line]),
  program,
]

/** Lines without what differs from build to build and from run to run: addresses, process numbers, and gdb's progress with files. */
function transcript(text: string): string[] {
  return text
    .replace(/(Thread|process) \d+(\.\d+)?/g, '$1 N')
    .replace(/0x0*[1-9a-f][0-9a-f]{4,}/g, 'ADDRESS')
    .split('\n')
    .filter(line => line !== '' && !/^(Reading .* from remote|warning: File transfers)/.test(line))
}

/** Runs the program under ferry and the commands in gdb, to the end of both. */
async function debug(program: readonly string[], commands: readonly string[], options: readonly string[] = []) {
  const { ferry, socket } = await waiting(program, options)
  const gdb = await new Running(GDB, gdbWords(program[0]!, socket, commands)).ended
  return { lines: transcript(gdb.stdout), problems: gdb.stderr, ferry: await ferry.ended }
}

describe.skipIf(missing)('gdb', { timeout: TIMEOUT }, () => {
  describe('with a program of one thread', () => {
    let program: string
    beforeAll(() => {
      program = build('arguments')
    })

    it('breaks at a function by name, prints arguments, steps, finishes, and goes on to the exit', async () => {
      const commands = ['break add', 'continue', 'info args', 'backtrace', 'next', 'next', 'print sum', 'print calls']
      const more = ['finish', 'delete', 'break half', 'continue', 'print value', 'finish', 'continue']
      const { lines, problems, ferry } = await debug([program, '3', '4'], [...commands, ...more])
      expect(lines).toEqual([
        'ADDRESS in _start ()',
        'Breakpoint 1 at ADDRESS: file arguments.c, line 10.',
        'Breakpoint 1, add (a=0, b=3) at arguments.c:10',
        '10\t  calls++;',
        'a = 0',
        'b = 3',
        '#0  add (a=0, b=3) at arguments.c:10',
        '#1  ADDRESS in main (argc=3, argv=ADDRESS) at arguments.c:18',
        '11\t  int sum = a + b;',
        '12\t  return sum;',
        '$1 = 3',
        '$2 = 1',
        'ADDRESS in main (argc=3, argv=ADDRESS) at arguments.c:18',
        "18\t    total = add(total, argv[i][0] - '0');",
        'Value returned is $3 = 3',
        'Breakpoint 2 at ADDRESS: file arguments.c, line 6.',
        'Breakpoint 2, half (value=7) at arguments.c:6',
        '6\t  return value / 2;',
        '$4 = 7',
        'ADDRESS in main (argc=3, argv=ADDRESS) at arguments.c:19',
        '19\t  printf("total %d, half %g\\n", total, half(total));',
        'Value returned is $5 = 3.5',
        '[Inferior 1 (process N) exited with code 07]',
      ])
      expect(problems).toBe('')
      expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7, signal: null })
    })

    it('reads and writes registers and memory', async () => {
      const { lines, ferry } = await debug(
        [program, '3', '4'],
        [
          ...['break 12', 'continue', 'print $a0 = 0x123456789', 'print $a0', 'print $ft0.double = 1.5', 'print $ft0'],
          ...['print $frm = 1', 'print $fcsr', 'print $frm = 0', 'print $zero = 3', 'print $zero'],
          ...['set var sum = 40', 'print calls = 9', 'delete', 'continue'],
        ],
      )
      const values = lines.filter(line => line.startsWith('$')).map(line => line.replace(/^\$\d+ = /, ''))
      expect(values.slice(0, 2)).toEqual(['4886718345', '4886718345'])
      expect(values.slice(2, 4)).toEqual(['1.5', '{float = 0, double = 1.5}'])
      expect(values.slice(4)).toEqual(['1', '32', '0', '3', '0', '9'])
      expect(ferry).toMatchObject({ stdout: 'total 44, half 22\n', status: 44 })
    })

    it('steps through a system call and a loop, and calls functions of the program', async () => {
      const { lines, ferry } = await debug(
        [program, '3', '4'],
        [
          ...['break main', 'continue', 'print add(20, 2)', 'print half(5)', 'next', 'next', 'next', 'print total'],
          ...['tbreak write', 'continue', 'stepi 3', 'finish', 'continue'],
        ],
      )
      expect(lines.filter(line => line.startsWith('$'))).toEqual(['$1 = 22', '$2 = 2.5', '$3 = 3'])
      expect(lines).toContainEqual(expect.stringMatching(/^Temporary breakpoint 2, ADDRESS in (__libc_)?write \(\)$/))
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited with code 07]')
      expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
    })

    it('watches data', async () => {
      const { lines, ferry } = await debug(
        [program, '3', '4'],
        ['watch calls', 'continue', 'continue', 'delete', 'rwatch calls', 'continue'],
      )
      expect(lines.filter(line => /^(Hardware watch|Old|New|\[Inf)/.test(line))).toEqual([
        'Hardware watchpoint 1: calls',
        'Hardware watchpoint 1: calls',
        'Old value = 0',
        'New value = 1',
        'Hardware watchpoint 1: calls',
        'Old value = 1',
        'New value = 2',
        '[Inferior 1 (process N) exited with code 07]',
      ])
      expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
    })

    it('lets the program go', async () => {
      const { lines, ferry } = await debug([program, '3', '4'], ['break add', 'continue', 'detach'])
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) detached]')
      expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
    })

    it('ends the program', async () => {
      const { lines, ferry } = await debug([program, '3', '4'], ['break add', 'continue', 'kill'])
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) killed]')
      expect(ferry).toMatchObject({ stdout: '', status: null, signal: 'SIGKILL' })
      expect(ferry.stderr).not.toContain('killed')
    })

    it('comes back after it was gone', async () => {
      const { ferry, socket } = await waiting([program, '3', '4'])
      const first = await new Running(GDB, gdbWords(program, socket, ['break add', 'continue', 'disconnect'])).ended
      expect(transcript(first.stdout)).toContain('Breakpoint 1, add (a=0, b=3) at arguments.c:10')
      await ferry.says('waits for gdb', 2)
      const second = await new Running(GDB, gdbWords(program, socket, ['print b', 'continue'])).ended
      expect(transcript(second.stdout)).toEqual([
        'add (a=0, b=3) at arguments.c:10',
        '10\t  calls++;',
        '$1 = 3',
        '[Inferior 1 (process N) exited with code 07]',
      ])
      expect(await ferry.ended).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
    })

    it('connects to a port', async () => {
      const port = await freePort()
      const ferry = new Running(FERRY_COMMAND, ['run', '-g', `${port}`, program, '5'])
      await ferry.says(`waits for gdb: target remote localhost:${port}`)
      const gdb = await new Running(GDB, gdbWords(program, `:${port}`, ['break half', 'continue', 'continue'])).ended
      expect(transcript(gdb.stdout)).toContain('Breakpoint 1, half (value=5) at arguments.c:6')
      expect(await ferry.ended).toMatchObject({ status: 5 })
    })
  })

  describe('with several threads', () => {
    it('stops all of them, shows each, and follows one', async () => {
      const program = build('threads')
      const { lines, ferry } = await debug(
        [program],
        ['break tick', 'continue', 'info threads', 'thread apply all backtrace 1', 'finish', 'delete', 'continue'],
      )
      expect(lines).toContainEqual(expect.stringMatching(/^Thread N "threads" hit Breakpoint 1, tick \(id=[123]\) at/))
      const listed = lines.filter(line => /^[ *] +\d+ +Thread N "threads"/.test(line))
      expect(listed).toHaveLength(4)
      expect(listed.filter(line => line.startsWith('*'))).toHaveLength(1)
      expect(
        lines.filter(line => /^Thread \d+ \(Thread N "threads"\):$|^Thread N \(Thread N "threads"\):$/.test(line)),
      ).toHaveLength(4)
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited normally]')
      expect(ferry).toMatchObject({ stdout: 'total 18\n', status: 0 })
    })

    it('leaves the others where they are, when told to', async () => {
      const program = build('threads')
      const { lines, ferry } = await debug(
        [program],
        [
          ...['break tick', 'continue', 'set scheduler-locking on', 'continue', 'continue', 'info threads'],
          ...['delete', 'set scheduler-locking off', 'continue'],
        ],
      )
      const hits = lines.flatMap(line => /hit Breakpoint 1, tick \(id=(\d)\)/.exec(line)?.[1] ?? [])
      expect(hits).toHaveLength(3)
      expect(new Set(hits).size).toBe(1)
      expect(ferry).toMatchObject({ stdout: 'total 18\n', status: 0 })
    })
  })

  describe('with signals', () => {
    let program: string
    beforeAll(() => {
      program = build('signals')
    })

    it('stops before they are delivered, delivers them or not, and shows what they are about', async () => {
      const { lines, ferry } = await debug(
        [program],
        [
          ...[
            'continue',
            'signal 0',
            'continue',
            'print $_siginfo.si_signo',
            'print $_siginfo._sifields._sigfault.si_addr',
          ],
          ...['backtrace', 'continue'],
        ],
      )
      expect(lines.filter(line => !line.includes(' in '))).toEqual([
        'Program received signal SIGUSR1, User defined signal 1.',
        'Program received signal SIGUSR1, User defined signal 1.',
        'Program received signal SIGSEGV, Segmentation fault.',
        '21\t  *place = 1;',
        '$1 = 11',
        '$2 = (void *) 0x1230',
        'Program terminated with signal SIGSEGV, Segmentation fault.',
        'The program no longer exists.',
      ])
      expect(ferry).toMatchObject({ stdout: 'seen 0\nseen 10\n', signal: 'SIGSEGV' })
      expect(ferry.stderr).toContain('ferry: SIGSEGV (wild store to 0x1230) at guest pc')
    })

    it('passes those that gdb does not want to see', async () => {
      const { lines, ferry } = await debug([program], ['handle SIGUSR1 nostop noprint pass', 'continue', 'kill'])
      expect(lines).toContain('Program received signal SIGSEGV, Segmentation fault.')
      expect(lines.join()).not.toContain('received signal SIGUSR1')
      expect(ferry.stdout).toBe('seen 10\nseen 10\n')
    })

    it('goes on behind a fault whose cause was repaired', async () => {
      const { lines, ferry } = await debug(
        [program],
        ['handle SIGUSR1 nostop noprint pass', 'continue', 'set var place = (char *)&seen', 'jump 21'],
      )
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited normally]')
      expect(ferry).toMatchObject({ stdout: 'seen 10\nseen 10\nnot reached\n', status: 0 })
    })
  })

  it('interrupts a program that runs', async () => {
    const program = build('loop')
    const { ferry, socket } = await waiting([program])
    const gdb = new Running(GDB, gdbWords(program, socket, ['continue'], false))
    await ferry.says('looping')
    gdb.child.kill('SIGINT')
    await gdb.says('received signal SIGINT')
    gdb.child.stdin!.end('print turns > 0\nset var done = 3\ncontinue\n')
    const { stdout } = await gdb.ended
    expect(transcript(stdout)).toContainEqual(expect.stringMatching(/\$1 = 1$/))
    expect(await ferry.ended).toMatchObject({ stdout: 'looping\ndone 3\n', status: 3 })
  })

  it('leaves forked processes alone, and follows execve', async () => {
    const program = build('processes')
    const { lines, ferry } = await debug([program], ['break work', 'continue', 'print n', 'finish', 'continue'])
    expect(lines).toContain('Breakpoint 1, work (n=4) at processes.c:7')
    expect(lines).toContainEqual(expect.stringContaining('is executing new program: '))
    expect(lines.filter(line => line.includes('work (n='))).toHaveLength(1)
    expect(lines).toContain('Value returned is $2 = 8')
    expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited with code 07]')
    expect(ferry).toMatchObject({ stdout: 'child 6\nagain 8\n', status: 7 })
  })

  it('finds the libraries of a dynamically linked program in the sysroot', async () => {
    const program = build('arguments', 'riscv64-linux-gnu-gcc')
    const { lines, ferry } = await debug(
      [program, '3', '4'],
      [
        'break add',
        'continue',
        'info sharedlibrary',
        'delete',
        'break write',
        'continue',
        'info symbol $pc',
        'continue',
      ],
      ['-L', SYSROOT],
    )
    expect(lines).toContain('Breakpoint 1, add (a=0, b=3) at arguments.c:10')
    expect(lines).toContainEqual(expect.stringMatching(/ADDRESS +ADDRESS +Yes .*\/lib\/libc\.so\.6$/))
    expect(lines).toContain('Breakpoint 2, ADDRESS in write () from target:/lib/libc.so.6')
    expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
  })
})

describe('without gdb', { timeout: TIMEOUT }, () => {
  let program: string
  beforeAll(() => {
    program = build('arguments')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a program that waits', async signal => {
    const { ferry } = await waiting([program])
    ferry.child.kill(signal)
    expect(await ferry.ended).toMatchObject({ stdout: '', status: null, signal })
  })

  it('says which address can not be had', async () => {
    const { ferry, socket } = await waiting([program])
    const path = join(folder, 'none', 'socket')
    expect(await new Running(FERRY_COMMAND, ['run', '-g', path, program]).ended).toMatchObject({
      stderr: `ferry: --gdb: can not listen on ${path}: no such file or folder. Give another port, or the path of a socket in a folder that you can write to.\n`,
      status: 1,
    })
    const server = createServer().listen(0, '127.0.0.1')
    const { port } = await new Promise<{ port: number }>(resolve => {
      server.once('listening', () => resolve(server.address() as { port: number }))
    })
    const busy = await new Running(FERRY_COMMAND, ['run', '-g', `${port}`, program]).ended
    server.close()
    expect(busy.stderr).toMatch(/^ferry: --gdb: can not listen on localhost:\d+: .*in use/)
    expect(busy.status).toBe(1)
    expect(socket).toContain(folder)
    ferry.child.kill('SIGINT')
    await ferry.ended
  })
})

function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  return new Promise(resolve => {
    server.once('listening', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
