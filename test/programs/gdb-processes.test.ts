/** `ferry run --gdb`: threads, signals and processes. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Debugging, missing, TIMEOUT, transcript } from './gdb/gdb.ts'

const gdb = new Debugging('gdb-processes')
beforeAll(() => gdb.make())
afterAll(() => gdb.dispose())

describe.skipIf(missing)('gdb', { timeout: TIMEOUT }, () => {
  describe('with several threads', () => {
    it('stops all of them, shows each, and follows one', async () => {
      const program = gdb.build('threads')
      const { lines, ferry } = await gdb.debug(
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
      const program = gdb.build('threads')
      const { lines, ferry } = await gdb.debug(
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
      program = gdb.build('signals')
    })

    it('stops before they are delivered, delivers them or not, and shows what they are about', async () => {
      const { lines, ferry } = await gdb.debug(
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
      const { lines, ferry } = await gdb.debug([program], ['handle SIGUSR1 nostop noprint pass', 'continue', 'kill'])
      expect(lines).toContain('Program received signal SIGSEGV, Segmentation fault.')
      expect(lines.join()).not.toContain('received signal SIGUSR1')
      expect(ferry.stdout).toBe('seen 10\nseen 10\n')
    })

    it('goes on behind a fault whose cause was repaired', async () => {
      const { lines, ferry } = await gdb.debug(
        [program],
        ['handle SIGUSR1 nostop noprint pass', 'continue', 'set var place = (char *)&seen', 'jump 21'],
      )
      expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited normally]')
      expect(ferry).toMatchObject({ stdout: 'seen 10\nseen 10\nnot reached\n', status: 0 })
    })
  })

  it('interrupts a program that runs', async () => {
    const program = gdb.build('loop')
    const { ferry, socket } = await gdb.waiting([program])
    const session = gdb.gdb(program, socket, ['continue'], false)
    await ferry.says('looping')
    session.child.kill('SIGINT')
    await session.says('received signal SIGINT')
    session.child.stdin!.end('print turns > 0\nset var done = 3\ncontinue\n')
    const { stdout } = await session.ended
    expect(transcript(stdout)).toContainEqual(expect.stringMatching(/\$1 = 1$/))
    expect(await ferry.ended).toMatchObject({ stdout: 'looping\ndone 3\n', status: 3 })
  })

  it('leaves forked processes alone, and follows execve', async () => {
    const program = gdb.build('processes')
    const { lines, ferry } = await gdb.debug([program], ['break work', 'continue', 'print n', 'finish', 'continue'])
    expect(lines).toContain('Breakpoint 1, work (n=4) at processes.c:7')
    expect(lines).toContainEqual(expect.stringContaining('is executing new program: '))
    expect(lines.filter(line => line.includes('work (n='))).toHaveLength(1)
    expect(lines).toContain('Value returned is $2 = 8')
    expect(lines.at(-1)).toBe('[Inferior 1 (process N) exited with code 07]')
    expect(ferry).toMatchObject({ stdout: 'child 6\nagain 8\n', status: 7 })
  })
})
