/**
 * The independent oracle of the interpreter tests: qemu-riscv64 runs the same routines, at the same addresses and on the same
 * registers. Everything lies in one arena: three 8-byte cells around {@link CELL}, and the routines from {@link ROUTINES} on.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const ARENA = 0x1000_0000
export const CELL = ARENA + 16
export const ROUTINES = ARENA + 0x1000

/** Values that a routine starts with. */
export interface Case {
  readonly routine: number
  readonly fcsr: number
  readonly x11: bigint
  readonly x12: bigint
  readonly f11: bigint
  readonly f12: bigint
  readonly f13: bigint
  /** Content of the three cells. */
  readonly cell: bigint
}

/** x10 and f10 at the start of every routine; x7 is CELL, x1 the return address. */
export const INITIAL = 0x1234_5678_9abc_def0n

/** Names of the words of a result, in order. */
export const RESULT = ['x10', 'x11', 'x12', 'f10', 'f11', 'f12', 'before', 'cell', 'after', 'fcsr'] as const

const INPUT_SIZE = 64
const DRIVER = `
  .section .arena, "awx"
  .incbin "arena.bin"
  .bss
  .balign 16
input: .skip 1 << 24
output: .skip 1 << 24
  .text
  .globl _start
_start:
  la s0, input
  mv s1, s0
1:
  li a0, 0
  mv a1, s1
  li a2, 1 << 20
  li a7, 63 # read
  ecall
  blez a0, 2f
  add s1, s1, a0
  j 1b
2:
  la s2, output
3:
  bgeu s0, s1, 4f
  li t2, ${CELL}
  sc.d zero, zero, (t2) # no case has another's reservation
  ld t0, 56(s0)
  sd t0, -8(t2)
  sd t0, 0(t2)
  sd t0, 8(t2)
  ld t0, 8(s0)
  csrw fcsr, t0
  li a0, ${INITIAL}
  fmv.d.x fa0, a0
  ld a1, 16(s0)
  ld a2, 24(s0)
  fld fa1, 32(s0)
  fld fa2, 40(s0)
  fld fa3, 48(s0)
  ld t0, 0(s0)
  jalr ra, 0(t0)
  csrr t0, fcsr
  sd t0, 72(s2)
  sd a0, 0(s2)
  sd a1, 8(s2)
  sd a2, 16(s2)
  fsd fa0, 24(s2)
  fsd fa1, 32(s2)
  fsd fa2, 40(s2)
  li t2, ${CELL}
  ld t0, -8(t2)
  sd t0, 48(s2)
  ld t0, 0(t2)
  sd t0, 56(s2)
  ld t0, 8(t2)
  sd t0, 64(s2)
  addi s0, s0, ${INPUT_SIZE}
  addi s2, s2, ${RESULT.length * 8}
  j 3b
4:
  la s0, output
5:
  li a0, 1
  mv a1, s0
  sub a2, s2, s0
  li a7, 64 # write
  ecall
  blez a0, 6f
  add s0, s0, a0
  bltu s0, s2, 5b
6:
  li a0, 0
  li a7, 93 # exit
  ecall
`

const CC = ['--target=riscv64-linux-gnu', '-march=rv64gc', '-mno-relax', '-nostdlib', '-static', '-fuse-ld=lld']

/** Runs every case's routine out of `arena` (its image from ARENA on) under qemu; ten words for each case, see RESULT. */
export function runUnderQemu(command: readonly string[], arena: Uint8Array, cases: readonly Case[]): BigUint64Array {
  const folder = mkdtempSync(join(tmpdir(), 'ferry-qemu-'))
  try {
    writeFileSync(join(folder, 'arena.bin'), arena)
    writeFileSync(join(folder, 'driver.s'), DRIVER)
    const place = `-Wl,--section-start=.arena=0x${ARENA.toString(16)}`
    execFileSync('clang-22', [...CC, place, 'driver.s', '-o', 'driver'], { cwd: folder })
    const input = new BigUint64Array(cases.length * (INPUT_SIZE / 8))
    cases.forEach((c, i) => {
      input.set([BigInt(c.routine), BigInt(c.fcsr), c.x11, c.x12, c.f11, c.f12, c.f13, c.cell], i * 8)
    })
    const output = execFileSync(command[0]!, [...command.slice(1), 'driver'], {
      cwd: folder,
      input: Buffer.from(input.buffer),
      maxBuffer: 1 << 26,
    })
    return new BigUint64Array(Uint8Array.from(output).buffer)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Builds a freestanding C program into `folder`/program, as a flat image from `base` on, and runs it under qemu. */
export function buildProgram(folder: string, source: string, base: number): { image: Uint8Array; stdout: Buffer } {
  writeFileSync(join(folder, 'program.c'), source)
  // One segment for everything, so that its memory is the flat image.
  const layout = `
    PHDRS { all PT_LOAD FLAGS(7); }
    SECTIONS {
      . = ${base};
      .text : { *(.entry) *(.text*) *(.rodata*) *(.srodata*) *(.sdata*) *(.data*) *(.sbss*) *(.bss*) *(COMMON) } :all
    }`
  writeFileSync(join(folder, 'layout.ld'), layout)
  const options = ['-O1', '-ffreestanding', '-fno-builtin', '-fno-asynchronous-unwind-tables', '-Wl,-T,layout.ld']
  execFileSync('clang-22', [...CC, ...options, 'program.c', '-o', 'program'], { cwd: folder })
  const stdout = execFileSync('qemu-riscv64', ['program'], { cwd: folder })
  const image = execFileSync('llvm-objcopy-22', ['-O', 'binary', 'program', '-'], { cwd: folder })
  return { image: Uint8Array.from(image), stdout }
}
