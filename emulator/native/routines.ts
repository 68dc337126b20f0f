/**
 * The native functions of the C library: host code at the end of the gates, which the translations of the guest's own functions call
 * at their entries (emit/native.ts).
 *
 * A routine finds a0, a1 and a2 in rdi, rsi and rdx, and changes nothing but rax, r10, xmm14, xmm15 and the flags before it is
 * done. So a fault in it is undone by forgetting the call: the guest's own function runs instead and faults in its turn, with
 * the guest's pc. What was stored until then is stored again. It returns with the result in rdi and the carry flag clear; or with
 * the carry flag set when the guest's own function is to run: for what C leaves open (memcpy of overlapping ranges), and for
 * overlapping ranges of memmove when another thread could make a page inaccessible on the way, after which it could
 * not begin anew.
 *
 * Loads stay in the pages that the guest's function would read. memcmp, strcmp and strncmp give the difference of the two bytes, as
 * the functions of glibc and musl for RISC-V do.
 */
import { stateSlot, TEMP, TEMP2 } from '../convention.ts'
import { type Assembler, Cond, I, RBP, RDI, RDX, RIPREL, RSI } from '../x86/assembler.ts'
import { emitCompare, emitCompareStrings } from './compare.ts'
import { decline, done, type RoutineContext } from './context.ts'
import { copyDisjoint, copyOverlapping } from './copy.ts'
import { emitFill } from './fill.ts'
import { emitFindByte, emitFindInString, emitFindLast, emitLength } from './find.ts'
import type { NativeFunction } from './functions.ts'

export interface NativeRoutines {
  /** Offsets of the first byte and of the one behind the last. */
  readonly start: number
  readonly end: number
  /** A trap, to which the executor has a routine return when a signal waits. */
  readonly stop: number
  readonly entries: Readonly<Record<NativeFunction, number>>
}

export function emitRoutines(asm: Assembler): NativeRoutines {
  asm.align(32)
  const zeros = asm.pos
  for (let k = 0; k < 32; k++) asm.byte(0)
  const context: RoutineContext = {
    asm,
    withZeros(i, dst) {
      asm.vrrm(i, dst, dst, RIPREL, 0)
      const at = asm.pos - 4
      new DataView(asm.bytes.buffer, asm.bytes.byteOffset).setInt32(at, zeros - asm.pos, true)
    },
  }
  const start = asm.pos
  const routine = (emit: () => void): number => {
    asm.align(16)
    const at = asm.pos
    emit()
    return at
  }
  const entries: Record<NativeFunction, number> = {
    memcpy: routine(() => emitMemcpy(context)),
    memmove: routine(() => emitMemmove(context)),
    memset: routine(() => emitFill(context)),
    memcmp: routine(() => emitCompare(context)),
    memchr: routine(() => emitFindByte(context)),
    memrchr: routine(() => emitFindLast(context)),
    strlen: routine(() => emitStrlen(context)),
    strchr: routine(() => emitFindInString(context, false)),
    strchrnul: routine(() => emitFindInString(context, true)),
    strcmp: routine(() => emitCompareStrings(context, false)),
    strncmp: routine(() => emitCompareStrings(context, true)),
    strcpy: routine(() => emitStrcpy(context, false)),
    stpcpy: routine(() => emitStrcpy(context, true)),
  }
  const end = asm.pos
  asm.align(16)
  const stop = asm.pos
  asm.op(I.int3)
  asm.align(64)
  return { start, end, stop, entries }
}

/** Jumps when [rdi, rdi + n) and [rsi, rsi + n) share a byte, n in a register other than r10. */
function ifOverlapping({ asm }: RoutineContext, n: number, label: number): void {
  asm.rr(I.mov, 8, TEMP2, RDI)
  asm.rr(I.sub, 8, TEMP2, RSI)
  asm.rr(I.cmp, 8, TEMP2, n)
  asm.jcc(Cond.b, label)
  asm.r(I.neg, 8, TEMP2)
  asm.rr(I.cmp, 8, TEMP2, n)
  asm.jcc(Cond.b, label)
}

function emitMemcpy(c: RoutineContext): void {
  const overlapping = c.asm.label()
  ifOverlapping(c, RDX, overlapping)
  copyDisjoint(c, RDX, (_, wide) => done(c, wide))
  c.asm.bind(overlapping)
  decline(c)
}

function emitMemmove(c: RoutineContext): void {
  const { asm } = c
  const [overlapping, shared] = [asm.label(), asm.label()]
  ifOverlapping(c, RDX, overlapping)
  copyDisjoint(c, RDX, (_, wide) => done(c, wide))
  asm.bind(overlapping)
  asm.mi(I.cmp, 4, RBP, stateSlot('threads'), 0)
  asm.jcc(Cond.ne, shared)
  copyOverlapping(c, () => done(c))
  asm.bind(shared)
  decline(c)
}

function emitStrlen(c: RoutineContext): void {
  emitLength(c, RDI)
  c.asm.rr(I.mov, 8, RDI, TEMP)
  done(c)
}

/** @param toEnd the result is where the terminator was stored */
function emitStrcpy(c: RoutineContext, toEnd: boolean): void {
  const { asm } = c
  const overlapping = asm.label()
  emitLength(c, RSI)
  asm.ri(I.add, 8, TEMP, 1)
  ifOverlapping(c, TEMP, overlapping)
  copyDisjoint(c, TEMP, length => {
    if (toEnd) asm.rm(I.lea, 8, RDI, RDI, length - 1, TEMP)
    done(c)
  })
  asm.bind(overlapping)
  decline(c)
}
