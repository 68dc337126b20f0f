/**
 * Guest → host: the code that stands at a marked function's guest address. Entered like any translation: arguments in
 * the register convention, [rsp] host return address, [rsp+8] guest return address, rsp ≡ 8 (mod 16).
 *
 * The stub keeps ra on the host stack, because callbacks into the guest overwrite it, and sp in the CPU state, where
 * thunks find it. Callee-saved guest registers are in registers that the host function preserves.
 */
import { COUNTER } from '../../base/layout.ts'
import { parseSignature } from '../../base/signature.ts'
import { stateSlot, TEMP, TEMP2, xSlot } from '../../emulator/convention.ts'
import type { Gates } from '../../emulator/gates.ts'
import { Cond, I, RAX, RBP, RBX, RDI, RDX, RIPREL, RSI, RSP } from '../../emulator/x86/assembler.ts'
import { box, guestArgument, guestSpSlot, HOST_ARGUMENTS, jumpTo, raSlot, readTicks, refer, type Site } from './code.ts'
import { type Placement, place } from './placement.ts'

/** Emits a return to the guest address that the caller pushed; rax = ra. */
export function guestReturn(site: Site, gates: Gates): void {
  const { asm } = site
  const mismatch = asm.label()
  asm.rm(I.cmp, 8, RAX, RSP, 8)
  asm.jccShort(Cond.ne, mismatch)
  asm.ret()
  asm.bind(mismatch)
  jumpTo(site, gates.mismatch)
}

/** What a measuring stub counts into. */
export interface Measure {
  /** Of the function's counter. */
  readonly index: number
  /** Guest address of the function. */
  readonly pc: number
  /** Offset of the routine that counts crossings (edges.ts). */
  readonly edges: number
}

const counterDisp = (index: number, field: keyof typeof COUNTER.at): number => index * COUNTER.size + COUNTER.at[field]

/** Counts a call and pushes the time: 8 bytes on the host stack. Keeps every guest register. */
function startMeasure(site: Site, index: number): void {
  const { asm } = site
  readTicks(asm)
  asm.r(I.push, 8, TEMP)
  asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('profile'))
  asm.m(I.inc, 8, TEMP2, counterDisp(index, 'calls'))
  asm.m(I.inc, 8, TEMP2, counterDisp(index, 'depth'))
}

/** Pops the time; adds what passed when no other call of the function is under way. Uses rax and r10 alone. */
function endMeasure(site: Site, index: number): void {
  const { asm } = site
  readTicks(asm)
  asm.mr(I.sub, 8, RSP, 0, TEMP)
  asm.r(I.pop, 8, TEMP)
  asm.r(I.neg, 8, TEMP)
  asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('profile'))
  asm.m(I.dec, 8, TEMP2, counterDisp(index, 'depth'))
  const inner = asm.label()
  asm.jccShort(Cond.ne, inner)
  asm.mr(I.add, 8, TEMP2, counterDisp(index, 'ticks'), TEMP)
  asm.m(I.inc, 8, TEMP2, counterDisp(index, 'outermost'))
  asm.bind(inner)
}

/**
 * @param host cache offset of the word with the address of the host entry
 * @param measure what counts the calls, or undefined
 */
export function emitStub(site: Site, gates: Gates, signature: string, host: number, measure?: Measure): void {
  const { asm } = site
  // rsp ≡ 8 here; ra, the time, and the stack arguments must leave it ≡ 0 at the call
  asm.m(I.push, 8, RBP, raSlot)
  if (measure) {
    asm.rm(I.mov, 8, TEMP, RBP, raSlot)
    asm.movImm64(TEMP2, measure.pc, Math.floor(measure.pc / 2 ** 32))
    site.references.push({ field: asm.callRel32(), target: measure.edges })
    startMeasure(site, measure.index)
  }
  emitHostCall(site, gates, signature, host, measure ? 1 : 0)
  if (measure) endMeasure(site, measure.index)
  asm.r(I.pop, 8, RAX)
  asm.mr(I.mov, 8, RBP, raSlot, RAX)
  guestReturn(site, gates)
}

/**
 * The call of the host function, from the guest's arguments to the guest's results.
 * @param odd words modulo 2 by which rsp is off a multiple of 16
 */
