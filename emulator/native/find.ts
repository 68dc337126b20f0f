/** Searches. Aligned vectors never reach into a page that has none of the bytes that are looked for. */
import { TEMP, TEMP2 } from '../convention.ts'
import { Cond, I, RDI, RDX, RSI } from '../x86/assembler.ts'
import { done, OTHER, type RoutineContext, VALUE } from './context.ts'

const VECTOR = 32
const ROUND = 4 * VECTOR

/** rax = length of the string at `s` (rdi or rsi). */
export function emitLength(c: RoutineContext, s: number): void {
  const { asm } = c
  const [first, single, rounds, within, hit, found] = [0, 0, 0, 0, 0, 0].map(() => asm.label()) as [
    ...[number, number, number, number, number, number],
  ]
  /** r10 has a bit for each zero of 32 bytes at rax. */
  const zerosHere = (): void => {
    asm.vrrm(I.vpcmpeqb256, VALUE, OTHER, TEMP, 0)
    asm.gx(I.vpmovmskb256, 4, TEMP2, VALUE)
  }
  asm.vrrr(I.vpxor, OTHER, OTHER, OTHER)
  asm.rr(I.mov, 8, TEMP, s)
  asm.ri(I.and, 8, TEMP, -VECTOR)
  zerosHere()
  asm.rrr(I.shrx, 4, TEMP2, TEMP2, s)
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.ne, first)
  asm.ri(I.add, 8, TEMP, VECTOR)
  asm.bind(single)
  asm.ri(I.test, 1, TEMP, ROUND - 1)
  asm.jcc(Cond.e, rounds)
  zerosHere()
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.ne, hit)
  asm.ri(I.add, 8, TEMP, VECTOR)
  asm.jmp(single)
  asm.align(16)
  asm.bind(rounds)
  asm.vrm(I.vmovdqu256, VALUE, TEMP, 0)
  for (let at = VECTOR; at < ROUND; at += VECTOR) asm.vrrm(I.vpminub256, VALUE, VALUE, TEMP, at)
  asm.vrrr(I.vpcmpeqb256, VALUE, VALUE, OTHER)
  asm.gx(I.vpmovmskb256, 4, TEMP2, VALUE)
  asm.ri(I.sub, 8, TEMP, -ROUND)
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.e, rounds)
  asm.ri(I.add, 8, TEMP, -ROUND - VECTOR)
  asm.bind(within)
  asm.ri(I.add, 8, TEMP, VECTOR)
  zerosHere()
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.e, within)
  asm.bind(hit)
  asm.rr(I.tzcnt, 4, TEMP2, TEMP2)
  asm.rr(I.add, 8, TEMP, TEMP2)
  asm.rr(I.sub, 8, TEMP, s)
  asm.jmp(found)
  asm.bind(first)
  asm.rr(I.tzcnt, 4, TEMP, TEMP2)
  asm.bind(found)
}

/** OTHER = 32 times the low byte of rsi. */
function needle({ asm }: RoutineContext): void {
  asm.xg(I.vmovd, 4, OTHER, RSI)
  asm.vrr(I.vpbroadcastb256, OTHER, OTHER)
}

/** A bit of `dst` for each of 32 bytes at `base` that is the needle. */
function matches({ asm }: RoutineContext, dst: number, base: number): void {
  asm.vrrm(I.vpcmpeqb256, VALUE, OTHER, base, 0)
  asm.gx(I.vpmovmskb256, 4, dst, VALUE)
}

/** memchr: rdi = where the low byte of rsi is first among rdx bytes at rdi, or 0. */
export function emitFindByte(c: RoutineContext): void {
  const { asm } = c
  const [first, round, none] = [asm.label(), asm.label(), asm.label()]
  asm.rr(I.test, 8, RDX, RDX)
  asm.jcc(Cond.e, none)
  needle(c)
  asm.rr(I.mov, 8, TEMP, RDI)
  asm.ri(I.and, 8, TEMP, -VECTOR)
  matches(c, TEMP2, TEMP)
  asm.rrr(I.shrx, 4, TEMP2, TEMP2, RDI)
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.ne, first)
  asm.bind(round)
  asm.ri(I.add, 8, TEMP, VECTOR)
  asm.rr(I.mov, 8, TEMP2, TEMP)
  asm.rr(I.sub, 8, TEMP2, RDI)
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.ae, none)
  matches(c, TEMP2, TEMP)
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.e, round)
  asm.rr(I.tzcnt, 4, TEMP2, TEMP2)
  asm.rr(I.add, 8, TEMP2, TEMP)
  asm.rr(I.mov, 8, TEMP, TEMP2)
  asm.rr(I.sub, 8, TEMP, RDI)
  asm.rr(I.cmp, 8, TEMP, RDX)
  asm.jcc(Cond.ae, none)
  asm.rr(I.mov, 8, RDI, TEMP2)
  done(c)
  asm.bind(first)
  asm.rr(I.tzcnt, 4, TEMP2, TEMP2)
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.ae, none)
  asm.rr(I.add, 8, RDI, TEMP2)
  done(c)
  asm.bind(none)
  asm.rr(I.xor, 4, RDI, RDI)
  done(c)
}

