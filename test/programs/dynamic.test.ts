/**
 * Dynamically linked programs, unusual layouts, the sysroot, and what a program sees of itself in /proc. The oracle for the
 * first two is qemu-riscv64; for the others, what the text here says: qemu resolves links of a sysroot on the host.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'

const SOURCES = fileURLToPath(new URL('./dynamic/', import.meta.url))
const WORK = fileURLToPath(new URL('../work/dynamic/', import.meta.url))
const CROSS = '/usr/riscv64-linux-gnu'
const ROOT = join(WORK, 'root')
const GCC = ['riscv64-linux-gnu-gcc', '-O2', '-w']

interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly status: number | null
}

function outcome([command, ...words]: readonly string[], env: NodeJS.ProcessEnv = {}, cwd = WORK): Outcome {
  const { stdout, stderr, status } = spawnSync(command!, words, {
    encoding: 'utf8',
    timeout: 60_000,
    cwd,
    env: { PATH: process.env.PATH, ...env },
  })
  return { stdout, stderr, status }
}

const ferry = (sysroot: string, ...words: string[]): Outcome => outcome([FERRY_COMMAND, 'run', '-L', sysroot, ...words])
const qemu = (sysroot: string, ...words: string[]): Outcome => outcome(['qemu-riscv64', '-L', sysroot, ...words])

function build(product: string, source: string, ...options: string[]): string {
  const [command, ...words] = GCC
  execFileSync(command!, [...words, join(SOURCES, source), '-o', join(WORK, product), ...options])
  return join(WORK, product)
}

beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true })
  mkdirSync(join(ROOT, 'lib'), { recursive: true })
  for (const name of ['ld-linux-riscv64-lp64d.so.1', 'libc.so.6', 'libm.so.6']) {
    cpSync(join(CROSS, 'lib', name), join(ROOT, 'lib', name), { dereference: true })
  }
}, 60_000)

describe('a program with a library and plug-ins', () => {
  beforeAll(() => {
    build('libshared.so', 'shared.c', '-shared', '-fPIC')
    build('plugin.so', 'plugin.c', '-shared', '-fPIC')
    build('other.so', 'plugin.c', '-shared', '-fPIC', '-DNAME="another"', '-Wl,-z,now')
  })

  test.each([
    ['position-independent', ['-fPIE', '-pie']],
    ['at fixed addresses', ['-no-pie', '-fno-pie']],
    ['bound at its start', ['-Wl,-z,now']],
    ['bound on use', ['-Wl,-z,lazy', '-Wl,--hash-style=sysv']],
  ])('%s', (name, options) => {
    const program = build(
      name.replaceAll(' ', '-'),
      'linking.c',
      ...options,
      '-rdynamic',
      '-L.',
      `-L${WORK}`,
      '-lshared',
      '-Wl,-rpath,$ORIGIN',
    )
    const expected = qemu(CROSS, program, WORK)
    expect(expected.status).toBe(3)
    expect(expected.stdout).toContain('another ends after 1 calls')
    expect(ferry(CROSS, program, WORK)).toEqual(expected)
  })

  test('LD_LIBRARY_PATH and LD_PRELOAD are for the guest', () => {
    const program = build('preload', 'linking.c', '-rdynamic', `-L${WORK}`, '-lshared')
    const env = { LD_LIBRARY_PATH: WORK, LD_PRELOAD: join(WORK, 'plugin.so') }
    const preloaded = outcome([FERRY_COMMAND, 'run', '-L', CROSS, ...settings(env), program, WORK])
    expect(preloaded.stderr).toBe('')
    expect(preloaded.status).toBe(3)
    expect(preloaded.stdout).toMatch(/^library starts, counter 40\nplug-in starts\n/)
  })

  test('relocations in code', () => {
    const program = build('textrel', 'textrel.c', '-pie', '-Wl,-z,notext')
    expect(execFileSync('riscv64-linux-gnu-readelf', ['-d', program], { encoding: 'utf8' })).toContain('TEXTREL')
    expect(ferry(CROSS, program)).toEqual({ stdout: 'one two\n', stderr: '', status: 0 })
  })
})

/** The options that set variables of the guest only. */
const settings = (env: Readonly<Record<string, string>>): string[] =>
  Object.entries(env).flatMap(([name, value]) => ['-E', `${name}=${value}`])

