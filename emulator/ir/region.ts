/**
 * Region formation: from an entry pc, the blocks that direct jumps and branches reach, in the order of their addresses.
 * Calls do not extend a region into the callee, but the return point belongs to the caller's region.
 * Growth stops at code that has a translation already (it is chained to), and at a budget of instructions.
 */

import { isLink } from '../convention.ts'
import type { NativeFunction } from '../native/functions.ts'
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
  /** The native function that stands for the one at pc: only the region that begins there has its code. */
  native?(pc: number): NativeFunction | undefined
  /** A debugger wants control at pc, before the instruction there. */
  breakpoint?(pc: number): boolean
}

/** Why an `illegal` operation stands in the IR (its rm): what it does when it is reached. */
export const ILLEGAL = { INSTRUCTION: 0, BREAKPOINT: 1 } as const
/** Bytes of the shortest and of the longest instruction. */
const HALFWORD = 2
const LONGEST = 4

const decoded = new Decoded()

/** What is known of each halfword around the entry while a region is formed. Addresses are distances in bytes from the entry. */
class Neighbourhood {
  /** Slot of the instruction that begins there + 1, or 0. */
  #slots = new Int16Array(0)
  /** 1 where a block begins, 3 where other code may enter it. */
  #leaders = new Uint8Array(0)
  /** Index of the block that begins there + 1, or 0. */
  #blocks = new Int16Array(0)
  /** Place of the entry. */
  #center = 0