export function emitHostCall(site: Site, gates: Gates, signature: string, host: number, odd: 0 | 1): void {
  const { asm } = site
  const parsed = parseSignature(signature)
  const placement = place(parsed)
  asm.mr(I.mov, 8, RBP, guestSpSlot, RBX)
  const words = placement.hostStack + ((placement.hostStack + odd) % 2)
  if (words > 0) asm.rm(I.lea, 8, RSP, RSP, -8 * words)
  if (placement.variable) storeVariable(site, placement.variable.registers)
  if (!placement.identical) moveToHost(site, placement)
  if (placement.variable) pointToVariable(site, placement.variable, placement.guestStack)
  refer(site, host, () => asm.m(I.call, 8, RIPREL, 0))
  if (words > 0) asm.rm(I.lea, 8, RSP, RSP, 8 * words)
  resultsToGuest(site, parsed.results, gates)
}

/** rax, rdx, xmm0, xmm1 in their order to a0, a1, fa0, fa1. */
function resultsToGuest(site: Site, results: string, gates: Gates): void {
  const { asm } = site
  const integers = [...results].filter(type => type === 'i').length
  if (integers > 0) asm.rr(I.mov, 8, RDI, RAX)
  if (integers > 1) asm.rr(I.mov, 8, RSI, RDX)
  let x = 0
  for (const type of results) {
    if (type === 'i') continue
    if (type === 'f') box(site, x, gates.pool.upperOnes)
    x++
  }
}

const ARGUMENT_REGISTERS = 8

/**
 * Stores the argument registers behind the named ones where a callee of the psABI does, right below the arguments on the stack, and lowers
 * the sp that thunks find.
 */
function storeVariable({ asm }: Site, named: number): void {
  const count = ARGUMENT_REGISTERS - named
  if (count === 0) return
  for (let i = 0; i < count; i++) asm.mr(I.mov, 8, RBX, 8 * (i - count), guestArgument(asm, named + i, TEMP))
  asm.rm(I.lea, 8, TEMP, RBX, -16 * Math.ceil(count / 2))
  asm.mr(I.mov, 8, RBP, guestSpSlot, TEMP)
}

function pointToVariable({ asm }: Site, { host, registers }: NonNullable<Placement['variable']>, stack: number): void {
  const disp = 8 * (registers < ARGUMENT_REGISTERS ? registers - ARGUMENT_REGISTERS : stack)
  const register = host.kind === 'x' ? HOST_ARGUMENTS[host.index]! : TEMP
  asm.rm(I.lea, 8, register, RBX, disp)
  if (host.kind === 'stack') asm.mr(I.mov, 8, RSP, host.index * 8, TEMP)
}

/**
 * Words that are elsewhere on the host. Those that go to the host stack are written first, while every guest register is still
 * whole; then, if registers move too, all guest arguments are spilled and read back from there.
 */
function moveToHost({ asm }: Site, { words }: Placement): void {
  for (const { guest, host } of words) {
    if (host.kind !== 'stack') continue
    const disp = host.index * 8
    if (guest.kind === 'f') asm.vmr(I.vmovsd, RSP, disp, guest.index)
    else if (guest.kind === 'x') asm.mr(I.mov, 8, RSP, disp, guestArgument(asm, guest.index, TEMP))
    else {
      asm.rm(I.mov, 8, TEMP, RBX, guest.index * 8)
      asm.mr(I.mov, 8, RSP, disp, TEMP)
    }
  }
  const moved = words.filter(
    w => w.host.kind !== 'stack' && (w.guest.kind !== w.host.kind || w.guest.index !== w.host.index),
  )
  for (const { guest } of moved) {
    if (guest.kind === 'x') asm.mr(I.mov, 8, RBP, xSlot(10 + guest.index), guestArgument(asm, guest.index, TEMP))
  }
  for (const { guest, host } of moved) {
    const [base, disp] = guest.kind === 'stack' ? [RBX, guest.index * 8] : [RBP, xSlot(10 + guest.index)]
    if (host.kind === 'x') asm.rm(I.mov, 8, HOST_ARGUMENTS[host.index]!, base, disp)
    else asm.vrm(I.vmovsd, host.index, base, disp)
  }
}

/** The measuring wrapper of a marked function that runs emulated: `body` is the offset of its translation. */
export function emitEmulatedStub(site: Site, gates: Gates, body: number, measure: number): void {
  const { asm } = site
  asm.m(I.push, 8, RBP, raSlot)
  startMeasure(site, measure)
  // the frame that the function returns through
  asm.m(I.push, 8, RBP, raSlot)
  site.references.push({ field: asm.callRel32(), target: body })
  asm.rm(I.lea, 8, RSP, RSP, 8)
  endMeasure(site, measure)
  asm.r(I.pop, 8, RAX)
  guestReturn(site, gates)
}
