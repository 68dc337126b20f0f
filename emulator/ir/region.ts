/**
 * Region formation: from an entry pc, the blocks that direct jumps and branches reach, in the order of their addresses.
 * Calls do not extend a region into the callee, but the return point belongs to the caller's region.
 * Growth stops at code that has a translation already (it is chained to), and at a budget of instructions.
 */

import { isLink } from '../convention.ts'
import { Decoded, decode } from '../riscv/decode.ts'
import { markLoops } from './blocks.ts'
import type { Block, Ir } from './ir.ts'
import { IrOp } from './ops.ts'
import { ENDS_BLOCK, FUSE3 } from './traits.ts'

export interface RegionLimits {
  /** Most guest instructions of a region. */
  readonly instructions: number
  /** Farthest distance in bytes from the entry. */
  readonly reach: number
  /** Only the entry's own block. */
  readonly single: boolean
}

/** Guest code as the translator sees it. */
export interface GuestCode {
  /** The 4 bytes at pc as an unsigned number; only the low half is defined when the next halfword can not be fetched. -1: nothing can be fetched. */
  fetch(pc: number): number
  /** A translation of pc exists, and the region should go there rather than translate it again. */
  translated(pc: number): boolean
  /** A debugger wants control at pc, before the instruction there. */
  breakpoint?(pc: number): boolean
}

/** Why an `illegal` operation stands in the IR (its rm): what it does when it is reached. */
export const ILLEGAL = { INSTRUCTION: 0, BREAKPOINT: 1 } as const
/** Bytes of the shortest instruction. */
const HALFWORD = 2

const decoded = new Decoded()

/** Fills `ir` with the region that starts at `entry`. */
export function formRegion(ir: Ir, entry: number, code: GuestCode, limits: RegionLimits): void {
  ir.reset(entry)
  const slotAt = new Map<number, number>()
  const leaders = new Set<number>([entry])
  const entries = new Set<number>([entry])
  const work: number[] = [entry]

  const lead = (pc: number): void => {
    if (limits.single || leaders.has(pc) || Math.abs(pc - entry) > limits.reach) return
    if (code.translated(pc)) return
    leaders.add(pc)
    work.push(pc)
  }

  while (work.length > 0) {
    let pc = work.shift()!
    for (;;) {
      if (slotAt.has(pc)) {
        // known: a leader, or where two readings of overlapping instructions come together
        leaders.add(pc)
        break
      }
      if (ir.count >= limits.instructions || (pc !== entry && leaders.has(pc) === false && code.translated(pc))) break
      const word = code.fetch(pc)
      // control leaves the region here: who comes asks for a translation, which there may be then
      if (word < 0) break
      const i = ir.append()
      slotAt.set(pc, i)
      ir.pc[i] = pc - entry
      const breakpoint = code.breakpoint?.(pc) ?? false
      if (breakpoint || !decode(word, decoded)) {
        ir.op[i] = IrOp.illegal
        ir.length[i] = breakpoint ? HALFWORD : 4
        ir.imm[i] = word
        ir.rd[i] = ir.rs1[i] = ir.rs2[i] = ir.rs3[i] = 0
        ir.rm[i] = breakpoint ? ILLEGAL.BREAKPOINT : ILLEGAL.INSTRUCTION
        break
      }
      ir.op[i] = decoded.op
      ir.rd[i] = decoded.rd
      ir.rs1[i] = decoded.rs1
      ir.rs2[i] = decoded.rs2
      ir.rs3[i] = FUSE3[decoded.op] !== 0 ? decoded.rs3 : 0
      ir.imm[i] = decoded.imm
      ir.rm[i] = decoded.rm
      ir.length[i] = decoded.length
      const next = pc + decoded.length
      const ends = ENDS_BLOCK[decoded.op]
      if (ends !== undefined) {
        if (ends === 'branch') {
          lead(next)
          lead(pc + decoded.imm)
        } else if (ends === 'jal') {
          if (isLink(decoded.rd)) {
            lead(next)
            if (leaders.has(next)) entries.add(next)
          } else if (decoded.rd === 0) lead(pc + decoded.imm)
        } else if (ends === 'jalr') {
          if (isLink(decoded.rd)) {
            lead(next)
            if (leaders.has(next)) entries.add(next)
          }
        } else if (ends === 'resume') {
          lead(next)
          if (leaders.has(next)) entries.add(next)
        }
        break
      }
      pc = next
    }
  }
  layOut(ir, entry, slotAt, leaders, entries)
}

/** Orders the decoded instructions by address and cuts them into blocks. */
function layOut(ir: Ir, entry: number, slotAt: Map<number, number>, leaders: Set<number>, entries: Set<number>): void {
  const starts = [...leaders].filter(pc => slotAt.has(pc)).sort((a, b) => a - b)
  const order: number[] = []
  const blockAt = new Map<number, number>()
  const blocks: Block[] = ir.blocks
  for (const start of starts) {
    const block: Block = {
      pc: start,
      start: order.length,
      end: order.length,
      kind: 'fall',
      taken: -1,
      takenPc: -1,
      next: -1,
      nextPc: -1,
      entry: entries.has(start),
      loop: false,
      depth: 0,
    }
    blockAt.set(start, blocks.length)
    blocks.push(block)
    let pc = start
    for (;;) {
      const i = slotAt.get(pc)!
      order.push(i)
      const next = pc + ir.length[i]!
      const op = ir.op[i]!
      const ends = op === IrOp.illegal ? 'trap' : ENDS_BLOCK[op]
      if (ends !== undefined) {
        finish(block, ir, i, ends, pc, next)
        break
      }
      pc = next
      if (leaders.has(pc) || !slotAt.has(pc)) {
        block.nextPc = pc
        break
      }
    }
    block.end = order.length
  }
  ir.arrange(order)
  for (const block of blocks) {
    block.taken = blockAt.get(block.takenPc) ?? -1
    block.next = blockAt.get(block.nextPc) ?? -1
  }
  markLoops(blocks)
  // the entry's block comes first in the array only if nothing lies before it: emission starts with a jump otherwise
  blocks[blockAt.get(entry)!]!.entry = true
}

function finish(block: Block, ir: Ir, i: number, ends: string, pc: number, next: number): void {
  const rd = ir.rd[i]!
  switch (ends) {
    case 'branch':
      block.kind = 'branch'
      block.takenPc = pc + ir.imm[i]!
      block.nextPc = next
      break
    case 'jal':
      block.takenPc = pc + ir.imm[i]!
      if (isLink(rd)) {
        block.kind = 'call'
        block.nextPc = next
      } else block.kind = 'jump'
      break
    case 'jalr':
      if (isLink(rd)) {
        block.kind = 'callr'
        block.nextPc = next
      } else block.kind = rd === 0 && isLink(ir.rs1[i]!) && ir.imm[i] === 0 ? 'ret' : 'jumpr'
      break
    case 'resume':
      block.kind = 'resume'
      block.nextPc = next
      break
    default:
      block.kind = 'trap'
  }
}
