/** Comparisons: rdi = the difference of the first bytes that differ at rdi and rsi, or 0. r10 counts the bytes that are equal. */
import { TEMP, TEMP2 } from '../convention.ts'
import { Cond, I, RDI, RDX, RSI } from '../x86/assembler.ts'
import { done, OTHER, type RoutineContext, VALUE } from './context.ts'

const VECTOR = 32
const PAGE = 4096

/** Jumps when 32 bytes at r10 from `base` reach into another page. */
function ifCrossing({ asm }: RoutineContext, base: number, label: number): void {
  asm.rm(I.lea, 4, TEMP, base, 0, TEMP2)
  asm.ri(I.and, 4, TEMP, PAGE - 1)
  asm.ri(I.cmp, 4, TEMP, PAGE - VECTOR)
  asm.jcc(Cond.a, label)
}

/** The ends: r10 is where the bytes differ; or nothing differs. */
function emitEnds(c: RoutineContext, differ: number, equal: number): void {
  const { asm } = c
  asm.bind(differ)
  asm.rm(I.movzx8, 4, TEMP, RDI, 0, TEMP2)
  asm.rm(I.movzx8, 4, TEMP2, RSI, 0, TEMP2)
  asm.rr(I.sub, 4, TEMP, TEMP2)
  asm.rr(I.movsxd, 8, RDI, TEMP)
  done(c)
  asm.bind(equal)
  asm.rr(I.xor, 4, RDI, RDI)
  done(c)
}

/** memcmp of rdx bytes. */
export function emitCompare(c: RoutineContext): void {
  const { asm } = c
  const [whole, last, bytes, hit, differ, equal] = [0, 0, 0, 0, 0, 0].map(() => asm.label()) as [
    ...[number, number, number, number, number, number],
  ]
  /** eax = 0 when 32 bytes are equal, else the mask of the equal ones plus 1. */
  const compareHere = (): void => {
    asm.vrm(I.vmovdqu256, VALUE, RDI, 0, TEMP2)
    asm.vrrm(I.vpcmpeqb256, VALUE, VALUE, RSI, 0, TEMP2)
    asm.gx(I.vpmovmskb256, 4, TEMP, VALUE)
    asm.ri(I.add, 4, TEMP, 1)
  }
  /** r10 += index of the first that differs */
  const toFirst = (): void => {
    asm.r(I.neg, 4, TEMP)
    asm.rr(I.tzcnt, 4, TEMP, TEMP)
    asm.rr(I.add, 8, TEMP2, TEMP)
  }
  asm.rr(I.xor, 4, TEMP2, TEMP2)
  asm.bind(whole)
  asm.rm(I.lea, 8, TEMP, TEMP2, VECTOR)
  asm.rr(I.cmp, 8, TEMP, RDX)
  asm.jcc(Cond.a, last)
  compareHere()
  asm.jcc(Cond.ne, hit)
  asm.ri(I.add, 8, TEMP2, VECTOR)
  asm.jmp(whole)
  asm.bind(hit)
  toFirst()
  asm.jmp(differ)
  asm.bind(last)
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.ae, equal)
  ifCrossing(c, RDI, bytes)
  ifCrossing(c, RSI, bytes)
  compareHere()
  asm.jcc(Cond.e, equal)
  toFirst()
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.ae, equal)
  asm.jmp(differ)
  asm.bind(bytes)
  asm.rm(I.movzx8, 4, TEMP, RDI, 0, TEMP2)
  asm.rm(I.cmp, 1, TEMP, RSI, 0, TEMP2)
  asm.jcc(Cond.ne, differ)
  asm.ri(I.add, 8, TEMP2, 1)
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.b, bytes)
  asm.jmp(equal)
  emitEnds(c, differ, equal)
}

/** strcmp, or with `limited` strncmp of at most rdx bytes. */
export function emitCompareStrings(c: RoutineContext, limited: boolean): void {
  const { asm } = c
  const [round, first, near, bytes, hit, differ, equal] = [0, 0, 0, 0, 0, 0, 0].map(() => asm.label()) as [
    ...[number, number, number, number, number, number, number],
  ]
  const unlessBeyond = (): void => {
    if (!limited) return
    asm.rr(I.cmp, 8, TEMP2, RDX)
    asm.jcc(Cond.ae, equal)
  }
  asm.rr(I.xor, 4, TEMP2, TEMP2)
  unlessBeyond()
  // one look at both pages is mostly enough
  asm.rr(I.mov, 4, TEMP, RDI)
  asm.rr(I.or, 4, TEMP, RSI)
  asm.ri(I.and, 4, TEMP, PAGE - 1)
  asm.ri(I.cmp, 4, TEMP, PAGE - VECTOR)
  asm.jcc(Cond.a, near)
  asm.bind(first)
  // a byte stays that is equal and not zero
  asm.vrm(I.vmovdqu256, VALUE, RDI, 0, TEMP2)
  asm.vrrm(I.vpcmpeqb256, OTHER, VALUE, RSI, 0, TEMP2)
  asm.vrrr(I.vpminub256, VALUE, VALUE, OTHER)
  c.withZeros(I.vpcmpeqb256, VALUE)
  asm.gx(I.vpmovmskb256, 4, TEMP, VALUE)
  asm.rr(I.test, 4, TEMP, TEMP)
  asm.jcc(Cond.ne, hit)
  asm.ri(I.add, 8, TEMP2, VECTOR)
  asm.bind(round)
  unlessBeyond()
  asm.bind(near)
  ifCrossing(c, RDI, bytes)
  ifCrossing(c, RSI, bytes)
  asm.jmp(first)
  asm.bind(hit)
  asm.rr(I.tzcnt, 4, TEMP, TEMP)
  asm.rr(I.add, 8, TEMP2, TEMP)
  unlessBeyond()
  emitEnds(c, differ, equal)
  asm.bind(bytes)
  asm.rm(I.movzx8, 4, TEMP, RDI, 0, TEMP2)
  asm.rm(I.cmp, 1, TEMP, RSI, 0, TEMP2)
  asm.jcc(Cond.ne, differ)
  asm.rr(I.test, 4, TEMP, TEMP)
  asm.jcc(Cond.e, equal)
  asm.ri(I.add, 8, TEMP2, 1)
  asm.jmp(round)
}