/** memrchr: rdi = where the low byte of rsi is last among rdx bytes at rdi, or 0. */
export function emitFindLast(c: RoutineContext): void {
  const { asm } = c
  const [first, round, hit, none] = [asm.label(), asm.label(), asm.label(), asm.label()]
  const last = (): void => asm.rm(I.lea, 8, TEMP2, RDI, -1, RDX)
  asm.rr(I.test, 8, RDX, RDX)
  asm.jcc(Cond.e, none)
  needle(c)
  last()
  asm.rr(I.mov, 8, TEMP, TEMP2)
  asm.ri(I.and, 8, TEMP, -VECTOR)
  matches(c, TEMP, TEMP)
  // what lies behind the last byte is shifted out
  asm.r(I.not, 4, TEMP2)
  asm.rrr(I.shlx, 4, TEMP, TEMP, TEMP2)
  asm.rr(I.test, 4, TEMP, TEMP)
  asm.jcc(Cond.ne, first)
  last()
  asm.ri(I.and, 8, TEMP2, -VECTOR)
  asm.bind(round)
  asm.rr(I.cmp, 8, TEMP2, RDI)
  asm.jcc(Cond.be, none)
  asm.ri(I.sub, 8, TEMP2, VECTOR)
  matches(c, TEMP, TEMP2)
  asm.rr(I.test, 4, TEMP, TEMP)
  asm.jcc(Cond.e, round)
  asm.rr(I.lzcnt, 4, TEMP, TEMP)
  asm.ri(I.xor, 4, TEMP, VECTOR - 1)
  asm.rr(I.add, 8, TEMP2, TEMP)
  asm.bind(hit)
  asm.rr(I.cmp, 8, TEMP2, RDI)
  asm.jcc(Cond.b, none)
  asm.rr(I.mov, 8, RDI, TEMP2)
  done(c)
  asm.bind(first)
  asm.rr(I.lzcnt, 4, TEMP, TEMP)
  last()
  asm.rr(I.sub, 8, TEMP2, TEMP)
  asm.jmp(hit)
  asm.bind(none)
  asm.rr(I.xor, 4, RDI, RDI)
  done(c)
}

/** strchr, and with `orEnd` strchrnul: where the low byte of rsi is first in the string at rdi; else 0, or its end. */
export function emitFindInString(c: RoutineContext, orEnd: boolean): void {
  const { asm } = c
  const [first, round, found, none] = [asm.label(), asm.label(), asm.label(), asm.label()]
  /** r10 has a bit for each of 32 bytes at rax that is looked for, or zero. */
  const hitsHere = (): void => {
    asm.vrrm(I.vpxor256, VALUE, OTHER, TEMP, 0)
    asm.vrrm(I.vpminub256, VALUE, VALUE, TEMP, 0)
    c.withZeros(I.vpcmpeqb256, VALUE)
    asm.gx(I.vpmovmskb256, 4, TEMP2, VALUE)
  }
  needle(c)
  asm.rr(I.mov, 8, TEMP, RDI)
  asm.ri(I.and, 8, TEMP, -VECTOR)
  hitsHere()
  asm.rrr(I.shrx, 4, TEMP2, TEMP2, RDI)
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.ne, first)
  asm.bind(round)
  asm.ri(I.add, 8, TEMP, VECTOR)
  hitsHere()
  asm.rr(I.test, 4, TEMP2, TEMP2)
  asm.jcc(Cond.e, round)
  asm.rr(I.tzcnt, 4, TEMP2, TEMP2)
  asm.rr(I.add, 8, TEMP, TEMP2)
  asm.bind(found)
  if (!orEnd) {
    asm.rr(I.mov, 4, TEMP2, RSI)
    asm.mr(I.cmp, 1, TEMP, 0, TEMP2)
    asm.jcc(Cond.ne, none)
  }
  asm.rr(I.mov, 8, RDI, TEMP)
  done(c)
  asm.bind(first)
  asm.rr(I.tzcnt, 4, TEMP, TEMP2)
  asm.rr(I.add, 8, TEMP, RDI)
  asm.jmp(found)
  asm.bind(none)
  if (orEnd) return
  asm.rr(I.xor, 4, RDI, RDI)
  done(c)
}
