/**
 * Zicsr: the floating-point control and status registers, and the counters (ISA manual §9, §10.1, §11.2).
 * Frequent forms are inline: reading any of them, changing fflags, and writing a frm that the host has. The
 * interpreter does the rest; it also raises the illegal instruction for registers that user mode does not have.
 */
import { fSlot, stateSlot, TEMP, TEMP2, XTEMP, XTEMP2 } from '../convention.ts'
import { IrOp } from '../ir/ops.ts'
import { Cond, I, RAX, RBP, RDX, RIPREL } from '../x86/assembler.ts'
import { interpret, interpretIf } from './control.ts'
import type { Emitter } from './emitter.ts'
import { operand } from './float.ts'
import type { Handler } from './handler.ts'

const CSR = { fflags: 1, frm: 2, fcsr: 3, cycle: 0xc00, time: 0xc01, instret: 0xc02 } as const
/** Exception flags of MXCSR (IE DE ZE OE UE PE). */
const HOST_FLAGS = 0x3f
const ROUNDING = 0x6000

/** rax = accrued exceptions: those of MXCSR in RISC-V's order, and those in the CPU state. Uses r10. */
function readFlags(e: Emitter): void {
  const { asm } = e
  asm.m(I.stmxcsr, 4, RBP, stateSlot('mxcsr'))
  asm.rm(I.mov, 4, TEMP, RBP, stateSlot('mxcsr'))
  asm.ri(I.and, 4, TEMP, HOST_FLAGS)
  e.pool('flags', () => asm.rm(I.lea, 8, TEMP2, RIPREL, 0))
  asm.rm(I.movzx8, 4, TEMP, TEMP2, 0, TEMP, 1)
  asm.rm(I.or, 4, TEMP, RBP, stateSlot('fflags'))
}

function read(e: Emitter, csr: number): void {
  const { asm } = e
  switch (csr) {
    case CSR.fflags:
      readFlags(e)
      break
    case CSR.frm:
      asm.rm(I.mov, 4, TEMP, RBP, stateSlot('frm'))
      break
    case CSR.fcsr:
      readFlags(e)
      asm.rm(I.mov, 4, TEMP2, RBP, stateSlot('frm'))
      asm.ri(I.shl, 4, TEMP2, 5)
      asm.rr(I.or, 4, TEMP, TEMP2)
      break
    default:
      // the time-stamp counter serves as cycle, time and instret
      asm.rr(I.mov, 8, TEMP2, RDX)
      asm.op(I.rdtsc)
      asm.ri(I.shl, 8, RDX, 32)
      asm.rr(I.or, 8, RAX, RDX)
      asm.rr(I.mov, 8, RDX, TEMP2)
  }
}

/**
 * fflags = the low five bits of r10. rax has the accrued exceptions: mostly they stay what they are (a comparison between reading
 * and writing them raised nothing), and MXCSR is left alone, because changing it is slow. Keeps rax.
 */
function writeFlags(e: Emitter): void {
  const { asm } = e
  asm.ri(I.and, 4, TEMP2, 31)
  if (!e.optimizations.fflags) return replaceFlags(e)
  const changed = asm.label()
  const done = asm.label()
  asm.rr(I.cmp, 4, TEMP2, TEMP)
  asm.jcc(Cond.ne, changed)
  asm.bind(done)
  e.later(() => {
    asm.bind(changed)
    replaceFlags(e)
    asm.jmp(done)
  })
}

/** fflags = r10, those of MXCSR included. */
function replaceFlags({ asm }: Emitter): void {
  asm.mr(I.mov, 4, RBP, stateSlot('fflags'), TEMP2)
  asm.m(I.stmxcsr, 4, RBP, stateSlot('mxcsr'))
  asm.mi(I.and, 4, RBP, stateSlot('mxcsr'), ~HOST_FLAGS)
  asm.m(I.ldmxcsr, 4, RBP, stateSlot('mxcsr'))
}

const COMPARISONS: ReadonlySet<number> = new Set([IrOp.flt_d, IrOp.fle_d, IrOp.flt_s, IrOp.fle_s])

/**
 * What compilers make of a quiet comparison: the flags are read, a comparison may raise NV, the flags are written back (instruction i).
 * Nothing has changed unless an operand is a NaN: then the flags of a comparison say so, which is emitted here.
 */
