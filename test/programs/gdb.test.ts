/** `ferry run --gdb` with gdb-multiarch: what gdb prints, and what the program does meanwhile. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Debugging, missing, TIMEOUT } from './gdb/gdb.ts'

const SYSROOT = '/usr/riscv64-linux-gnu'

const gdb = new Debugging('gdb')
beforeAll(() => gdb.make())
afterAll(() => gdb.dispose())

describe.skipIf(missing)('gdb', { timeout: TIMEOUT }, () => {
  let program: string
  beforeAll(() => {
    program = gdb.build('arguments')
  })

  it('breaks at a function by name, prints arguments, steps, finishes, and goes on to the exit', async () => {
    const commands = ['break add', 'continue', 'info args', 'backtrace', 'next', 'next', 'print sum', 'print calls']
    const more = ['finish', 'delete', 'break half', 'continue', 'print value', 'finish', 'continue']
    const { lines, problems, ferry } = await gdb.debug([program, '3', '4'], [...commands, ...more])
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
    const { lines, ferry } = await gdb.debug(
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
    const { lines, ferry } = await gdb.debug(
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
    const { lines, ferry } = await gdb.debug(
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

  it('finds the libraries of a dynamically linked program in the sysroot', async () => {
    const program = gdb.build('arguments', 'riscv64-linux-gnu-gcc')
    const { lines, ferry } = await gdb.debug(
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