describe('what can not be started', () => {
  beforeAll(() => {
    build('plain', 'textrel.c', '-pie')
    build('wanting', 'textrel.c', '-pie', '-Wl,--dynamic-linker=/lib/ld-none.so.1')
    build('wrong', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${process.execPath}`)
    build('broken', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${WORK}broken.so`)
    writeFileSync(join(WORK, 'broken.so'), 'not a loader')
    build('libgone.so', 'shared.c', '-shared', '-fPIC')
    build('needing', 'linking.c', '-rdynamic', `-L${WORK}`, '-lgone')
    rmSync(join(WORK, 'libgone.so'))
  })

  test.each([
    [
      'an interpreter in neither place',
      [ROOT, 'wanting'],
      `wanting: dynamically linked, and its interpreter /lib/ld-none.so.1 is nowhere (looked for ${ROOT}/lib/ld-none.so.1 and /lib/ld-none.so.1). Give the root of its system with -L, or with FERRY_SYSROOT.`,
    ],
    [
      'an interpreter without a sysroot',
      ['', 'wanting'],
      'wanting: dynamically linked, and its interpreter /lib/ld-none.so.1 is nowhere (looked for /lib/ld-none.so.1). Give the root of its system with -L, or with FERRY_SYSROOT.',
    ],
    [
      'an interpreter for another machine',
      [ROOT, 'wrong'],
      `wrong: its interpreter can not be used: ${process.execPath}: built for x86-64, not for RISC-V. Build it with \`ferry build\` or a riscv64 compiler.`,
    ],
    [
      'an interpreter that is no program',
      [ROOT, 'broken'],
      `broken: its interpreter can not be used: ${WORK}broken.so: not an ELF file (it starts with 'not '). ferry runs RISC-V (rv64gc) Linux programs.`,
    ],
    [
      'a sysroot that is none',
      ['nowhere', 'plain'],
      '-L nowhere: no such file or folder. Give the folder that has the usr, lib and etc of a riscv64 system.',
    ],
    [
      'a sysroot that is a file',
      ['plain', 'plain'],
      '-L plain: not a folder. Give the folder that has the usr, lib and etc of a riscv64 system.',
    ],
  ])('%s', (_, [sysroot, program], message) => {
    expect(ferry(sysroot!, program!)).toEqual({ stdout: '', stderr: `ferry: ${message}\n`, status: 1 })
  })

  test('without a library, the loader says so', () => {
    const { stdout, stderr, status } = ferry(ROOT, 'needing')
    expect({ stdout, status }).toEqual({ stdout: '', status: 127 })
    expect(stderr).toMatch(
      /^needing: error while loading shared libraries: libgone\.so: cannot open shared object file/,
    )
  })

  test('FERRY_SYSROOT is as good as -L, which comes before it', () => {
    const run = (sysroot: string, ...words: string[]) =>
      outcome([FERRY_COMMAND, 'run', ...words, 'plain'], { FERRY_SYSROOT: sysroot })
    const good = { stdout: 'one two\n', stderr: '', status: 0 }
    expect(run(ROOT)).toEqual(good)
    expect(run('/nowhere', '-L', ROOT)).toEqual(good)
    expect(run('').status).toBe(1)
  })

  test('the program of the sysroot, where the host has another one of that name', () => {
    mkdirSync(join(ROOT, 'usr/bin'), { recursive: true })
    rmSync(join(ROOT, 'usr/bin/env'), { force: true })
    symlinkSync('/usr/bin/true-program', join(ROOT, 'usr/bin/env'))
    cpSync(join(WORK, 'plain'), join(ROOT, 'usr/bin/true-program'))
    expect(ferry(ROOT, '/usr/bin/env')).toEqual({ stdout: 'one two\n', stderr: '', status: 0 })
  })
})

