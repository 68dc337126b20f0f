import type { BlockRef, Module, ValueRef } from '../llvm/index.ts'
import { C, instructionLocation, instructions, Opcode } from '../llvm/index.ts'
import { type FunctionCfg, functionCfg } from './cfg.ts'
import { blockFrequencies, branchWeights, UNKNOWN_TRIPS } from './frequency.ts'
import { findLoops, type LoopForest } from './loops.ts'
import { tripCount } from './tripcount.ts'

export interface LoopSummary {
  readonly depth: number
  /** Turns for each time the loop is entered, when known. */
  readonly trips: number | undefined
  readonly line: number | undefined
}

/** What is estimated of one call of a function, without looking at its callees. */
export interface StaticProfile {
  readonly cfg: FunctionCfg
  readonly forest: LoopForest
  readonly loops: readonly LoopSummary[]
  /** How often a block runs for one call. */
  frequency(block: BlockRef): number
}

/** Loops, trip counts and block frequencies of a function in SSA form. */
export function staticProfile(module: Module, fn: ValueRef): StaticProfile {
  const cfg = functionCfg(fn)
  const forest = findLoops(cfg)
  const known = forest.loops.map(loop => tripCount(cfg, loop))
  const profKind = C.LLVMGetMDKindIDInContext(module.context.ref, 'prof', 4)
  const terminator = (n: number) => C.LLVMGetBasicBlockTerminator(cfg.blocks[n]!)
  const frequencies = blockFrequencies(
    cfg,
    forest,
    known.map(trips => trips ?? UNKNOWN_TRIPS),
    n => branchWeights(terminator(n), profKind),
    n => C.LLVMGetInstructionOpcode(terminator(n)) === Opcode.Unreachable,
  )
  const loops = forest.loops.map((loop, i) => ({
    depth: loop.depth,
    trips: known[i],
    line: firstLine(cfg.blocks[loop.header]!),
  }))
  return { cfg, forest, loops, frequency: block => frequencies[cfg.numbers.get(block)!]! }
}

function firstLine(block: BlockRef): number | undefined {
  for (const instruction of instructions(block)) {
    const line = instructionLocation(instruction)?.line
    if (line !== undefined) return line
  }
  return undefined
}
