/** What a program sees of itself in /proc. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { Workspace } from './dynamic/workspace.ts'

const work = new Workspace('proc')
beforeAll(() => work.make(), 60_000)

describe('/proc', () => {
  const program = '/usr/bin/the-program'

  beforeAll(() => {
    mkdirSync(join(work.root, 'usr/bin'), { recursive: true })
    mkdirSync(join(work.root, 'data'), { recursive: true })
    work.build('root/usr/bin/the-program', 'proc.c')
    work.build('proc-static', 'proc.c', '-static')
  })

  test('in the sysroot', () => {
    const { stdout, stderr, status } = work.ferry(work.root, join(work.root, program), program, 'two  words', '')
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
      `cmdline ${join(work.root, program)} ${program} two  words`,
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
      `child's cmdline ${join(work.root, program)}, more words 1, same file 1`,
      "child's title 1, environment 1, vector 1, size 1, stack 1",
      'cpuinfo starts with a processor 1, isa 1',
      'by openat2: 1 1',
      '',
    ])
  })

  test('of a static program outside of the sysroot', () => {
    const place = work.path('proc-static')
    const { stdout, stderr, status } = work.ferry(work.root, place, place)
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
