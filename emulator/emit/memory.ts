/** Loads and stores of the integer and floating-point registers, and of cache blocks. Misaligned accesses are left to the host, which does them. */
import { TEMP, TEMP2, XTEMP } from '../convention.ts'
import { NONE, SCALE_ZEXT } from '../ir/ir.ts'
import { BLOCK_SIZE } from '../riscv/extensions.ts'
import { I, NONE as NO_REGISTER, type Size } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'
import { HALF_BOX } from './half.ts'
import type { Handler } from './handler.ts'

/** The address of instruction i: fills {@link at}. May use rax and r10. */
const at = { base: 0, disp: 0, index: NO_REGISTER as number, scale: 1 }

function address(e: Emitter, i: number): void {
  const { ir } = e
  const rs1 = ir.rs1[i]!
  const index = ir.index[i]!
  at.disp = ir.imm[i]!
  at.index = NO_REGISTER
  at.scale = 1
  if (rs1 === 0) {
    // absolute: x0 or a folded constant, which fits in 31 bits
    at.base = NO_REGISTER
    return
  }
  if (index !== NONE) {
    const scale = ir.scale[i]!
    if (scale >= SCALE_ZEXT) {
      e.asm.rr(I.mov, 4, TEMP2, e.low(index, TEMP2))
      at.index = TEMP2
    } else at.index = e.full(index, TEMP2)
    at.scale = 1 << (scale & 3)
  }
  at.base = e.full(rs1, TEMP)
}

function load(op: number, size: Size): Handler {
  return (e, i) => {
    const rd = e.ir.rd[i]!
    address(e, i)
    const d = rd === 0 ? TEMP : e.target(rd)
    e.site(i)
    e.asm.rm(op, size, d, at.base, at.disp, at.index, at.scale)
    e.put(rd, d)
  }
}

function store(size: Size): Handler {
  return (e, i) => {
    const { asm, ir } = e
    address(e, i)
    const rs2 = ir.rs2[i]!
    if (rs2 === 0) {
      e.site(i)
      asm.mi(I.mov, size, at.base, at.disp, truncate(ir.rs3[i] === 1 ? ir.hi[i]! : 0, size), at.index, at.scale)
      return
    }
    const source = e.operand(rs2, size === 8 ? 8 : 4, TEMP2)
    e.site(i)
    asm.mr(I.mov, size, at.base, at.disp, source, at.index, at.scale)
  }
}

/** The constant as a signed immediate of the size. */
function truncate(value: number, size: Size): number {
  return size === 1 ? (value << 24) >> 24 : size === 2 ? (value << 16) >> 16 : value
}

const loadDouble: Handler = (e, i) => {
  const rd = e.ir.rd[i]!
  address(e, i)
  const x = e.targetFp(rd)
  e.site(i)
  e.asm.vrm(I.vmovsd, x, at.base, at.disp, at.index, at.scale)
  e.putFloat(i, rd, x)
}

const loadSingle: Handler = (e, i) => {
  const rd = e.ir.rd[i]!
  address(e, i)
  const x = e.targetFp(rd)
  e.site(i)
  e.asm.vrm(I.vmovss, x, at.base, at.disp, at.index, at.scale)
  e.putFloat(i, rd, x)
}

const loadHalf: Handler = (e, i) => {
  const rd = e.ir.rd[i]!
  address(e, i)
  const x = e.targetFp(rd)
  e.site(i)
  e.asm.rm(I.movzx16, 4, TEMP, at.base, at.disp, at.index, at.scale)
  e.asm.ri(I.or, 8, TEMP, HALF_BOX)
  e.asm.xg(I.vmovq, 8, x, TEMP)
  e.putFloat(i, rd, x)
}

const storeHalf: Handler = (e, i) => {
  const { asm, ir } = e
  address(e, i)
  // (an index would need r10: only integer loads have one)
  asm.gx(I.vmovd, 4, TEMP2, e.double(ir.rs2[i]!, XTEMP))
  e.site(i)
  asm.mr(I.mov, 2, at.base, at.disp, TEMP2)
}

function storeFloat(double: boolean): Handler {
  return (e, i) => {
    const { asm, ir } = e
    const rs2 = ir.rs2[i]!
    // settled by the common code before the handler (FUSE.doubleBits, FUSE.singleBits)
    const x = e.double(rs2, XTEMP)
    address(e, i)
    e.site(i)
    asm.vmr(double ? I.vmovsd : I.vmovss, at.base, at.disp, x, at.index, at.scale)
  }
}

/** The host's caches are coherent: the block must be there, and that is all. */
const manageBlock: Handler = (e, i) => {
  const base = e.full(e.ir.rs1[i]!, TEMP)
  e.site(i)
  e.asm.rm(I.movzx8, 4, TEMP, base, 0)
}

const VECTOR = 16
const zeroBlock: Handler = (e, i) => {
  const { asm } = e
  const base = e.full(e.ir.rs1[i]!, TEMP)
  if (base !== TEMP) asm.rr(I.mov, 8, TEMP, base)
  asm.ri(I.and, 8, TEMP, -BLOCK_SIZE)
  asm.vrrr(I.vxorps, XTEMP, XTEMP, XTEMP)
  for (let offset = 0; offset < BLOCK_SIZE; offset += VECTOR) {
    e.site(i)
    asm.vmr(I.vmovaps, TEMP, offset, XTEMP)
  }
}

export const memoryHandlers = {
  lb: load(I.movsx8, 8),
  lh: load(I.movsx16, 8),
  lw: load(I.movsxd, 8),
  ld: load(I.mov, 8),
  lbu: load(I.movzx8, 4),
  lhu: load(I.movzx16, 4),
  lwu: load(I.mov, 4),
  sb: store(1),
  sh: store(2),
  sw: store(4),
  sd: store(8),
  flh: loadHalf,
  fsh: storeHalf,
  flw: loadSingle,
  fld: loadDouble,
  fsw: storeFloat(false),
  fsd: storeFloat(true),
  cbo_clean: manageBlock,
  cbo_flush: manageBlock,
  cbo_zero: zeroBlock,
} as const satisfies Record<string, Handler>
