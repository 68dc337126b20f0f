/** Guest paths. qemu-riscv64 is no oracle here: it resolves links of a sysroot on the host. */
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Workspace } from './dynamic/workspace.ts'

const work = new Workspace('sysroot')
beforeAll(() => work.make(), 60_000)

describe('the sysroot', () => {
  /** What `paths` prints for the operations, without the operations. */
  function answers(...operations: string[]): string[] {
    const { stdout, stderr, status } = work.ferry(work.root, work.path('paths'), ...operations)
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line, i) => {
        expect(line.startsWith(`${operations[i]} = `)).toBe(true)
        return line.slice(operations[i]!.length + 3)
      })
  }
  const put = (path: string, text: string): void => writeFileSync(join(work.root, path), text)
  const inRoot = (path: string): string => readFileSync(join(work.root, path), 'utf8')
  /** On the host, and not in the sysroot. */
  const HOST = work.path('host')

  beforeAll(() => {
    work.build('paths', 'paths.c', '-static')
  })

  beforeEach(() => {
    rmSync(HOST, { recursive: true, force: true })
    mkdirSync(HOST, { recursive: true })
    writeFileSync(join(HOST, 'file'), 'on the host\n')
    for (const folder of ['etc', 'only', 'tmp', HOST]) {
      rmSync(join(work.root, folder), { recursive: true, force: true })
      mkdirSync(join(work.root, folder), { recursive: true })
    }
    put('etc/passwd', 'of the sysroot\n')
    put('only/file', 'inside\n')
    put('tmp/ferry-file', 'never seen\n')
    symlinkSync('/only/file', join(work.root, 'etc/absolute'))
    symlinkSync('../only/file', join(work.root, 'etc/relative'))
    symlinkSync('/only', join(work.root, 'etc/folder'))
    symlinkSync('/../../only/../only/file', join(work.root, 'etc/above'))
    symlinkSync('/nowhere/at/all', join(work.root, 'etc/dangling'))
    symlinkSync(join(HOST, 'file'), join(work.root, 'etc/outward'))
    symlinkSync('loop', join(work.root, 'etc/loop'))
  })

  test('comes first, the host second', () => {
    expect(
      answers(
        ...['cat:/etc/passwd', 'cat2:/etc/passwd', 'cat://etc/../etc/./passwd', 'cat:/etc/hostname-of-nobody'],
        ...[
          `cat:${HOST}/file`,
          `cat:${work.root}/etc/absolute`,
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
    expect(existsSync(join(work.root, HOST, 'new'))).toBe(false)
  })

  test('sockets', () => {
    expect(answers('bind:/only/socket', 'connect:/only/socket', 'connect:/only/none', 'bind:/only/socket')).toEqual([
      ...['0', '0', 'ENOENT', 'EADDRINUSE'],
    ])
    expect(existsSync(join(work.root, 'only/socket'))).toBe(true)
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
    const jail = join(work.root, 'only/jail')
    mkdirSync(join(jail, 'usr/lib'), { recursive: true })
    writeFileSync(join(jail, 'inside'), 'in the jail\n')
    symlinkSync('/usr/../inside', join(jail, 'link'))
    symlinkSync(join(HOST, 'file'), join(jail, 'outward'))
    cpSync(work.path('paths'), join(jail, 'paths'))
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
