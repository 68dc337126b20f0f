/**
 * The code at the start of the code cache: the ways between translated code and the executor's C functions, and the
 * constants that translated code refers to. Everything here follows the register convention (ARCHITECTURE.md).
 *
 *     enter     C: void (ferry_state *): runs translated code at state.pc until the outermost guest function returns
 *     resume    loads every register from the CPU state, goes on at state.pc (signal handlers set rip here)
 *     miss      offset 0. rax = guest pc without a translation: fn_resolve (with the top of the host call stack), then there
 *     mismatch  rax = guest return address that the top of the host call stack does not have
 *     syscall   called for ecall; state.pc is behind it
 *     trap      eax = TRAP cause, state.pc set
 *     fence     fence.i, state.pc is behind it
 *     call      from the interpreter: calls the translation of state.pc with the return address in x[1]; behind it goes on there
 *     return    from the interpreter: returns to state.pc, which the top frame of the host call stack has
 *     ecall     from the interpreter: the ecall at state.pc
 *     native    functions of the C library (native/routines.ts)
 *     leave     the translation of RETURN_GATE: takes off all frames of the bridge level and returns to its opener
 */
import { CPU_STATE, PINNED, PINNED_FP, PLACES } from '../base/layout.ts'
import { fSlot, stateSlot, TEMP, TEMP2, xSlot } from './convention.ts'
import { lookUp } from './dispatch.ts'
import { emitRoutines, type NativeRoutines } from './native/routines.ts'
import { Assembler, Cond, I, R12, R13, R14, R15, RAX, RBP, RBX, RCX, RDI, RDX, RSI, RSP } from './x86/assembler.ts'

const F64 = (value: number): number[] => [...new Uint8Array(new Float64Array([value]).buffer)]
const F32 = (value: number): number[] => [...new Uint8Array(new Float32Array([value]).buffer)]
const U32 = (...values: number[]): number[] => [...new Uint8Array(new Uint32Array(values).buffer)]

/** fflags of each value of the six exception bits of MXCSR: IE DE ZE OE UE PE → NV, -, DZ, OF, UF, NX. */
const FLAGS = Array.from({ length: 64 }, (_, bits) => {
  const [ie, , ze, oe, ue, pe] = [0, 1, 2, 3, 4, 5].map(bit => (bits >> bit) & 1)
  return (ie! << 4) | (ze! << 3) | (oe! << 2) | (ue! << 1) | pe!
})

/** Constants, each in a place of 16 bytes or more (zero-padded). */
const POOL = {
  zero: U32(0),
  canonicalDouble: U32(0, 0x7ff80000),
  canonicalSingle: U32(0x7fc00000),
  upperOnes: U32(0, 0xffffffff),
  signDouble: U32(0, 0x80000000),
  signSingle: U32(0x80000000),
  magnitudeDouble: U32(0xffffffff, 0x7fffffff),
  magnitudeSingle: U32(0x7fffffff, 0xffffffff),
  /** Conversions to unsigned 32 bits below this can not overflow, whatever the rounding. */
  limit32Double: F64(4294967295),
  limit32Single: F32(4294967040),
  limit63Double: F64(2 ** 63),
  limit63Single: F32(2 ** 63),
  minimum32Double: F64(-(2 ** 31)),
  minimum32Single: F32(-(2 ** 31)),
  minimum64Double: F64(-(2 ** 63)),
  minimum64Single: F32(-(2 ** 63)),
  /** MXCSR rounding control of frm 0–3. */
  rounding: U32(0x0000, 0x6000, 0x2000, 0x4000),
  flags: FLAGS,
} as const

export interface Gates {
  readonly bytes: Uint8Array
  readonly enter: number
  readonly resume: number
  readonly miss: number
  readonly mismatch: number
  readonly syscall: number
  readonly trap: number
  readonly fence: number
  readonly call: number
  readonly return: number
  readonly ecall: number
  readonly leave: number
  readonly native: NativeRoutines
  readonly pool: Readonly<Record<keyof typeof POOL, number>>
}

/** Frame of a bridge level at level_base; the thunks of runtime/bridge build the same one. Byte offsets. */
export const LEVEL = { returnAddress: 0, gate: 8, guestSp: 16, previous: 24 } as const
/** A guest sp this far above a level's is a longjmp out of it, farther is another stack. */
const LONGJMP_REACH = 1 << 23
/** Frames that a mismatched return looks through, in bytes. */
const SEARCH = 64 * 16

