import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { assemble, WORK } from './build.ts'
import { execute, FERRY, type Outcome, QEMU } from './engines.ts'

/** Programs that end by a signal: as under qemu-riscv64, and with one line that says what happened where. */

/** `.Lat` labels the instruction that fails, in the function `broken`; `message` is what is told of it. */
interface Crash {
  readonly name: string
  readonly code: string
  readonly message: string
}

const CRASHES: readonly Crash[] = [
  { name: 'an illegal instruction', code: '.Lat: .word 0xffffffff', message: 'SIGILL (illegal instruction)' },
  { name: 'an illegal compressed instruction', code: '.Lat: .half 0', message: 'SIGILL (illegal instruction)' },
  { name: 'unimp', code: '.Lat: unimp', message: 'SIGILL (illegal instruction)' },
  { name: 'a supervisor register', code: '.Lat: csrr a0, sstatus', message: 'SIGILL (illegal instruction)' },
  { name: 'a write to a counter', code: '.Lat: .word 0xc0029073', message: 'SIGILL (illegal instruction)' },
  {
    name: 'a reserved rounding mode in frm',
    code: 'fsrmi 5\n.Lat: fadd.d f0, f1, f2',
    message: 'SIGILL (illegal instruction)',
  },
  ...['fcvt.d.w f0, a0', 'fcvt.d.wu f0, a0', 'fcvt.d.s f0, f1', 'fcvt.s.h f0, f1', 'fcvt.d.h f0, f1'].map(exact => ({
    name: `a reserved rounding mode for ${exact.split(' ')[0]}`,
    code: `fsrmi 6\n.Lat: ${exact}, dyn`,
    message: 'SIGILL (illegal instruction)',
  })),
  { name: 'a reserved rounding mode', code: '.Lat: .word 0x0220d053', message: 'SIGILL (illegal instruction)' },
  { name: 'a breakpoint', code: '.option norvc\n.Lat: ebreak', message: 'SIGTRAP (breakpoint)' },
  { name: 'a compressed breakpoint', code: '.option rvc\n.Lat: c.ebreak', message: 'SIGTRAP (breakpoint)' },
  { name: 'a wild store', code: 'li a0, 0x10\n.Lat: sd a0, 8(a0)', message: 'SIGSEGV (wild store to 0x18)' },
  {
    name: 'a wild load',
    code: 'li a0, 0x7000000\n.Lat: lbu a1, -1(a0)',
    message: 'SIGSEGV (wild load from 0x6ffffff)',
  },
  { name: 'a load of a dead register', code: '.Lat: lw x0, 0(x0)', message: 'SIGSEGV (wild load from 0x0)' },
  {
    name: 'a wild float load',
    code: 'li t3, 0x7000000\n.Lat: fld f20, 0(t3)',
    message: 'SIGSEGV (wild load from 0x7000000)',
  },
  { name: 'a store to code', code: 'la a0, broken\n.Lat: sw a0, 0(a0)', message: 'SIGSEGV (wild store to 0x100000)' },
  {
    name: 'an atomic operation on nothing',
    code: 'li s4, 0x7000000\n.Lat: amoadd.w a0, a0, (s4)',
    message: 'SIGSEGV (wild store to 0x7000000)',
  },
  ...['amoadd.w a0, a0, (a1)', 'amomaxu.d s4, s5, (s6)', 'lr.w a2, (s6)', 'lr.d s8, (a1)'].map(code => ({
    name: `a misaligned ${code.split(' ')[0]}`,
    code: `la a1, zero_page + 1\nmv s6, a1\n.Lat: ${code}`,
    message: 'SIGBUS (address 0x8000001)',
  })),
  {
    name: 'a load beyond every address',
    code: 'li a0, 1 << 62\n.Lat: ld a1, 0(a0)',
    message: 'SIGSEGV (access to an impossible address)',
  },
  {
    name: 'a fault in the second iteration of a loop',
    code: 'la a0, zero_page\nli a1, 0\n1: \n.Lat: ld a2, 0(a0)\nadd a1, a1, a2\nslli a0, a0, 3\nj 1b',
    message: 'SIGSEGV (wild load from 0x40000000)',
  },
]

const program = (code: string): string => `
.option norelax
.globl _start, broken, at_offset
at_offset = .Lat - broken
.type _start, @function
.type broken, @function
.text
broken:
${code}
  nop
  ret
.ifndef .Lat
.Lat:
.endif
.size broken, . - broken
_start:
  jal ra, broken
  li a7, 93
  ecall
.size _start, . - _start
.section .zero_page, "aw", @nobits
.type zero_page, @object
.size zero_page, 4096
zero_page: .zero 4096
`

