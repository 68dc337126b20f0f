/** Copying from [rsi] to [rdi]. The last bytes of a long range are loaded first, and stored last, as whole vectors. */
import { TEMP, TEMP2 } from '../convention.ts'
import { Cond, I, RAX, RDI, RDX, RSI } from '../x86/assembler.ts'
import { OTHER, type RoutineContext, VALUE } from './context.ts'

const VECTOR = 32
const PAGE = 4096
/** From here on stores are aligned, and loops have rounds of several vectors. */
const LONG = 256
const ROUND = 4 * VECTOR

/**
 * n bytes in rdx or rax, between ranges that share no byte.
 * @param end ends the routine; n is rax plus its first argument, if it was in rax; the second says whether wide vectors were used
 */
export function copyDisjoint(c: RoutineContext, n: number, end: (length: number, wide: boolean) => void): void {
  const { asm } = c
  const [short, long] = [asm.label(), asm.label()]
  asm.ri(I.cmp, 8, n, VECTOR)
  asm.jcc(Cond.b, short)
  asm.vrm(I.vmovdqu256, OTHER, RSI, -VECTOR, n)
  asm.ri(I.cmp, 8, n, LONG)
  asm.jcc(Cond.ae, long)
  asm.rm(I.lea, 8, TEMP, n, -VECTOR)
  asm.rr(I.xor, 4, TEMP2, TEMP2)
  ascend(c)
  end(VECTOR, true)

  asm.bind(long)
  asm.vrm(I.vmovdqu256, VALUE, RSI, 0)
  asm.vmr(I.vmovdqu256, RDI, 0, VALUE)
  asm.rm(I.lea, 8, TEMP, n, -VECTOR - ROUND)
  asm.rr(I.mov, 4, TEMP2, RDI)
  asm.r(I.neg, 4, TEMP2)
  asm.ri(I.and, 4, TEMP2, VECTOR - 1)
  ascendFar(c)
  end(VECTOR, true)

  asm.bind(short)
  copyShort(c, n)
  end(0, false)
}

/**
 * rdx bytes, at least one, between ranges that share bytes. Nothing is stored before all of it is known to be accessible: within a
 * page the first load and the first store tell, beyond it every page is touched.
 */
export function copyOverlapping(c: RoutineContext, end: () => void): void {
  const { asm } = c
  const [short, descend, long, probe, next, known] = [0, 0, 0, 0, 0, 0].map(() => asm.label()) as [
    ...[number, number, number, number, number, number],
  ]
  for (const base of [RDI, RSI]) {
    asm.rr(I.mov, 4, TEMP, base)
    asm.ri(I.and, 4, TEMP, PAGE - 1)
    asm.rr(I.add, 8, TEMP, RDX)
    asm.ri(I.cmp, 8, TEMP, PAGE)
    asm.jcc(Cond.a, probe)
  }
  asm.bind(known)
  asm.ri(I.cmp, 8, RDX, VECTOR)
  asm.jcc(Cond.b, short)
  asm.rr(I.mov, 8, TEMP, RDI)
  asm.rr(I.sub, 8, TEMP, RSI)
  asm.rr(I.cmp, 8, TEMP, RDX)
  asm.jcc(Cond.b, descend)
  asm.vrm(I.vmovdqu256, OTHER, RSI, -VECTOR, RDX)
  asm.rr(I.xor, 4, TEMP2, TEMP2)
  asm.ri(I.cmp, 8, RDX, LONG)
  asm.jcc(Cond.ae, long)
  asm.rm(I.lea, 8, TEMP, RDX, -VECTOR)
  ascend(c)
  end()
  asm.bind(long)
  asm.rm(I.lea, 8, TEMP, RDX, -VECTOR - ROUND)
  ascendFar(c)
  end()

  asm.bind(descend)
  asm.vrm(I.vmovdqu256, OTHER, RSI, 0)
  asm.rm(I.lea, 8, TEMP2, RDX, -VECTOR)
  const round = asm.label()
  asm.bind(round)
  asm.vrm(I.vmovdqu256, VALUE, RSI, 0, TEMP2)
  asm.vmr(I.vmovdqu256, RDI, 0, VALUE, TEMP2)
  asm.ri(I.sub, 8, TEMP2, VECTOR)
  asm.jcc(Cond.a, round)
  asm.vmr(I.vmovdqu256, RDI, 0, OTHER)
  end()

  asm.bind(short)
  copyShort(c, RDX)
  end()

  asm.bind(probe)
  asm.rr(I.xor, 4, TEMP2, TEMP2)
  asm.bind(next)
  asm.rm(I.movzx8, 4, TEMP, RSI, 0, TEMP2)
  asm.lock()
  asm.mi(I.or, 1, RDI, 0, 0, TEMP2)
  asm.ri(I.add, 8, TEMP2, PAGE)
  asm.rr(I.cmp, 8, TEMP2, RDX)
  asm.jcc(Cond.b, next)
  asm.rm(I.movzx8, 4, TEMP, RSI, -1, RDX)
  asm.lock()
  asm.mi(I.or, 1, RDI, -1, 0, RDX)
  asm.jmp(known)
}

