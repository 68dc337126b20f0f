/** Options of `ferry run` that qemu-riscv64 has too, --perf-map with perf, and ferry binfmt with the kernel's binfmt_misc. */
import { execFileSync, type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./options/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/options/', import.meta.url))
const SYSROOT = '/usr/riscv64-linux-gnu'
const CLANG =
  'clang-22 --target=riscv64-linux-gnu --gcc-install-dir=/usr/lib/gcc-cross/riscv64-linux-gnu/12 -fuse-ld=lld -static'

function build(name: string, compiler: string, product = name): string {
  const [command, ...words] = compiler.split(' ')
  execFileSync(command!, [...words, '-O1', join(SOURCES, `${name}.c`), '-o', join(WORK, product)])
  return join(WORK, product)
}

function execute(command: string, words: readonly string[], env: NodeJS.ProcessEnv = {}): SpawnSyncReturns<string> {
  return spawnSync(command, words, {
    cwd: WORK,
    encoding: 'utf8',
    input: '',
    timeout: 60_000,
    env: { PATH: process.env.PATH, ...env },
  })
}

let show: string
beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(WORK, { recursive: true })
  show = build('show', CLANG)
}, 60_000)

describe('options of qemu-riscv64', () => {
  const ENVIRONMENT = { A: '1', B: '2' }
  const cases = [
    ['none', []],
    ['-E', ['-E', 'C=3=4', '-E', 'A=x', '-E', 'EMPTY=']],
    ['-U', ['-U', 'A', '-U', 'NONE']],
    ['-E and -U', ['-U', 'A', '-E', 'C=3']],
    ['-0', ['-0', 'another name']],
    ['-0 without a name', ['-0', '']],
    ['-s', ['-s', '4M']],
  ] as const

  it.each(cases)('%s: as there', (_, options) => {
    const run = (command: string, ...words: string[]) =>
      execute(command, [...words, ...options, show, '512'], ENVIRONMENT)
    const visible = ({ stdout, status }: SpawnSyncReturns<string>) => ({ lines: stdout.split('\n').sort(), status })
    const ferry = run(FERRY_COMMAND, 'run')
    expect(ferry.stderr).toBe('')
    expect(visible(ferry)).toEqual(visible(run('qemu-riscv64')))
    expect(ferry.stdout).toContain('used 1')
  })

  it('-s takes stack away', () => {
    const { stdout, stderr, signal } = execute(FERRY_COMMAND, ['run', '-s', '128K', show, '512'])
    expect(signal).toBe('SIGSEGV')
    expect(stderr).toContain('stack overflow')
    expect(stdout).not.toContain('used')
  })

  it('-D takes the log', () => {
    const { stdout, stderr, status } = execute(FERRY_COMMAND, ['run', '--log=strace', '-D', 'trace', show])
    expect([stderr, status]).toEqual(['', 3])
    const trace = readFileSync(join(WORK, 'trace'), 'utf8')
    expect(trace).toMatch(/^write\(1, "argv0/m)
    expect(trace).toMatch(/^exit_group\(3\)/m)
    expect(stdout).toContain('argv0')
  })

  it.each([
    [['-D', 'trace', 'show'], 2, 'ferry: --log-file: there is nothing to print; give --log too.\n'],
    [
      ['--log=strace', '-D', 'none/trace', 'show'],
      1,
      expect.stringMatching(/^ferry: none\/trace: can not be written: /),
    ],
    [['-E', 'A', 'show'], 2, 'ferry: --set-env=A: give VARIABLE=VALUE, for example LANG=C.\n'],
    [['-g', '70000', 'show'], 2, 'ferry: --gdb=70000: give a port from 1 to 65535, or the path of a socket.\n'],
  ])('refuses %j', (words, status, message) => {
    expect(execute(FERRY_COMMAND, ['run', ...words])).toMatchObject({ stderr: message, stdout: '', status })
  })
})

describe('--perf-map', () => {
  const probe = spawnSync('perf', ['record', '-o', '/dev/null', '-e', 'cpu-clock', 'true'])
  const works = probe.status === 0
  if (!works)
    console.warn('test/programs/options.test.ts: --perf-map is tested without perf, which can not record here')

  it.skipIf(!works)(
    'lets perf report name guest functions, those of libraries too',
    () => {
      const hot = build('hot', 'riscv64-linux-gnu-gcc')
      const recorded = [
        'record',
        '-o',
        'perf.data',
        '-e',
        'cpu-clock',
        FERRY_COMMAND,
        'run',
        '--perf-map',
        '-L',
        SYSROOT,
        hot,
      ]
      expect(execute('perf', recorded)).toMatchObject({ status: 0, stdout: expect.stringMatching(/^-?\d+ \d+$/m) })
      const { stdout } = execute('perf', ['report', '-i', 'perf.data', '--stdio', '--comm', 'hot', '--sort', 'symbol'])
      const share = (name: RegExp): number =>
        Number(new RegExp(`^ *([\\d.]+)%.*${name.source}`, 'm').exec(stdout)?.[1] ?? 0)
      expect(share(/\[\.\] spin\s/)).toBeGreaterThan(share(/libc\.so\.6/))
      expect(stdout).toMatch(/(\[libc\.so\.6\]|libc\.so\.6\+0x)/)
    },
    120_000,
  )

  it('writes a file for each process', () => {
    const { stdout, status } = execute(FERRY_COMMAND, ['run', '--perf-map', '--log=strace', '-D', 'perf-trace', show])
    expect([status, stdout]).toEqual([3, expect.stringContaining('argv0')])
    const pid = /^set_tid_address\(.*\) = (\d+)$/m.exec(readFileSync(join(WORK, 'perf-trace'), 'utf8'))![1]
    const path = `/tmp/perf-${pid}.map`
    const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
    rmSync(path)
    expect(lines[0]).toMatch(/^6000000000 [0-9a-f]+ ferry: gates$/)
    for (const line of lines) expect(line).toMatch(/^60[0-9a-f]{8} [0-9a-f]+ \S/)
    expect(lines.map(line => line.replace(/^\S+ \S+ /, ''))).toEqual(
      expect.arrayContaining(['_start', 'main', 'printf']),
    )
  })
})

/** A mount of binfmt_misc in a user namespace has registrations of its own (Linux 6.7). */
const sandbox = ['-Urm', 'sh', '-c']
const mounts = spawnSync('unshare', [...sandbox, 'mount -t binfmt_misc binfmt_misc /mnt && test -e /mnt/register'])
if (mounts.status !== 0)
  console.warn('test/programs/options.test.ts: binfmt_misc can not be mounted in a namespace here')

describe.skipIf(mounts.status !== 0)('ferry binfmt', { timeout: 60_000 }, () => {
  const within = (...lines: string[]) => {
    const script = ['mount -t binfmt_misc binfmt_misc /mnt', ...lines].join('\n')
    return execute('unshare', [...sandbox, script.replaceAll('FERRY', `${FERRY_COMMAND} binfmt --folder=/mnt`)])
  }

  it('has the kernel start RISC-V programs: name, arguments, environment, status', () => {
    const { stdout, status } = within('FERRY --install', 'C=3 bash -c \'exec -a "my name" ./show 64\'')
    expect(stdout).toContain('argv0 [my name]\n')
    expect(stdout).toContain('C=3\n')
    expect(stdout).toContain('used 1\n')
    expect(status).toBe(3)
  })

  it('has them started from scripts, with descriptors and signals', () => {
    writeFileSync(join(WORK, 'script'), '#!./show\n', { mode: 0o755 })
    const { stdout } = within(
      'FERRY --install',
      './script | grep argv0',
      './show 100000 >/dev/null 2>&1',
      'echo status $?',
    )
    expect(stdout).toMatch(/^argv0 \[\.\/show\]$/m)
    expect(stdout).toMatch(/^status 139$/m)
  })

  it('takes it back', () => {
    const { stdout } = within(
      'FERRY --install',
      'FERRY --status',
      'FERRY --remove',
      'FERRY --status',
      './show || echo no',
    )
    expect(stdout.split('\n').filter(line => !line.startsWith('/'))).toEqual([
      expect.stringMatching(/^ferry-riscv64: RISC-V programs now start with .*\/bin\/ferry-binfmt$/),
      expect.stringMatching(/^ferry-riscv64: enabled, interpreter .*\/bin\/ferry-binfmt$/),
      'ferry-riscv64: removed',
      'ferry-riscv64: not registered',
      'no',
      '',
    ])
  })

  it('prints a line that the kernel takes', () => {
    const { stdout, status } = within('FERRY > /mnt/register', 'cat /mnt/ferry-riscv64')
    expect(status).toBe(0)
    expect(stdout).toMatch(/^enabled\ninterpreter \/.*\/bin\/ferry-binfmt\nflags: P\n/)
  })
})