  /** @param far farthest distance of an instruction from the entry */
  reach(far: number): void {
    this.#center = (far >> 1) + 1
    const size = 2 * this.#center + 1
    if (this.#slots.length >= size) return
    this.#slots = new Int16Array(size)
    this.#leaders = new Uint8Array(size)
    this.#blocks = new Int16Array(size)
  }

  /** Forgets the instructions of `ir` and these leaders. */
  clear(ir: Ir, leaders: readonly number[]): void {
    const center = this.#center
    for (let i = 0; i < ir.count; i++) this.#slots[center + (ir.pc[i]! >> 1)] = 0
    for (let k = 0; k < leaders.length; k++) {
      const place = center + (leaders[k]! >> 1)
      this.#leaders[place] = this.#blocks[place] = 0
    }
  }

  /** Slot of the instruction at `at`, or -1. */
  slot(at: number): number {
    return this.#slots[this.#center + (at >> 1)]! - 1
  }

  setSlot(at: number, slot: number): void {
    this.#slots[this.#center + (at >> 1)] = slot + 1
  }

  leads(at: number): boolean {
    return this.#leaders[this.#center + (at >> 1)] !== 0
  }

  isEntry(at: number): boolean {
    return this.#leaders[this.#center + (at >> 1)] === ENTRY
  }

  setLeader(at: number, kind: number): void {
    this.#leaders[this.#center + (at >> 1)]! |= kind
  }

  /** Index of the block at `at`, which may be anywhere, or -1. */
  block(at: number): number {
    const place = this.#center + at / 2
    return place >= 0 && place < this.#blocks.length ? this.#blocks[place | 0]! - 1 : -1
  }

  setBlock(at: number, index: number): void {
    this.#blocks[this.#center + (at >> 1)] = index + 1
  }
}

/** Code that the region has to leave to another one. */
function isElsewhere(pc: number, code: GuestCode): boolean {
  return code.translated(pc) || code.native?.(pc) !== undefined
}

const LEADER = 1
const ENTRY = 3

const near = new Neighbourhood()
/** Where blocks begin, in the order in which that was found, as distances from the entry. */
const leaders: number[] = []
let sorted = new Int32Array(64)
let order = new Int32Array(1024)

/** Fills `ir` with the region that starts at `entry`. */
export function formRegion(ir: Ir, entry: number, code: GuestCode, limits: RegionLimits): void {
  ir.reset(entry)
  near.reach(limits.reach + LONGEST * (limits.instructions + 1))
  leaders.length = 0
  leaders.push(0)
  near.setLeader(0, ENTRY)
  try {
    for (let k = 0; k < leaders.length; k++) decodeFrom(ir, leaders[k]!, code, limits)
    layOut(ir)
  } finally {
    near.clear(ir, leaders)
  }
}

/** A block begins at `at`, if the region may have it. */
function lead(ir: Ir, at: number, code: GuestCode, limits: RegionLimits): void {
  if (limits.single || Math.abs(at) > limits.reach || near.leads(at) || isElsewhere(ir.base + at, code)) return
  near.setLeader(at, LEADER)
  leaders.push(at)
}

/** A block begins at `at`, if the region may have it, to which other code comes. */
function comeBack(ir: Ir, at: number, code: GuestCode, limits: RegionLimits): void {
  lead(ir, at, code, limits)
  if (near.leads(at)) near.setLeader(at, ENTRY)
}

/** Decodes the instructions from `start` on to the end of the block, or to one that is known. */
function decodeFrom(ir: Ir, start: number, code: GuestCode, limits: RegionLimits): void {
  for (let at = start; ; at += decoded.length) {
    if (near.slot(at) >= 0) {
      // known: a leader, or where two readings of overlapping instructions come together
      if (!near.leads(at)) {
        near.setLeader(at, LEADER)
        leaders.push(at)
      }
      return
    }
    if (ir.count >= limits.instructions) return
    const pc = ir.base + at
    if (!near.leads(at) && isElsewhere(pc, code)) return
    const word = code.fetch(pc)
    // control leaves the region here: who comes asks for a translation, which there may be then
    if (word < 0) return
    const i = ir.append()
    near.setSlot(at, i)
    ir.pc[i] = at
    const breakpoint = code.breakpoint?.(pc) ?? false
    if (breakpoint || !decode(word, decoded)) {
      ir.op[i] = IrOp.illegal
      ir.length[i] = breakpoint ? HALFWORD : LONGEST
      ir.imm[i] = word
      ir.rd[i] = ir.rs1[i] = ir.rs2[i] = ir.rs3[i] = 0
      ir.rm[i] = breakpoint ? ILLEGAL.BREAKPOINT : ILLEGAL.INSTRUCTION
      return
    }
    const { op, rd, imm, length } = decoded
    ir.op[i] = op
    ir.rd[i] = rd
    ir.rs1[i] = decoded.rs1
    ir.rs2[i] = decoded.rs2
    ir.rs3[i] = FUSE3[op] !== 0 ? decoded.rs3 : 0
    ir.imm[i] = imm
    ir.rm[i] = decoded.rm
    ir.length[i] = length
    switch (ENDS_BLOCK[op]) {
      case undefined:
        continue
      case 'branch':
        lead(ir, at + length, code, limits)
        lead(ir, at + imm, code, limits)
        return
      case 'jal':
        if (isLink(rd)) comeBack(ir, at + length, code, limits)
        else if (rd === 0) lead(ir, at + imm, code, limits)
        return
      case 'jalr':
        if (isLink(rd)) comeBack(ir, at + length, code, limits)
        return
      case 'resume':
        comeBack(ir, at + length, code, limits)
        return
      default:
        return
    }
  }
}

/** Orders the decoded instructions by address and cuts them into blocks. */
function layOut(ir: Ir): void {
  if (sorted.length < leaders.length) sorted = new Int32Array(leaders.length * 2)
  let count = 0
  for (let k = 0; k < leaders.length; k++) if (near.slot(leaders[k]!) >= 0) sorted[count++] = leaders[k]!
  sorted.subarray(0, count).sort()
  // an instruction that two readings of overlapping ones share is in one block only
  if (order.length < ir.count) order = new Int32Array(ir.count * 2)
  let length = 0
  const { blocks, base } = ir
  for (let b = 0; b < count; b++) {
    const start = sorted[b]!
    near.setBlock(start, b)
    const block: Block = {
      pc: base + start,
      start: length,
      end: length,
      kind: 'fall',
      taken: -1,
      takenPc: -1,
      next: -1,
      nextPc: -1,
      entry: near.isEntry(start),
      loop: false,
      depth: 0,
    }
    blocks.push(block)
    let at = start
    for (;;) {
      const i = near.slot(at)
      order[length++] = i
      const op = ir.op[i]!
      const ends = op === IrOp.illegal ? 'trap' : ENDS_BLOCK[op]
      const next = at + ir.length[i]!
      if (ends !== undefined) {
        finish(block, ir, i, ends, base + at, base + next)
        break
      }
      at = next
      if (near.leads(at) || near.slot(at) < 0) {
        block.nextPc = base + at
        break
      }
    }
    block.end = length
  }
  for (let b = 0; b < count; b++) {
    const block = blocks[b]!
    if (block.takenPc >= 0) block.taken = near.block(block.takenPc - base)
    if (block.nextPc >= 0) block.next = near.block(block.nextPc - base)
  }
  ir.arrange(order, length)
  markLoops(blocks)
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