function restoresQuietly(e: Emitter, i: number): boolean {
  const { asm, ir } = e
  const compare = i - 1
  const first = i - 2
  if (!ir.blocks.some(({ start, end }) => start <= first && i < end)) return false
  const saved = ir.rs1[i]!
  const saves = ir.op[first] === IrOp.csrrs && ir.imm[first] === CSR.fflags && ir.rs1[first] === 0
  if (!saves || saved === 0 || ir.rd[first] !== saved) return false
  if (!COMPARISONS.has(ir.op[compare]!) || ir.rd[compare] === saved) return false
  const double = ir.op[compare] === IrOp.flt_d || ir.op[compare] === IrOp.fle_d
  const [a, b] = [ir.rs1[compare]!, ir.rs2[compare]!]
  if (!double && ((e.float.boxed >>> a) & (e.float.boxed >>> b) & 1) === 0) return false
  const order = double ? I.vucomisd : I.vucomiss
  if (e.isFloatOperand(b, double)) asm.vrm(order, operand(e, a, double, XTEMP), RBP, fSlot(b))
  else asm.vrr(order, operand(e, a, double, XTEMP), operand(e, b, double, XTEMP2))
  return true
}

const access =
  (immediate: boolean, kind: 'write' | 'set' | 'clear'): Handler =>
  (e, i) => {
    const { asm, ir } = e
    const csr = ir.imm[i]!
    const rd = ir.rd[i]!
    const rs1 = ir.rs1[i]!
    if (!(Object.values(CSR) as number[]).includes(csr)) return interpret(e, i)
    if (kind !== 'write' && rs1 === 0) {
      read(e, csr)
      e.put(rd, TEMP)
      return
    }
    if (csr > CSR.frm || (kind !== 'write' && csr !== CSR.fflags)) return interpret(e, i)
    // a mode that the host has again changes how everything is translated
    if (csr === CSR.frm && e.oddRounding) return interpret(e, i)
    if (!immediate && rs1 !== 0 && !e.inMemory(rs1)) e.full(rs1)
    const load = (): void => {
      if (immediate) asm.ri(I.mov, 4, TEMP2, rs1)
      else {
        const a = e.full(rs1, TEMP2)
        if (a !== TEMP2) asm.rr(I.mov, 8, TEMP2, a)
      }
    }
    const restores = csr === CSR.fflags && kind === 'write' && !immediate && rd === 0
    if (restores && e.optimizations.quiet && restoresQuietly(e, i)) {
      const unordered = asm.label()
      const done = asm.label()
      asm.jcc(Cond.p, unordered)
      asm.bind(done)
      e.later(() => {
        asm.bind(unordered)
        read(e, csr)
        load()
        writeFlags(e)
        asm.jmp(done)
      })
      return
    }
    if (csr === CSR.fflags) {
      read(e, csr)
      load()
      if (kind === 'set') asm.rr(I.or, 4, TEMP2, TEMP)
      if (kind === 'clear') {
        asm.r(I.not, 4, TEMP2)
        asm.rr(I.and, 4, TEMP2, TEMP)
      }
      writeFlags(e)
      e.put(rd, TEMP)
      return
    }
    // frm: rounding modes 0–3 have a host mode; 4 and the reserved ones change how everything is translated
    load()
    asm.ri(I.and, 4, TEMP2, 7)
    asm.ri(I.cmp, 4, TEMP2, 3)
    interpretIf(e, i, Cond.a)
    e.pool('rounding', () => asm.rm(I.lea, 8, TEMP, RIPREL, 0))
    asm.rm(I.mov, 4, TEMP, TEMP, 0, TEMP2, 4)
    asm.m(I.stmxcsr, 4, RBP, stateSlot('mxcsr'))
    asm.mi(I.and, 4, RBP, stateSlot('mxcsr'), ~ROUNDING)
    asm.mr(I.or, 4, RBP, stateSlot('mxcsr'), TEMP)
    asm.m(I.ldmxcsr, 4, RBP, stateSlot('mxcsr'))
    asm.rm(I.mov, 4, TEMP, RBP, stateSlot('frm'))
    asm.mr(I.mov, 4, RBP, stateSlot('frm'), TEMP2)
    e.put(rd, TEMP)
  }

export const csrHandlers = {
  csrrw: access(false, 'write'),
  csrrs: access(false, 'set'),
  csrrc: access(false, 'clear'),
  csrrwi: access(true, 'write'),
  csrrsi: access(true, 'set'),
  csrrci: access(true, 'clear'),
} as const satisfies Record<string, Handler>
