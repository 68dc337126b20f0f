/**
 * Counts crossings by caller and callee, for measured runs: a hash table in shared memory (PLACES.EDGES) with an entry for each
 * pair of a return address and a guest function. Entries are claimed by compare-and-swap, so that threads and processes
 * count into one table. A pair that finds no place within {@link PROBES} steps is not counted.
 */
import { EDGE, PLACES } from '../../base/layout.ts'
import { stateSlot, TEMP, TEMP2 } from '../../emulator/convention.ts'
import { Cond, I, R8, R9, RBP, RCX, RDI, RDX, RSI } from '../../emulator/x86/assembler.ts'
import type { Site } from './code.ts'

/** An odd number whose multiples spread over the high bits (Knuth, TAOCP vol. 3, 6.4: multiplicative hashing). */
const SPREAD = 0x61c88647
const PROBES = 64
const SAVED = [RCX, RDX, RSI, RDI, R8, R9]

/** One pair of caller and callee. */
export interface EdgeCount {
  /** Return address in the caller: a guest pc, or a host address, which is not below PLACES.GUEST_END. */
  readonly from: number
  /** Guest address of the function that was called. */
  readonly to: number
  readonly calls: number
}

/**
 * Emits the routine that counts one crossing: rax the return address in the caller, r10 the guest address of the callee, rbp
 * as in translated code. Changes rax and the flags alone.
 */
export function emitEdgeCounter({ asm }: Site): void {
  const [probe, found, done] = [asm.label(), asm.label(), asm.label()]
  const at = (field: keyof typeof EDGE.at): number => PLACES.EDGES + EDGE.at[field]
  for (const register of SAVED) asm.r(I.push, 8, register)
  asm.rr(I.mov, 8, RDI, TEMP)
  asm.rri(I.imul, 8, RCX, RDI, SPREAD)
  asm.rr(I.add, 8, RCX, TEMP2)
  asm.ri(I.or, 8, RCX, 1)
  asm.rr(I.mov, 8, RDX, RCX)
  asm.ri(I.shr, 8, RDX, 16)
  asm.rr(I.xor, 8, RDX, RCX)
  asm.rm(I.mov, 8, RSI, RBP, stateSlot('profile'))
  asm.ri(I.mov, 4, R8, PROBES)
  asm.bind(probe)
  asm.ri(I.and, 4, RDX, PLACES.EDGES_SIZE / EDGE.size - 1)
  asm.rr(I.mov, 4, R9, RDX)
  asm.ri(I.shl, 8, R9, Math.log2(EDGE.size))
  asm.rr(I.add, 8, R9, RSI)
  asm.ri(I.mov, 4, TEMP, 0)
  asm.lock()
  asm.mr(I.cmpxchg, 8, R9, at('key'), RCX)
  asm.jccShort(Cond.e, found)
  asm.rr(I.cmp, 8, TEMP, RCX)
  asm.jccShort(Cond.e, found)
  asm.r(I.inc, 4, RDX)
  asm.r(I.dec, 4, R8)
  asm.jccShort(Cond.ne, probe)
  asm.jmpShort(done)
  asm.bind(found)
  asm.mr(I.mov, 8, R9, at('from'), RDI)
  asm.mr(I.mov, 8, R9, at('to'), TEMP2)
  asm.lock()
  asm.m(I.inc, 8, R9, at('calls'))
  asm.bind(done)
  for (const register of SAVED.toReversed()) asm.r(I.pop, 8, register)
  asm.ret()
}

/** The pairs that were counted. @param words of PLACES.EDGES */
export function readEdges(words: BigUint64Array): EdgeCount[] {
  const edges: EdgeCount[] = []
  for (let base = 0; base < words.length; base += EDGE.size / 8) {
    if (words[base] === 0n) continue
    const field = (name: keyof typeof EDGE.at): number => Number(words[base + EDGE.at[name] / 8])
    edges.push({ from: field('from'), to: field('to'), calls: field('calls') })
  }
  return edges
}
