/** memset: rdx bytes at rdi become the low byte of rsi. */
import { TEMP, TEMP2 } from '../convention.ts'
import { Cond, I, RDI, RDX, RSI } from '../x86/assembler.ts'
import { done, type RoutineContext, VALUE } from './context.ts'

const VECTOR = 32
const ROUND = 4 * VECTOR

export function emitFill(c: RoutineContext): void {
  const { asm } = c
  const [short, rounds, single, last] = [asm.label(), asm.label(), asm.label(), asm.label()]
  asm.xg(I.vmovd, 4, VALUE, RSI)
  asm.ri(I.cmp, 8, RDX, VECTOR)
  asm.jcc(Cond.b, short)
  asm.vrr(I.vpbroadcastb256, VALUE, VALUE)
  // the first and the last vector lie anywhere, those between them are aligned
  asm.vmr(I.vmovdqu256, RDI, 0, VALUE)
  asm.rm(I.lea, 8, TEMP, RDI, VECTOR)
  asm.ri(I.and, 8, TEMP, -VECTOR)
  asm.rm(I.lea, 8, TEMP2, RDI, -VECTOR, RDX)
  asm.vmr(I.vmovdqu256, TEMP2, 0, VALUE)
  asm.ri(I.cmp, 8, RDX, 2 * ROUND)
  asm.jcc(Cond.b, single)
  asm.ri(I.add, 8, TEMP2, -ROUND)
  asm.align(16)
  asm.bind(rounds)
  for (let at = 0; at < ROUND; at += VECTOR) asm.vmr(I.vmovdqu256, TEMP, at, VALUE)
  asm.ri(I.sub, 8, TEMP, -ROUND)
  asm.rr(I.cmp, 8, TEMP, TEMP2)
  asm.jcc(Cond.be, rounds)
  asm.ri(I.sub, 8, TEMP2, -ROUND)
  asm.bind(single)
  asm.rr(I.cmp, 8, TEMP, TEMP2)
  asm.jcc(Cond.ae, last)
  asm.vmr(I.vmovdqu256, TEMP, 0, VALUE)
  asm.ri(I.add, 8, TEMP, VECTOR)
  asm.jmp(single)
  asm.bind(last)
  done(c)

  asm.bind(short)
  asm.vrr(I.vpbroadcastb, VALUE, VALUE)
  const [half, quarter, few] = [asm.label(), asm.label(), asm.label()]
  const twice = (move: number, size: number): void => {
    asm.vmr(move, RDI, 0, VALUE)
    asm.vmr(move, RDI, -size, VALUE, RDX)
  }
  asm.ri(I.cmp, 4, RDX, 16)
  asm.jcc(Cond.b, half)
  twice(I.vmovdqu, 16)
  done(c, false)
  asm.bind(half)
  asm.ri(I.cmp, 4, RDX, 8)
  asm.jcc(Cond.b, quarter)
  twice(I.vmovq, 8)
  done(c, false)
  asm.bind(quarter)
  asm.ri(I.cmp, 4, RDX, 4)
  asm.jcc(Cond.b, few)
  twice(I.vmovd, 4)
  done(c, false)
  // of up to three bytes the first, the middle and the last
  const none = asm.label()
  asm.bind(few)
  asm.rr(I.test, 4, RDX, RDX)
  asm.jcc(Cond.e, none)
  asm.rr(I.mov, 4, TEMP, RDX)
  asm.ri(I.shr, 4, TEMP, 1)
  asm.mr(I.mov, 1, RDI, 0, RSI)
  asm.mr(I.mov, 1, RDI, 0, RSI, TEMP)
  asm.mr(I.mov, 1, RDI, -1, RSI, RDX)
  asm.bind(none)
  done(c, false)
}