const LINK = ['--section-start=.text=0x100000', '--section-start=.zero_page=0x8000000']

const run = async (name: string, text: string): Promise<[expected: Outcome, got: Outcome, path: string]> => {
  const path = await assemble(`${WORK}crashes`, name.replaceAll(' ', '-'), text, LINK)
  return [await execute(QEMU, path), await execute(FERRY, path), path]
}

/** Bytes from the start of `broken` to the instruction that fails, as the assembler counted them. */
function offsetIn(path: string): number {
  const symbols = execFileSync('llvm-nm-22', [path], { encoding: 'utf8' }).split('\n')
  return Number.parseInt(symbols.find(line => line.endsWith(' at_offset'))!, 16)
}

test.each(CRASHES)('$name', async ({ name, code, message }) => {
  const [expected, got, path] = await run(name, program(code))
  const signal = message.split(' ')[0]
  expect(expected.signal).toBe(signal)
  expect(got.signal).toBe(signal)
  const offset = offsetIn(path)
  const pc = (0x100000 + offset).toString(16)
  const told = got.stderr.replace(/(illegal instruction) 0x([0-9a-f]{4}){1,2}\)/, '$1)')
  expect(told).toBe(`ferry: ${message} at guest pc 0x${pc} (broken+0x${offset.toString(16)})\n`)
})

test.each([
  { name: 'a jump to nothing', code: 'li a0, 0x7000000\njr a0', target: '0x7000000' },
  { name: 'a call of nothing', code: 'li a0, 0\njalr a0', target: '0x0' },
  { name: 'a jump to data', code: 'la a0, zero_page\njr a0', target: '0x8000000' },
  { name: 'a jump beyond every address', code: 'li a0, 1 << 45\njr a0', target: '0x200000000000' },
  { name: 'a return to nothing', code: 'li ra, 0x1000\nret', target: '0x1000' },
])('$name', async ({ name, code, target }) => {
  const [expected, got] = await run(name, program(code))
  expect(expected.signal).toBe('SIGSEGV')
  expect(got.signal).toBe('SIGSEGV')
  expect(got.stderr).toMatch(`ferry: SIGSEGV (jump to ${target}, which is not executable)`)
  expect(got.stderr.trim().split('\n')).toHaveLength(1)
  expect(got.stderr).toContain(` at guest pc ${target}`)
})

test.each([
  {
    name: 'misaligned accesses are no crash',
    code: 'la a0, zero_page\nli a1, -2\nsd a1, 3(a0)\nlw a2, 5(a0)\nfld f0, 1(a0)\nlhu a3, 7(a0)\nadd a0, a2, a3\nandi a0, a0, 255',
    status: 254,
  },
  {
    name: 'calls that never return do not use anything up',
    code: 'li a1, 20000000\n1: jal ra, 2f\n2: addi a1, a1, -1\nbnez a1, 1b\nli a0, 7\nli a7, 93\necall',
    status: 7,
  },
])('$name', async ({ name, code, status }) => {
  const [expected, got] = await run(name, program(code))
  expect(expected).toMatchObject({ status, signal: null })
  expect(got).toMatchObject({ status, signal: null, stderr: '' })
})

test('a signal that the program sends to itself', async () => {
  const kill = (signal: number): string => `li a7, 172\necall\nli a1, ${signal}\nli a7, 129\necall`
  for (const [number, name] of [
    [15, 'SIGTERM'],
    [6, 'SIGABRT'],
    [9, 'SIGKILL'],
    [10, 'SIGUSR1'],
  ] as const) {
    const [expected, got] = await run(`signal ${number}`, program(kill(number)))
    expect(expected.signal).toBe(name)
    expect(got.signal).toBe(name)
  }
})

test('endless recursion', async () => {
  const [expected, got] = await run('recursion', program('1: addi sp, sp, -64\nsd ra, 0(sp)\njal ra, 1b'))
  expect(expected.signal).toBe('SIGSEGV')
  expect(got.signal).toBe('SIGSEGV')
  expect(got.stderr).toMatch(
    /^ferry: SIGSEGV \(stack overflow: store to 0x[0-9a-f]+; --stack-size gives more\) at guest pc 0x[0-9a-f]+ \(broken\+0x[24]\)\n$/,
  )
})
