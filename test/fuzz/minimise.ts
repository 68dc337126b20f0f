import type { Item, Program, Routine, TangleBlock } from './program.ts'

/**
 * Makes a failing program smaller. Every step proposes variants that lack something; a step that finds a variant which
 * still fails goes on from it, and the program is done when no variant fails.
 */

/** Says which of the variants fail: the index of the first one, or undefined. */
export type Judge = (variants: readonly Program[]) => Promise<number | undefined>

/** Variants that are judged at a time. */
const ROUND = 16

/**
 * @param deadline the time (as Date.now() has it) after which the smallest program so far is given back
 */
export async function minimise(program: Program, judge: Judge, deadline: number): Promise<Program> {
  let best = program
  let progress = true
  while (progress) {
    progress = false
    const variants = smaller(best)
    for (let at = 0; at < variants.length && Date.now() < deadline; at += ROUND) {
      const round = variants.slice(at, at + ROUND)
      const found = await judge(round)
      if (found === undefined) continue
      best = round[found]!
      progress = true
      break
    }
    if (Date.now() >= deadline) break
  }
  return best
}

/** Programs that lack one part of this one, those that lack most first. */
function smaller(program: Program): Program[] {
  const withRoutine = (index: number, routine: Routine): Program => ({
    ...program,
    routines: program.routines.map((other, place) => (place === index ? routine : other)),
  })
  const variants = program.routines.flatMap((routine, index): Program[] => {
    const plain: Routine[] = []
    if (routine.body.length > 0 && index > 0) plain.push({ ...routine, body: [] })
    if (routine.tail !== undefined || routine.returnBy !== undefined) plain.push({ body: routine.body })
    const bodies = smallerLists(routine.body).map(body => ({ ...routine, body }))
    return [...plain, ...bodies].map(each => withRoutine(index, each))
  })
  const last = program.routines.length - 1
  const used = new Set(program.routines.flatMap(({ body, tail }) => [...calls(body), tail]))
  if (last > 0 && !used.has(last)) variants.unshift({ ...program, routines: program.routines.slice(0, last) })
  if (program.compressed) variants.push({ ...program, compressed: false })
  return variants.sort((a, b) => weight(a) - weight(b))
}

function calls(items: readonly Item[]): number[] {
  return items.flatMap(item => (item.kind === 'call' ? [item.routine] : children(item).flatMap(calls)))
}

function children(item: Item): (readonly Item[])[] {
  switch (item.kind) {
    case 'loop':
    case 'catch':
      return [item.body]
    case 'if':
      return [item.body, item.otherwise]
    case 'switch':
      return [...item.arms]
    case 'tangle':
      return item.blocks.map(({ body }) => body)
    default:
      return []
  }
}

function itemWeight(item: Item): number {
  const own = item.kind === 'code' ? item.lines.length : item.kind === 'loop' ? 1 + item.count : 3
  return children(item).reduce((sum, body) => sum + listWeight(body), own)
}

const listWeight = (items: readonly Item[]): number => items.reduce((sum, item) => sum + itemWeight(item), 0)
const weight = ({ routines }: Program): number => routines.reduce((sum, { body }) => sum + 2 + listWeight(body), 0)

/** A list without some of its items, or with one of them smaller. */
function smallerLists(items: readonly Item[]): (readonly Item[])[] {
  const variants: (readonly Item[])[] = []
  for (let length = Math.ceil(items.length / 2); length >= 1; length = length === 1 ? 0 : Math.ceil(length / 2)) {
    for (let at = 0; at < items.length; at += length)
      variants.push([...items.slice(0, at), ...items.slice(at + length)])
  }
  items.forEach((item, index) => {
    for (const parts of smallerItems(item))
      variants.push([...items.slice(0, index), ...parts, ...items.slice(index + 1)])
  })
  return variants
}

/** What may stand in the place of an item. */
function smallerItems(item: Item): (readonly Item[])[] {
  const bodies = children(item)
  const unwrapped = bodies.filter(body => body.length > 0)
  switch (item.kind) {
    case 'code':
      if (item.lines.length < 2) return []
      // Lines of one item need each other (addresses, labels), but the last ones are often free to go.
      return item.lines.some(line => line.endsWith(':')) ? [] : [[{ ...item, lines: item.lines.slice(0, -1) }]]
    case 'loop': {
      const fewer = item.count > 1 ? [[{ ...item, count: 1 }], [{ ...item, count: item.count - 1 }]] : []
      return [...unwrapped, ...fewer, ...smallerLists(item.body).map(body => [{ ...item, body }])]
    }
    case 'catch':
      return [...unwrapped, ...smallerLists(item.body).map(body => [{ ...item, body }])]
    case 'if': {
      const first = smallerLists(item.body).map(body => [{ ...item, body }])
      const second = smallerLists(item.otherwise).map(otherwise => [{ ...item, otherwise }])
      return [...unwrapped, ...first, ...second]
    }
    case 'switch': {
      const replace = (place: number, arm: readonly Item[]): readonly Item[] => [
        { ...item, arms: item.arms.map((other, index) => (index === place ? arm : other)) },
      ]
      return [...unwrapped, ...item.arms.flatMap((arm, place) => smallerLists(arm).map(each => replace(place, each)))]
    }
    case 'tangle': {
      const replace = (place: number, block: TangleBlock): readonly Item[] => [
        { ...item, blocks: item.blocks.map((other, index) => (index === place ? block : other)) },
      ]
      const blocks = item.blocks.flatMap((block, place) =>
        smallerLists(block.body).map(body => replace(place, { ...block, body })),
      )
      const less =
        item.fuel > 1 ? [[{ ...item, fuel: Math.floor(item.fuel / 2) }], [{ ...item, fuel: item.fuel - 1 }]] : []
      const fewer = item.blocks.length > 1 ? [[{ ...item, blocks: item.blocks.slice(0, -1) }]] : []
      return [...unwrapped, ...fewer, ...less, ...blocks]
    }
    default:
      return []
  }
}