describe('a script', () => {
  test.each([
    ['with an argument', '#! /bin/words  first second \n', ['/bin/words', 'first second', 'SCRIPT', 'x y', '']],
    ['without one', '#!/bin/words\n', ['/bin/words', 'SCRIPT', 'x y', '']],
    ['of a script', '#!/bin/inner -o\n', ['/bin/words', '-i', '/bin/inner', '-o', 'SCRIPT', 'x y', '']],
  ])('%s', (_, line, expected) => {
    mkdirSync(join(ROOT, 'bin'), { recursive: true })
    build('root/bin/words', 'words.c')
    writeFileSync(join(ROOT, 'bin/inner'), '#!/bin/words -i\n', { mode: 0o755 })
    const script = join(WORK, 'script')
    writeFileSync(script, line, { mode: 0o755 })
    const words = expected.map(word => (word === 'SCRIPT' ? script : word))
    const own = [`comm script`, 'exe /bin/words', `execfn ${script}`]
    const stdout = [...own, ...words.map(word => `[${word}]`), ''].join('\n')
    // Once started by ferry itself, once by a guest program.
    expect(ferry(ROOT, script, 'x y', '')).toEqual({ stdout, stderr: '', status: 0 })
    expect(ferry(ROOT, '/bin/words', '--exec', script, 'x y', '')).toEqual({ stdout, stderr: '', status: 0 })
  })

  test('of nothing that can run', () => {
    const script = join(WORK, 'script')
    writeFileSync(script, '#!/bin/none\n')
    expect(ferry(ROOT, script).stderr).toBe(
      `ferry: ${script}: its interpreter can not be used: /bin/none: no such file. Give the path of a RISC-V ELF program.\n`,
    )
    writeFileSync(script, `#!${script}\n`)
    expect(ferry(ROOT, script).stderr).toBe(
      `ferry: ${script}: its interpreter can not be used: scripts interpret each other\n`,
    )
  })
})

describe('execve', () => {
  test('answers what is wrong with a program', () => {
    build('root/bin/words', 'words.c')
    build('wanting', 'textrel.c', '-pie', '-Wl,--dynamic-linker=/lib/ld-none.so.1')
    build('wrong', 'textrel.c', '-pie', `-Wl,--dynamic-linker=${process.execPath}`)
    writeFileSync(join(WORK, 'text'), 'text\n', { mode: 0o755 })
    writeFileSync(join(WORK, 'short'), readFileSync(join(WORK, 'wrong')).subarray(0, 100), { mode: 0o755 })
    const answers = (name: string) => ferry(ROOT, join(ROOT, 'bin/words'), '--exec', join(WORK, name)).stdout
    expect(['none', 'wanting', 'wrong', 'text', 'short', '.'].map(answers)).toEqual([
      ...['ENOENT\n', 'ENOENT\n', 'ELIBBAD\n', 'ENOEXEC\n', 'ENOEXEC\n', 'EACCES\n'],
    ])
  })
})