/** Vectors at r10, r10 + 32 and so on below rax, at least one; then the one in OTHER at rax. */
function ascend({ asm }: RoutineContext): void {
  const round = asm.label()
  asm.bind(round)
  asm.vrm(I.vmovdqu256, VALUE, RSI, 0, TEMP2)
  asm.vmr(I.vmovdqu256, RDI, 0, VALUE, TEMP2)
  asm.ri(I.add, 8, TEMP2, VECTOR)
  asm.rr(I.cmp, 8, TEMP2, TEMP)
  asm.jcc(Cond.b, round)
  asm.vmr(I.vmovdqu256, RDI, 0, OTHER, TEMP)
}

/** The same below rax + ROUND, where rax is not below r10. */
function ascendFar({ asm }: RoutineContext): void {
  const [rounds, single, last] = [asm.label(), asm.label(), asm.label()]
  asm.align(16)
  asm.bind(rounds)
  for (let at = 0; at < ROUND; at += VECTOR) {
    asm.vrm(I.vmovdqu256, VALUE, RSI, at, TEMP2)
    asm.vmr(I.vmovdqu256, RDI, at, VALUE, TEMP2)
  }
  asm.ri(I.sub, 8, TEMP2, -ROUND)
  asm.rr(I.cmp, 8, TEMP2, TEMP)
  asm.jcc(Cond.be, rounds)
  asm.ri(I.sub, 8, TEMP, -ROUND)
  asm.bind(single)
  asm.rr(I.cmp, 8, TEMP2, TEMP)
  asm.jcc(Cond.ae, last)
  asm.vrm(I.vmovdqu256, VALUE, RSI, 0, TEMP2)
  asm.vmr(I.vmovdqu256, RDI, 0, VALUE, TEMP2)
  asm.ri(I.add, 8, TEMP2, VECTOR)
  asm.jmp(single)
  asm.bind(last)
  asm.vmr(I.vmovdqu256, RDI, 0, OTHER, TEMP)
}

/** Fewer than 32 bytes, n in rdx or rax: all are loaded before any is stored. */
function copyShort({ asm }: RoutineContext, n: number): void {
  const [one, end] = [asm.label(), asm.label()]
  const twice = (move: number, size: number): void => {
    asm.vrm(move, VALUE, RSI, 0)
    asm.vrm(move, OTHER, RSI, -size, n)
    asm.vmr(move, RDI, 0, VALUE)
    asm.vmr(move, RDI, -size, OTHER, n)
  }
  for (const [move, size] of [
    [I.vmovdqu, 16],
    [I.vmovq, 8],
    [I.vmovd, 4],
  ] as const) {
    const fewer = asm.label()
    asm.ri(I.cmp, 4, n, size)
    asm.jcc(Cond.b, fewer)
    twice(move, size)
    asm.jmp(end)
    asm.bind(fewer)
  }
  asm.ri(I.cmp, 4, n, 1)
  asm.jcc(Cond.b, end)
  asm.jcc(Cond.e, one)
  asm.rm(I.movzx16, 4, TEMP2, RSI, 0)
  // of a string in rax bytes the last one is the terminator
  if (n !== RAX) asm.rm(I.movzx8, 4, TEMP, RSI, -1, n)
  asm.mr(I.mov, 2, RDI, 0, TEMP2)
  if (n === RAX) asm.mi(I.mov, 1, RDI, -1, 0, n)
  else asm.mr(I.mov, 1, RDI, -1, TEMP, n)
  asm.jmp(end)
  asm.bind(one)
  asm.rm(I.movzx8, 4, TEMP2, RSI, 0)
  asm.mr(I.mov, 1, RDI, 0, TEMP2)
  asm.bind(end)
}
