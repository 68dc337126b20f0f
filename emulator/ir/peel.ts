/**
 * The first round of an innermost loop gets blocks of its own. What the analyses can not know of registers that come from
 * outside, they know in the copy that the other rounds run: which are narrow, and so need no sign extension; which hold computed
 * numbers, whose NaNs and boxes can wait.
 */

import { ALL_OPTIMIZATIONS, type Optimizations } from '../options.ts'
import { isDirect, markLoops } from './blocks.ts'
import type { Block, Ir } from './ir.ts'
import { DEF, DEFF, DEFX, FDEF } from './traits.ts'

/** Most instructions of a loop that is worth a copy, and least gain. */
const LARGEST = 96
const LEAST = 2

type Peeling = Pick<Optimizations, 'peel' | 'float-peel'>

/** What is known of the result of an operation in the other rounds: a 32-bit one is narrow, a single boxed, a computed NaN no payload. */
function gainOf(op: number, on: Peeling): number {
  if (DEFF[op] !== FDEF.none && DEFF[op] !== FDEF.doubleBits) return on['float-peel'] ? LEAST : 0
  return on.peel && DEFX[op] === DEF.lazy ? 1 : 0
}

export function peelLoops(ir: Ir, on: Peeling = ALL_OPTIMIZATIONS): void {
  if (!on.peel && !on['float-peel']) return
  const { blocks } = ir
  for (let b = blocks.length - 1; b >= 0; b--) {
    const last = blocks[b]!.loop ? endOfLoop(ir, b, on) : -1
    if (last >= 0) peel(ir, b, last)
  }
}

/** The last block of the innermost loop whose first one is `head`, -1 when it is not innermost or not worth it. */
function endOfLoop(ir: Ir, head: number, on: Peeling): number {
  const { blocks } = ir
  let last = -1
  for (let b = head; b < blocks.length; b++) if (isDirect(blocks[b]!) && goesTo(blocks[b]!, head)) last = b
  let gain = 0
  for (let b = head; b <= last; b++) {
    const block = blocks[b]!
    if (block.loop && b > head && hasInnerLoop(blocks, b, last)) return -1
    if (isDirect(block)) for (let i = block.start; i < block.end; i++) gain += gainOf(ir.op[i]!, on)
  }
  return last >= 0 && gain >= LEAST && blocks[last]!.end - blocks[head]!.start <= LARGEST ? last : -1
}

const goesTo = ({ taken, next }: Block, b: number): boolean => taken === b || next === b

/** A jump back to block `b` comes from inside the loop, not from rare code behind it. */
function hasInnerLoop(blocks: readonly Block[], b: number, last: number): boolean {
  for (let from = b; from <= last; from++) if (isDirect(blocks[from]!) && goesTo(blocks[from]!, b)) return true
  return false
}

/**
 * Puts the copy of blocks `head` to `last` behind them. Who comes from elsewhere, through the middle of the loop too, is in its first round;
 * so is what calls something, and comes back there.
 */
function peel(ir: Ir, head: number, last: number): void {
  const { blocks } = ir
  const copies: number[] = []
  for (let b = head; b <= last; b++) if (isDirect(blocks[b]!)) copies.push(b)
  const behind = (b: number): number => (b > last ? b + copies.length : b)
  const copyOf = (b: number): number => (copies.includes(b) ? last + 1 + copies.indexOf(b) : behind(b))
  const rounds = copies.map((b): Block => {
    const block = blocks[b]!
    return { ...block, entry: false, taken: copyOf(block.taken), next: copyOf(block.next) }
  })
  for (const [b, block] of blocks.entries()) {
    const to = (target: number): number => (b >= head && b <= last && target === head ? copyOf(head) : behind(target))
    block.taken = to(block.taken)
    block.next = to(block.next)
  }
  blocks.splice(last + 1, 0, ...rounds)
  ir.arrange(reachable(blocks))
}

/** Takes out the blocks that nothing goes to. Returns the slots of the others in their order. */
function reachable(blocks: Block[]): number[] {
  const found = new Set<number>()
  const work = [...blocks.keys()].filter(b => blocks[b]!.entry)
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    if (b < 0 || found.has(b)) continue
    found.add(b)
    work.push(blocks[b]!.taken, blocks[b]!.next)
  }
  const kept = [...blocks.keys()].filter(b => found.has(b))
  const placeOf = (b: number): number => (b < 0 ? b : kept.indexOf(b))
  const order: number[] = []
  const list = kept.map(b => {
    const block = blocks[b]!
    const start = order.length
    for (let i = block.start; i < block.end; i++) order.push(i)
    return { ...block, start, end: order.length, taken: placeOf(block.taken), next: placeOf(block.next) }
  })
  blocks.splice(0, blocks.length, ...list)
  markLoops(blocks)
  return order
}
