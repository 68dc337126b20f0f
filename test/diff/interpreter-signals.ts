import type { Hart } from '../../emulator/riscv/interpret/hart.ts'
import type { StepResult } from '../../emulator/riscv/interpret/interpreter.ts'
import type { Memory } from '../../emulator/riscv/interpret/memory.ts'

/** Signals of faults, by what the interpreter calls them: SIGILL, SIGTRAP, SIGBUS, SIGSEGV. */
const SIGNALS: Partial<Record<StepResult, number>> = {
  illegal: 4,
  ebreak: 5,
  misaligned: 7,
  fault: 11,
  'fetch-fault': 11,
}

/** struct rt_sigframe of riscv64: a siginfo, and a ucontext with the registers (pc in the place of x0), f0–f31 and fcsr in it. */
const CONTEXT = 128n
const REGISTERS = CONTEXT + 176n
const FLOATS = REGISTERS + 256n
const FCSR = FLOATS + 256n
const SIZE = FCSR + 288n
/** Where a handler returns to; nothing is mapped there. */
const TRAMPOLINE = 0x3fff_0000n

/** Handlers of faults for programs under the interpreter, entered on the alternate stack as the kernel does it. */
export class Signals {
  readonly handlers = new Map<number, bigint>()
  /** End of the alternate stack. */
  stack = 0n

  constructor(
    private readonly hart: Hart,
    private readonly memory: Memory,
  ) {}

  /** Enters the handler of what has happened. Returns false when there is none. */
  enter(result: StepResult): boolean {
    const { hart, memory } = this
    const signal = SIGNALS[result]
    const handler = signal === undefined ? undefined : this.handlers.get(signal)
    if (signal === undefined || handler === undefined) return false
    const frame = (this.stack - SIZE) & ~15n
    memory.store(frame + REGISTERS, 8, hart.pc)
    for (let r = 1; r < 32; r++) memory.store(frame + REGISTERS + BigInt(8 * r), 8, hart.x[r]!)
    for (let r = 0; r < 32; r++) memory.store(frame + FLOATS + BigInt(8 * r), 8, hart.f[r]!)
    memory.store(frame + FCSR, 4, BigInt((hart.frm << 5) | hart.fflags))
    hart.x.set([TRAMPOLINE, frame], 1)
    hart.x.set([BigInt(signal), frame, frame + CONTEXT], 10)
    hart.pc = handler
    return true
  }

  /** Takes the registers out of the frame when a handler has returned. */
  leave(result: StepResult): boolean {
    const { hart, memory } = this
    if (result !== 'fetch-fault' || hart.pc !== TRAMPOLINE) return false
    const frame = hart.x[2]!
    hart.pc = memory.load(frame + REGISTERS, 8)
    for (let r = 1; r < 32; r++) hart.x[r] = memory.load(frame + REGISTERS + BigInt(8 * r), 8)
    for (let r = 0; r < 32; r++) hart.f[r] = memory.load(frame + FLOATS + BigInt(8 * r), 8)
    const fcsr = Number(memory.load(frame + FCSR, 4))
    hart.fflags = fcsr & 31
    hart.frm = fcsr >> 5
    return true
  }
}