describe('a layout', () => {
  test.each([
    ['usual', ['-pie']],
    ['static', ['-static']],
    ['large-pages', ['-pie', '-Wl,-z,max-page-size=0x200000']],
    ['large-pages-fixed', ['-static', '-Wl,-z,max-page-size=0x200000,-Ttext-segment=0x400000']],
    ['large-bss', ['-pie', '-DLARGE=1500000000', '-mcmodel=medany']],
    // more than all places that the translator gives
    ['larger-bss', ['-pie', '-DLARGE=4400000000', '-mcmodel=medany']],
    ['large-bss-static', ['-static', '-DLARGE=1500000000', '-mcmodel=medany']],
    ['executable-stack', ['-pie', '-z', 'execstack']],
  ])('%s', (name, options) => {
    const program = build(name, 'layout.c', ...options)
    const lines = [
      'bss 1, data 1 3 1, constants 4 1',
      'wrong 0',
      'segments are aligned: 1',
      'brk grows',
      'malloc 1, brk apart from the stack: 1',
    ]
    expect(ferry(CROSS, program)).toEqual({ stdout: `${lines.join('\n')}\n`, stderr: '', status: 0 })
  })

  test.each([
    ['bare', ['-static']],
    ['bare-pie', ['-static-pie', '-fPIE']],
    ['bare-pie-huge-pages', ['-static-pie', '-fPIE', '-Wl,-z,max-page-size=0x2000000']],
    ['bare-shared-pages', ['-static-pie', '-fPIE', '-Wl,-z,max-page-size=16,-z,noseparate-code']],
    ['bare-one-segment', ['-static', '-Wl,--omagic,--build-id=none,-Ttext=0x100e8']],
    ['bare-constant-bss', ['-static', `-Wl,-T,${SOURCES}bare.ld,--build-id=none`]],
    ['bare-far', ['-static', '-mcmodel=medany', '-Wl,-Ttext-segment=0x700000000']],
  ])('%s', (name, options) => {
    const program = build(name, 'bare.c', '-nostdlib', '-ffreestanding', '-mno-relax', ...options)
    expect(ferry(CROSS, program)).toEqual({ stdout: 'as it should be\n', stderr: '', status: 0 })
  })
})

describe('/proc', () => {
  const program = '/usr/bin/the-program'

  beforeAll(() => {
    mkdirSync(join(ROOT, 'usr/bin'), { recursive: true })
    mkdirSync(join(ROOT, 'data'), { recursive: true })
    build('root/usr/bin/the-program', 'proc.c')
    build('proc-static', 'proc.c', '-static')
  })

  test('in the sysroot', () => {
    const { stdout, stderr, status } = ferry(ROOT, join(ROOT, program), program, 'two  words', '')
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    expect(stdout.split('\n')).toEqual([
      `exe ${program}`,
      `exe ${program}`,
      `exe ${program}`,
      'a short buffer: 3',
      'opened: 1',
      'stat: 1, access: 0',
      `fd ${program}`,
      'cwd /data',
      `cmdline ${join(ROOT, program)} ${program} two  words`,
      'environ 1 1',
      'comm the-program',
      'comm another',
      'auxv ends 1, is that of getauxval 1',
      'page 4096, ticks 100, header size 56, flags 0, secure 0',
      'imafdc 1, frame 1, random 1',
      'no platform 1, no vdso 1',
      `execfn ${program}`,
      'entry 1',
      'interpreter at its base',
      `code: r-xp ${program}`,
      `data: rw-p ${program}`,
      'heap: rw-p [heap]',
      'stack: rw-p [stack]',
      'no access: ---p ',
      'executable: rwxp ',
      'code from 1 to 1, stack 1, break 1, arguments 1',
      'parent 1',
      'size below a GiB 1, the same everywhere 1, name 1',
      'Max address space         17179869184          34359738368          bytes     ',
      'maps of a thread 1 1',
      `child's exe ${program}`,
      `child's cmdline ${join(ROOT, program)}, more words 1, same file 1`,
      "child's title 1, environment 1, vector 1, size 1, stack 1",
      'cpuinfo starts with a processor 1, isa 1',
      '',
    ])
  })

  test('of a static program outside of the sysroot', () => {
    const place = join(WORK, 'proc-static')
    const { stdout, stderr, status } = ferry(ROOT, place, place)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    const lines = stdout.split('\n')
    expect(lines.filter(line => line.startsWith('exe '))).toEqual(Array(3).fill(`exe ${place}`))
    expect(lines).toContain('interpreter none')
    expect(lines).toContain(`execfn ${place}`)
    expect(lines).toContain(`code: r-xp ${place}`)
    expect(lines).toContain(`cmdline ${place} ${place}`)
    expect(lines).toContain('code from 1 to 1, stack 1, break 1, arguments 1')
  })
})