const CALLEE_SAVED = [RBX, RBP, R12, R13, R14, R15]

export function makeGates(): Gates {
  const asm = new Assembler()
  const slot = stateSlot

  const saveAll = (): void => {
    for (const [guest, host] of PINNED) asm.mr(I.mov, 8, RBP, xSlot(guest), host)
    for (const [guest, xmm] of PINNED_FP) asm.vmr(I.vmovsd, RBP, fSlot(guest), xmm)
    asm.m(I.stmxcsr, 4, RBP, slot('mxcsr'))
  }
  const loadAll = (): void => {
    for (const [guest, host] of PINNED) asm.rm(I.mov, 8, host, RBP, xSlot(guest))
    for (const [guest, xmm] of PINNED_FP) asm.vrm(I.vmovsd, xmm, RBP, fSlot(guest))
  }
  const callState = (fn: 'fn_resolve' | 'fn_syscall' | 'fn_trap' | 'fn_fence_i'): void => {
    asm.rm(I.lea, 8, RDI, RBP, -PLACES.STATE_BIAS)
    asm.m(I.call, 8, RBP, slot(fn))
  }

  const [miss, resume, go, notFound] = [asm.label(), asm.label(), asm.label(), asm.label()]
  asm.bind(miss)
  asm.mr(I.mov, 8, RBP, slot('pc'), RAX)
  saveAll()
  asm.rr(I.mov, 8, RSI, RAX)
  asm.rr(I.mov, 8, RDX, RSP)
  asm.rm(I.lea, 8, RSP, RSP, -8)
  callState('fn_resolve')
  loadAll()
  asm.rm(I.lea, 8, RSP, RSP, 8)
  asm.jmpR(RAX)

  /** Goes to the guest pc in rax. */
  const dispatch = (): void => {
    lookUp(asm, miss)
    asm.jmpR(TEMP2)
  }

  asm.align(16)
  const resumeAt = asm.pos
  asm.bind(resume)
  asm.m(I.ldmxcsr, 4, RBP, slot('mxcsr'))
  loadAll()
  asm.bind(go)
  asm.rm(I.mov, 8, TEMP, RBP, slot('pc'))
  dispatch()

  asm.align(16)
  const enter = asm.pos
  for (const r of CALLEE_SAVED) asm.r(I.push, 8, r)
  asm.mr(I.mov, 8, RDI, CPU_STATE.at.executor_rsp, RSP)
  asm.rm(I.lea, 8, RBP, RDI, PLACES.STATE_BIAS)
  asm.rm(I.mov, 8, RSP, RBP, slot('level_base'))
  asm.rm(I.lea, 8, RSP, RSP, -8)
  // the outermost level: no guest sp is above its, and there is none before it
  asm.pushImm(0)
  asm.pushImm(-1)
  asm.pushImm(PLACES.RETURN_GATE)
  asm.rm(I.lea, 8, RAX, RSP, -8)
  asm.mr(I.mov, 8, RBP, slot('level_base'), RAX)
  asm.call(resume)
  saveAll()
  asm.rm(I.mov, 8, RSP, RBP, slot('executor_rsp'))
  for (const r of CALLEE_SAVED.toReversed()) asm.r(I.pop, 8, r)
  asm.ret()

  asm.align(16)
  const leave = asm.pos
  asm.rm(I.mov, 8, RSP, RBP, slot('level_base'))
  asm.ret()

  asm.align(16)
  const mismatch = asm.pos
  const otherwise = asm.label()
  asm.bind(otherwise)
  const search = asm.label()
  asm.ri(I.and, 8, RAX, -2)
  asm.rm(I.lea, 8, TEMP2, RSP, SEARCH)
  asm.rm(I.cmp, 8, TEMP2, RBP, slot('level_base'))
  asm.cmovM(Cond.a, 8, TEMP2, RBP, slot('level_base'))
  asm.mr(I.mov, 8, RBP, slot('scratch'), TEMP2)
  asm.rr(I.mov, 8, TEMP2, RSP)
  asm.bind(search)
  asm.rm(I.cmp, 8, TEMP2, RBP, slot('scratch'))
  asm.jcc(Cond.ae, notFound)
  asm.ri(I.add, 8, TEMP2, 16)
  asm.rm(I.cmp, 8, RAX, TEMP2, 8)
  asm.jcc(Cond.ne, search)
  asm.rr(I.mov, 8, RSP, TEMP2)
  asm.ret()
  asm.bind(notFound)
  // a longjmp out of a bridge level: the guest sp is above the one that the level was opened with. One from another stack, of a
  // signal handler, may leave levels of that stack too, so that those farther out are looked at
  const stay = asm.label()
  const level = asm.label()
  asm.mr(I.mov, 8, RBP, slot('scratch'), RCX)
  asm.rm(I.mov, 8, TEMP2, RBP, slot('level_base'))
  asm.bind(level)
  asm.rr(I.mov, 8, RCX, RBX)
  asm.rm(I.sub, 8, RCX, TEMP2, LEVEL.guestSp)
  const [above, far] = [asm.label(), asm.label()]
  asm.ri(I.cmp, 8, RCX, LONGJMP_REACH)
  asm.jcc(Cond.a, far)
  // equal: a jump to the frame that called the host function, unless the level itself ends
  asm.rr(I.test, 8, RCX, RCX)
  asm.jcc(Cond.ne, above)
  asm.ri(I.cmp, 8, RAX, PLACES.RETURN_GATE)
  asm.jcc(Cond.e, stay)
  asm.bind(above)
  asm.rm(I.mov, 8, TEMP2, TEMP2, LEVEL.previous)
  asm.rr(I.test, 8, TEMP2, TEMP2)
  asm.jcc(Cond.e, stay)
  asm.mr(I.mov, 8, RBP, slot('level_base'), TEMP2)
  asm.rr(I.mov, 8, RSP, TEMP2)
  asm.jmp(level)
  asm.bind(far)
  // not far below: deeper on the level's own stack
  asm.ri(I.cmp, 8, RCX, -LONGJMP_REACH)
  asm.jcc(Cond.ae, stay)
  asm.rm(I.mov, 8, TEMP2, TEMP2, LEVEL.previous)
  asm.rr(I.test, 8, TEMP2, TEMP2)
  asm.jcc(Cond.ne, level)
  asm.bind(stay)
  asm.rm(I.mov, 8, RCX, RBP, slot('scratch'))
  dispatch()

  asm.align(16)
  const returnTo = asm.pos
  asm.rm(I.mov, 8, TEMP, RBP, slot('pc'))
  asm.rm(I.cmp, 8, TEMP, RSP, 8)
  asm.jcc(Cond.ne, otherwise)
  asm.ret()

  asm.align(16)
  const call = asm.pos
  asm.m(I.push, 8, RBP, xSlot(1))
  asm.call(go)
  asm.r(I.pop, 8, TEMP)
  dispatch()

  asm.align(16)
  const syscall = asm.pos
  const performed = asm.label()
  asm.bind(performed)
  const replaced = asm.label()
  saveAll()
  callState('fn_syscall')
  asm.rr(I.test, 4, RAX, RAX)
  asm.jcc(Cond.ne, replaced)
  loadAll()
  asm.ret()
  asm.bind(replaced)
  asm.rm(I.lea, 8, RSP, RSP, 8)
  asm.jmp(resume)

  asm.align(16)
  const ecall = asm.pos
  asm.mi(I.add, 8, RBP, slot('pc'), 4)
  asm.call(performed)
  asm.jmp(go)

  const leaveFor = (fn: 'fn_trap' | 'fn_fence_i'): number => {
    asm.align(16)
    const start = asm.pos
    saveAll()
    asm.rr(I.mov, 4, RSI, RAX)
    asm.rm(I.lea, 8, RSP, RSP, -8)
    callState(fn)
    asm.rm(I.lea, 8, RSP, RSP, 8)
    asm.jmp(resume)
    return start
  }
  const trap = leaveFor('fn_trap')
  const fence = leaveFor('fn_fence_i')

  const pool = {} as Record<keyof typeof POOL, number>
  for (const [name, bytes] of Object.entries(POOL)) {
    asm.align(16)
    pool[name as keyof typeof POOL] = asm.pos
    for (let k = 0; k < Math.max(16, bytes.length); k++) asm.byte(bytes[k] ?? 0)
  }
  const native = emitRoutines(asm)
  const bytes = asm.finish().slice()
  return {
    ...{ bytes, enter, resume: resumeAt, miss: 0, mismatch, syscall, trap, fence, leave, pool },
    ...{ call, return: returnTo, ecall, native },
  }
}
