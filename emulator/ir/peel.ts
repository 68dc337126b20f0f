/**
 * The first round of an innermost loop gets blocks of its own. What the analyses can not know of registers that come from
 * outside, they know in the copy that the other rounds run: which are narrow, and so need no sign extension; which hold computed
 * numbers, whose NaNs and boxes can wait. A region that begins inside such a loop, because the loop was hot before what is around it,
 * has one more copy for that: who comes by the region's entry stays apart from who comes from the region.
 */

import { ALL_OPTIMIZATIONS, type Optimizations } from '../options.ts'
import { endOfLoop, goesTo, isDirect, markLoops } from './blocks.ts'
import type { Block, Ir } from './ir.ts'
import { DEF, DEFF, DEFX, FDEF } from './traits.ts'

/** Most instructions of a loop that is worth a copy, and least gain. */
const LARGEST = 96
const LEAST = 2

type Peeling = Pick<Optimizations, 'peel' | 'float-peel' | 'apart'>

/** What is known of the result of an operation in the other rounds: a 32-bit one is narrow, a single boxed, a computed NaN no payload. */
function gainOf(op: number, on: Peeling): number {
  if (DEFF[op] !== FDEF.none && DEFF[op] !== FDEF.doubleBits) return on['float-peel'] ? LEAST : 0
  return on.peel && DEFX[op] === DEF.lazy ? 1 : 0
}

export function peelLoops(ir: Ir, on: Peeling = ALL_OPTIMIZATIONS): void {
  if (!on.peel && !on['float-peel']) return
  const { blocks } = ir
  let peeled = on.apart && enterApart(ir, on)
  for (let b = blocks.length - 1; b >= 0; b--) {
    const last = blocks[b]!.loop ? endOfPeeled(ir, b, on) : -1
    if (last < 0) continue
    peel(blocks, b, last)
    keepReachable(blocks)
    markLoops(blocks)
    peeled = true
  }
  if (peeled) ir.arrange(layOut(blocks))
}

/** Whether the innermost loop around the region's first block now has a copy for those who come from elsewhere in the region. */
function enterApart(ir: Ir, on: Peeling): boolean {
  const { blocks } = ir
  const first = blocks.findIndex(({ entry, pc }) => entry && pc === ir.base)
  let head = first
  while (head >= 0 && !blocks[head]!.loop) head--
  const last = head >= 0 ? endOfPeeled(ir, head, on) : -1
  if (last < first) return false
  const isInside = (b: number): boolean => b >= head && b <= last
  const isWhole = blocks.every((block, b) => !isInside(b) || (isDirect(block) && (b === first || !block.entry)))
  if (!isWhole || !blocks.some(({ taken, next }, b) => !isInside(b) && (isInside(taken) || isInside(next))))
    return false
  const size = last - head + 1
  const inCopy = (b: number): number => (b >= head ? b + size : b)
  const copies = blocks.slice(head, last + 1).map(block => ({ ...block, entry: false }))
  for (const block of copies) [block.taken, block.next] = [inCopy(block.taken), inCopy(block.next)]
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const to = (target: number): number => (isInside(b) && isInside(target) ? target : inCopy(target))
    ;[block.taken, block.next] = [to(block.taken), to(block.next)]
  }
  blocks.splice(last + 1, 0, ...copies)
  keepReachable(blocks)
  markLoops(blocks)
  return true
}

/** The last block of the innermost loop whose first one is `head`, -1 when it is not innermost or not worth it. */
function endOfPeeled(ir: Ir, head: number, on: Peeling): number {
  const { blocks } = ir
  const last = endOfLoop(blocks, head)
  let gain = 0
  let size = 0
  for (let b = head; b <= last; b++) {
    const block = blocks[b]!
    size += block.end - block.start
    if (block.loop && b > head && hasInnerLoop(blocks, b, last)) return -1
    if (isDirect(block)) for (let i = block.start; i < block.end; i++) gain += gainOf(ir.op[i]!, on)
  }
  return last >= 0 && gain >= LEAST && size <= LARGEST ? last : -1
}

/** A jump back to block `b` comes from inside the loop, not from rare code behind it. */
function hasInnerLoop(blocks: readonly Block[], b: number, last: number): boolean {
  for (let from = b; from <= last; from++) if (isDirect(blocks[from]!) && goesTo(blocks[from]!, b)) return true
  return false
}

/**
 * Puts the copy of blocks `head` to `last` behind them. Who comes from elsewhere, through the middle of the loop too, is in its first round;
 * so is what calls something, and comes back there.
 */
function peel(blocks: Block[], head: number, last: number): void {
  const copies: number[] = []
  for (let b = head; b <= last; b++) if (isDirect(blocks[b]!)) copies.push(b)
  const behind = (b: number): number => (b > last ? b + copies.length : b)
  const copyOf = (b: number): number => (copies.includes(b) ? last + 1 + copies.indexOf(b) : behind(b))
  const rounds = copies.map((b): Block => {
    const block = blocks[b]!
    return { ...block, entry: false, taken: copyOf(block.taken), next: copyOf(block.next) }
  })
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const to = (target: number): number => (b >= head && b <= last && target === head ? copyOf(head) : behind(target))
    block.taken = to(block.taken)
    block.next = to(block.next)
  }
  blocks.splice(last + 1, 0, ...rounds)
}

/** Takes out the blocks that nothing goes to. */
function keepReachable(blocks: Block[]): void {
  const places = new Int32Array(blocks.length).fill(-1)
  const work: number[] = []
  for (let b = 0; b < blocks.length; b++) if (blocks[b]!.entry) work.push(b)
  for (let b = work.pop(); b !== undefined; b = work.pop()) {
    if (b < 0 || places[b] === 0) continue
    places[b] = 0
    work.push(blocks[b]!.taken, blocks[b]!.next)
  }
  let kept = 0
  for (let b = 0; b < blocks.length; b++) {
    if (places[b]! < 0) continue
    blocks[kept] = blocks[b]!
    places[b] = kept++
  }
  blocks.length = kept
  for (let b = 0; b < kept; b++) {
    const block = blocks[b]!
    if (block.taken >= 0) block.taken = places[block.taken]!
    if (block.next >= 0) block.next = places[block.next]!
  }
}

/** Gives each block slots of its own. Returns what is to be in them. */
function layOut(blocks: readonly Block[]): number[] {
  const order: number[] = []
  for (let b = 0; b < blocks.length; b++) {
    const block = blocks[b]!
    const start = order.length
    for (let i = block.start; i < block.end; i++) order.push(i)
    block.start = start
    block.end = order.length
  }
  return order
}