describe('the sysroot', () => {
  /** What `paths` prints for the operations, without the operations. */
  function answers(...operations: string[]): string[] {
    const { stdout, stderr, status } = ferry(ROOT, join(WORK, 'paths'), ...operations)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line, i) => {
        expect(line.startsWith(`${operations[i]} = `)).toBe(true)
        return line.slice(operations[i]!.length + 3)
      })
  }
  const put = (path: string, text: string): void => writeFileSync(join(ROOT, path), text)
  const inRoot = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
  /** On the host, and not in the sysroot. */
  const HOST = join(WORK, 'host')

  beforeAll(() => {
    build('paths', 'paths.c', '-static')
  })

  beforeEach(() => {
    rmSync(HOST, { recursive: true, force: true })
    mkdirSync(HOST, { recursive: true })
    writeFileSync(join(HOST, 'file'), 'on the host\n')
    for (const folder of ['etc', 'only', 'tmp', HOST]) {
      rmSync(join(ROOT, folder), { recursive: true, force: true })
      mkdirSync(join(ROOT, folder), { recursive: true })
    }
    put('etc/passwd', 'of the sysroot\n')
    put('only/file', 'inside\n')
    put('tmp/ferry-file', 'never seen\n')
    symlinkSync('/only/file', join(ROOT, 'etc/absolute'))
    symlinkSync('../only/file', join(ROOT, 'etc/relative'))
    symlinkSync('/only', join(ROOT, 'etc/folder'))
    symlinkSync('/../../only/../only/file', join(ROOT, 'etc/above'))
    symlinkSync('/nowhere/at/all', join(ROOT, 'etc/dangling'))
    symlinkSync(join(HOST, 'file'), join(ROOT, 'etc/outward'))
    symlinkSync('loop', join(ROOT, 'etc/loop'))
  })

  test('comes first, the host second', () => {
    expect(
      answers(
        ...['cat:/etc/passwd', 'cat2:/etc/passwd', 'cat://etc/../etc/./passwd', 'cat:/etc/hostname-of-nobody'],
        ...[
          `cat:${HOST}/file`,
          `cat:${ROOT}/etc/absolute`,
          'cat:/tmp/ferry-file',
          'cat:/dev/null',
          'access:/only/file',
        ],
        ...[
          'stat:/only/file',
          'statx:/only/file',
          'statfs:/only',
          'watch:/only/file',
          'list:/only',
          'access:/only/none',
        ],
        ...['cat:/only/file/below', 'stat:/only/file/', 'list:/etc'],
      ),
    ).toEqual([
      ...['of the sysroot', 'of the sysroot', 'of the sysroot', 'ENOENT', 'on the host', 'inside', 'ENOENT', '', '0'],
      ...['file of 7, 644', 'size 7', '0', '0', 'file', 'ENOENT', 'ENOTDIR', 'ENOTDIR'],
      'above absolute dangling folder loop outward passwd relative',
    ])
  })

  test('has links of its own', () => {
    expect(
      answers(
        ...['cat:/etc/absolute', 'cat:/etc/relative', 'cat:/etc/folder/file', 'cat:/etc/above', 'cat:/etc/dangling'],
        ...['cat:/etc/outward', 'cat:/etc/loop', 'stat:/etc/absolute', 'lstat:/etc/absolute', 'stat:/etc/folder'],
        ...['nofollow:/etc/absolute', 'readlink:/etc/absolute', 'readlink:/etc/passwd', 'real:/etc/folder/file'],
        ...['chown:/etc/dangling', 'access:/etc/dangling', 'times:/etc/absolute', 'stat:/etc/outward'],
      ),
    ).toEqual([
      ...['inside', 'inside', 'inside', 'inside', 'ENOENT', 'on the host', 'ELOOP', 'file of 7, 644', 'link', 'folder'],
      ...['ELOOP', '/only/file', 'EINVAL', '/only/file', '0', 'ENOENT', '2000', 'file of 12, 644'],
    ])
  })

  test('is not told to the guest', () => {
    expect(
      answers('chdir:/etc/folder', 'cwd', 'cat:file', 'chdir:..', 'cwd', 'chdir:/', 'cwd', `chdir:${HOST}`, 'cwd'),
    ).toEqual([...['0', '/only', 'inside', '0', '/', '0', '/', '0', HOST]])
  })

  test('relative paths below it stay inside', () => {
    expect(
      answers('chdir:/etc', 'cat:absolute', 'stat:folder/file', 'cat:../../../etc/passwd', 'chdir:folder', 'cwd'),
    ).toEqual([...['0', 'inside', 'file of 7, 644', 'of the sysroot', '0', '/only']])
    expect(answers('chdir:/only', 'new:made:text', 'rename:made:other', 'mkdir:folder', 'list:.')).toEqual([
      ...['0', '0', '0', '0', 'file folder other'],
    ])
  })

  test('files are made where their folder is, changed where they are', () => {
    expect(
      answers(
        ...['append:/etc/passwd:more', 'new:/etc/passwd:x', 'append:/only/new:first', 'new:/only/other:second'],
        ...['mkdir:/only/folder', 'symlink:/etc/passwd:/only/link', 'link:/only/file:/only/hard', 'fifo:/only/fifo'],
        ...[`append:${HOST}/new:text`, `mkdir:${HOST}/made`, 'mkdir:/nowhere/made', 'mkdir:/only', 'list:/only'],
        ...['cat:/only/link', 'truncate:/only/hard', 'cat:/only/file', 'chmod:/only/other', 'stat:/only/other'],
        ...[
          'rename:/only/new:/only/newer',
          'unlink:/only/link',
          'rmdir:/only/folder',
          'unlink:/only/none',
          'list:/only',
        ],
        ...['attribute:/only/newer:value', 'attribute:/only/newer'],
      ),
    ).toEqual([
      ...[
        '0',
        'EEXIST',
        '0',
        '0',
        '0',
        '0',
        '0',
        '0',
        '0',
        '0',
        'ENOENT',
        'EEXIST',
        'fifo file folder hard link new other',
      ],
      ...['of the sysroot', '0', 'ins', '0', 'file of 6, 400', '0', '0', '0', 'ENOENT', 'fifo file hard newer other'],
      ...['0', 'value'],
    ])
    expect(inRoot('etc/passwd')).toBe('of the sysroot\nmore')
    expect(inRoot('only/newer')).toBe('first')
    expect(readFileSync(join(HOST, 'new'), 'utf8')).toBe('text')
    expect(existsSync(join(HOST, 'made'))).toBe(true)
    expect(existsSync(join(ROOT, HOST, 'new'))).toBe(false)
  })

  test('sockets', () => {
    expect(answers('bind:/only/socket', 'connect:/only/socket', 'connect:/only/none', 'bind:/only/socket')).toEqual([
      ...['0', '0', 'ENOENT', 'EADDRINUSE'],
    ])
    expect(existsSync(join(ROOT, 'only/socket'))).toBe(true)
    const [sender, receiver] = [`${2 + 10 + 1} /only/from`, `${2 + 8 + 1} /only/to`]
    expect(answers('chdir:/only', 'datagrams:/only/from:/only/to')).toEqual([
      '0',
      `${sender}, ${sender}, ${receiver}, ${receiver}`,
    ])
  })

  test.runIf(process.getuid?.() === 0)('mounts', () => {
    expect(answers('mkdir:/only/one', 'mkdir:/only/other', 'mounts:/only/one:/only/other')).toEqual([
      ...['0', '0', 'mounted'],
    ])
  })

  test.runIf(process.getuid?.() === 0)('another root', () => {
    const jail = join(ROOT, 'only/jail')
    mkdirSync(join(jail, 'usr/lib'), { recursive: true })
    writeFileSync(join(jail, 'inside'), 'in the jail\n')
    symlinkSync('/usr/../inside', join(jail, 'link'))
    symlinkSync(join(HOST, 'file'), join(jail, 'outward'))
    cpSync(join(WORK, 'paths'), join(jail, 'paths'))
    expect(
      answers(
        ...['chroot:/only/none', 'chroot:/only/file', 'chroot:/', 'cat:/etc/passwd', 'chroot:/only/jail', 'chdir:/'],
        ...['cwd', 'cat:/inside', 'cat:link', 'cat:/../../link', 'cat:/outward', 'cat:/etc/passwd', 'stat:/dev/null'],
        ...[`cat:${HOST}/file`, 'new:/usr/made:text', 'mkdir:/usr/folder', 'mkdir:/', 'rename:/usr/made:/moved'],
        ...['unlink:/none', 'list:/', 'chdir:usr', 'cwd', 'list:..', 'bind:/usr/socket', 'connect:/usr/socket'],
        ...['run:/paths:cat:/inside', 'run:/paths:cat:/etc/passwd', 'run:/paths:run:/paths:list:/', 'run:/bin/sh:x'],
        ...['chroot:/usr', 'list:/', 'chroot:.', 'cat:../inside'],
      ),
    ).toEqual([
      ...['ENOENT', 'ENOTDIR', '0', 'of the sysroot', '0', '0'],
      ...['/', 'in the jail', 'in the jail', 'in the jail', 'ENOENT', 'ENOENT', 'ENOENT'],
      ...['ENOENT', '0', '0', 'EEXIST', '0'],
      ...[
        'ENOENT',
        'inside link moved outward paths usr',
        '0',
        '/usr',
        'inside link moved outward paths usr',
        '0',
        '0',
      ],
      ...['cat:/inside = in the jail', 'cat:/etc/passwd = ENOENT'],
      ...['run:/paths:list:/ = list:/ = inside link moved outward paths usr', 'ENOENT'],
      ...['0', 'folder lib socket', '0', 'ENOENT'],
    ])
    expect(readFileSync(join(jail, 'moved'), 'utf8')).toBe('text')
  })

  test("its descriptor is not the guest's", () => {
    expect(
      answers(
        ...[
          'closeall',
          'list:/proc/self/fd',
          'cat:/only/file',
          'list:/proc/self/fd',
          'list:/proc/self/fdinfo',
          'closeall',
        ],
        ...['cat:/only/file', 'close:1000', 'stat:/etc/absolute', 'dup:1000', 'cat:/only/file', 'list:/proc/self/fd'],
        ...['close:1000', 'cat:/only/file', 'close:1000'],
      ),
    ).toEqual([
      ...[
        '0',
        '0 1 2 3',
        'inside',
        '0 1 2 3',
        '0 1 2 3',
        '0',
        'inside',
        'EBADF',
        'file of 7, 644',
        '0',
        'inside',
        '0 1 1000 2 3',
      ],
      ...['0', 'inside', 'EBADF'],
    ])
  })

  test.each([
    ['a few', 'limit:30'],
    ['very few', 'limit:8'],
    ['many', 'limit:5000'],
  ])('%s descriptors for the guest', (_, limit) => {
    expect(
      answers(
        'closeall',
        limit,
        'cat:/only/file',
        'exhaust',
        'stat:/only/file',
        'list:/only',
        'readlink:/etc/absolute',
      ),
    ).toEqual(['0', '0', 'inside', 'EMFILE', 'file of 7, 644', 'EMFILE', '/only/file'])
    expect(answers('closeall', limit, 'exhaust', 'stat:/etc/passwd', 'access:/only/file')).toEqual([
      ...['0', '0', 'EMFILE', 'file of 15, 644', '0'],
    ])
  })
})
