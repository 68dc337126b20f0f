/** The counter at the start of each block, under --profile. */
import { PLACES } from '../../base/layout.ts'
import { stateSlot, TEMP2 } from '../convention.ts'
import { I, RBP } from '../x86/assembler.ts'
import type { Emitter } from './emitter.ts'

/** Where a block's executions are counted. */
export interface CountedBlock {
  /** Number of the counter, or -1 when all are in use. */
  readonly counter: number
  /** Host bytes of the block without its counter and without cold code. */
  bytes: number
}

const WIDTH = 8
export const BLOCK_COUNTER_LIMIT = (PLACES.COUNTERS_SIZE - PLACES.BLOCK_COUNTERS) / WIDTH

/**
 * Emits the increment of the next block counter; nothing, and undefined, when blocks are not counted. r10 and the flags
 * are free at the start of a block.
 */
export function emitCount(e: Emitter): CountedBlock | undefined {
  if (e.nextCounter === undefined) return undefined
  const counter = e.nextCounter < BLOCK_COUNTER_LIMIT ? e.nextCounter++ : -1
  if (counter >= 0) {
    e.asm.rm(I.mov, 8, TEMP2, RBP, stateSlot('profile'))
    e.asm.m(I.inc, 8, TEMP2, PLACES.BLOCK_COUNTERS + counter * WIDTH)
  }
  const counted = { counter, bytes: 0 }
  e.counted.push(counted)
  return counted
}
