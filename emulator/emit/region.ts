/** Emits a region: analyses, then every block in order, then the cold code. */

import { stepNarrow } from '../ir/analysis.ts'
import { hammockAt } from '../ir/hammock.ts'
import type { Ir } from '../ir/ir.ts'
import { FUSE1, FUSE2, FUSE3 } from '../ir/traits.ts'
import { DIVERSION_SIZE, type Region } from '../region.ts'
import { FaultSites } from '../sites.ts'
import { emitEnd } from './control.ts'
import { emitCount } from './count.ts'
import type { Emitter } from './emitter.ts'
import { keepsFlags } from './flags.ts'
import { HANDLERS, IS_END } from './handlers.ts'
import { emitNativeEntry } from './native.ts'
import { emitHammock } from './select.ts'

/** Bytes that the host fetches at once. */
const LOOP_ALIGNMENT = 16

export function emitRegion(e: Emitter): Region {
  const { asm, ir, analysis } = e
  analysis.run(ir, e.home, e.optimizations)
  const { blocks } = ir
  e.labels = blocks.map(() => asm.label())
  const entries: { pc: number; position: number }[] = []
  const completeEntry = (): void => {
    const entry = entries.at(-1)
    if (entry !== undefined) asm.pad(Math.max(entry.position + DIVERSION_SIZE - asm.pos, 0))
  }
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    completeEntry()
    const enters = block.entry && !e.exchanged
    const native = enters && block.pc === ir.base ? e.native : undefined
    if (native !== undefined) {
      // in front of the block: loops do not come by
      asm.align(LOOP_ALIGNMENT)
      entries.push({ pc: block.pc, position: asm.pos })
      emitNativeEntry(e, native)
    }
    if (block.loop && e.optimizations.align) asm.align(LOOP_ALIGNMENT)
    asm.bind(e.labels[b]!)
    if (enters && native === undefined) entries.push({ pc: block.pc, position: asm.pos })
    const counted = emitCount(e)
    const begin = asm.pos
    e.lazy = analysis.lazyIn[b]!
    e.narrow = e.optimizations.narrow ? analysis.narrowIn[b]! : 1
    e.startFloats(analysis.floatIn[b]!)
    e.flags.forget()
    e.implied = []
    if (block.loop) e.safePoint(block.pc)
    const last = block.end - 1
    for (let i = block.start; i < block.end; i++) {
      const op = ir.op[i]!
      if (e.lazy !== 0) e.extendOperands(i)
      if (IS_END[op] === 1) break
      if (FUSE1[op] !== 0) e.settleFloats(e.float.debtOf(FUSE1[op]!, ir.rs1[i]!))
      if (FUSE2[op] !== 0) e.settleFloats(e.float.debtOf(FUSE2[op]!, ir.rs2[i]!))
      if (FUSE3[op] !== 0) e.settleFloats(e.float.debtOf(FUSE3[op]!, ir.rs3[i]!))
      const flags = e.flags.known && keepsFlags(ir, i, e.optimizations) && !e.flags.isAbout(ir.rd[i]!)
      HANDLERS[op]!(e, i)
      if (flags) e.flags.stay()
      if (e.optimizations.narrow) e.narrow = stepNarrow(ir, i, e.narrow)
    }
    // (a profile counts the executions of both blocks)
    const selected = e.optimizations.select && counted === undefined ? hammockAt(ir, b) : 0
    if (selected > 0) emitHammock(e, b++, selected)
    else emitEnd(e, block, last, b + 1)
    if (counted !== undefined) counted.bytes = asm.pos - begin
  }
  completeEntry()
  if (e.exchanged) {
    for (let b = 0; b < blocks.length; b++) {
      if (!blocks[b]!.entry) continue
      e.later(() => {
        entries.push({ pc: blocks[b]!.pc, position: asm.pos })
        if (e.native !== undefined && blocks[b]!.pc === ir.base) emitNativeEntry(e, e.native)
        e.takeHomes()
        asm.jmp(e.labels[b]!)
      })
    }
  }
  e.flushCold()
  return {
    pc: ir.base,
    bytes: asm.finish().slice(),
    entries,
    chains: e.chains,
    gateReferences: e.gateReferences,
    sites: new FaultSites(e.sites.take(), ir.base),
    instructions: ir.count,
    ranges: rangesOf(ir),
  }
}

/** The guest addresses of the blocks: one range for those that lie one behind the other. */
function rangesOf(ir: Ir): Region['ranges'] {
  const ranges: (readonly [number, number])[] = []
  let from = 0
  let to = 0
  for (let b = 0; b < ir.blocks.length; b++) {
    const { start, end } = ir.blocks[b]!
    const first = ir.pc[start]!
    const behind = ir.pc[end - 1]! + ir.length[end - 1]!
    if (b > 0 && first >= from && first <= to) {
      to = Math.max(to, behind)
      continue
    }
    if (b > 0) ranges.push([ir.base + from, ir.base + to])
    from = first
    to = behind
  }
  ranges.push([ir.base + from, ir.base + to])
  return ranges
}
