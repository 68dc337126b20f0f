/**
 * The call graph of a report: guest functions on the left, native ones on the right of the cut, callers left of their callees on
 * each side. Calls that stay on a side have the build's estimate, calls across it what was counted. Pure.
 */
import type { Report } from '../../runtime/index.ts'

export interface GraphNode {
  /** '' is code outside of the program's sources. */
  readonly name: string
  readonly side: 'guest' | 'host'
  /** A rule keeps it on the guest. */
  readonly refused: boolean
  readonly title: string
  readonly x: number
  readonly y: number
  /** Its share of the time of the function that takes most, 0 when it was not measured. */
  readonly weight: number
}

export interface GraphEdge {
  readonly from: string
  readonly to: string
  readonly calls: number
  /** Counted; calls that stay on a side are estimates. */
  readonly crosses: boolean
}

export interface Graph {
  readonly nodes: readonly GraphNode[]
  readonly edges: readonly GraphEdge[]
  /** Where the cut is. */
  readonly cut: number
  readonly width: number
  readonly height: number
  /** Functions that were left out. */
  readonly omitted: number
}

/** Functions drawn at most, those first that take time or cross. */
const MOST_NODES = 70
const COLUMNS = 4
const COLUMN_WIDTH = 150
const ROW_HEIGHT = 44

type Draft = Omit<GraphNode, 'x' | 'y'> & { readonly rank: number }

export function callGraph(report: Report): Graph {
  const drafts = new Map(nodes(report).map(node => [node.name, node]))
  const all = edges(report, drafts)
  const kept = [...drafts.values()].sort((a, b) => b.rank - a.rank).slice(0, MOST_NODES)
  const names = new Set(kept.map(({ name }) => name))
  const shown = all.filter(edge => names.has(edge.from) && names.has(edge.to))
  const linked = new Set(shown.flatMap(({ from, to }) => [from, to]))
  const drawn = kept.filter(({ name }) => linked.has(name))
  const sides = { guest: columns('guest', drawn, shown), host: columns('host', drawn, shown) }
  const rows = Math.max(1, ...[...sides.guest, ...sides.host].map(column => column.length))
  const cut = COLUMN_WIDTH * (sides.guest.length + 0.5)
  const placed = (['guest', 'host'] as const).flatMap(side =>
    sides[side].flatMap((column, c) =>
      column.map(({ rank: _, ...node }, r): GraphNode => {
        const x = side === 'guest' ? (c + 0.5) * COLUMN_WIDTH : cut + (c + 1) * COLUMN_WIDTH
        // alternating heights keep names beside each other legible
        return { ...node, x, y: ((r + 0.5) * rows * ROW_HEIGHT) / column.length + (c % 2) * (ROW_HEIGHT / 3) }
      }),
    ),
  )
  return {
    nodes: placed,
    edges: shown,
    cut,
    width: cut + COLUMN_WIDTH * (sides.host.length + 0.5),
    height: (rows + 1) * ROW_HEIGHT,
    omitted: drafts.size - drawn.length,
  }
}

function nodes({ functions, crossings, verdicts }: Report): Draft[] {
  const seconds = new Map(functions.map(row => [row.name, row.emulated]))
  const most = Math.max(...functions.map(row => row.emulated), Number.MIN_VALUE)
  const crossed = new Map<string, number>()
  for (const { from, to, calls } of crossings)
    for (const name of [from, to]) crossed.set(name, (crossed.get(name) ?? 0) + calls)
  const draft = (name: string, side: Draft['side'], refused: boolean, title: string): Draft => {
    const weight = (seconds.get(name) ?? 0) / most
    return { name, side, refused, title, weight, rank: weight + Math.log10(1 + (crossed.get(name) ?? 0)) }
  }
  const known = (verdicts?.functions ?? []).map(row =>
    draft(row.name, row.verdict === 'chosen' ? 'host' : 'guest', row.rule !== undefined, row.reason),
  )
  const names = new Set(known.map(({ name }) => name))
  const native = new Set(functions.map(({ name }) => name))
  const others = new Set(crossings.flatMap(({ from, to }) => [from, to]))
  for (const name of names) others.delete(name)
  const outside = 'not of the analysed sources'
  return [...known, ...[...others].map(name => draft(name, native.has(name) ? 'host' : 'guest', false, outside))]
}

/** An estimated call over the cut that was not counted did not happen. */
function edges({ crossings, verdicts }: Report, known: ReadonlyMap<string, Draft>): GraphEdge[] {
  const counted = crossings.map(({ from, to, calls }): GraphEdge => ({ from, to, calls, crosses: true }))
  const estimated = (verdicts?.edges ?? [])
    .filter(({ caller, callee }) => caller !== callee && known.has(callee))
    .filter(({ caller, callee }) => known.get(caller)?.side === known.get(callee)!.side)
    .map(({ caller, callee, calls }): GraphEdge => ({ from: caller, to: callee, calls, crosses: false }))
  return [...counted, ...estimated]
}

/** The nodes of a side by their distance from where calls come in, in a few columns. */
function columns(side: Draft['side'], drawn: readonly Draft[], all: readonly GraphEdge[]): Draft[][] {
  const own = new Map(drawn.filter(node => node.side === side).map(node => [node.name, node]))
  const inside = all.filter(({ from, to }) => own.has(from) && own.has(to))
  const called = new Set(inside.map(({ to }) => to))
  const level = new Map<string, number>()
  const entered = all.filter(({ crosses, to }) => crosses && side === 'host' && own.has(to)).map(({ to }) => to)
  let front = [...new Set([...entered, ...[...own.keys()].filter(name => !called.has(name))])]
  if (front.length === 0) front = [...own.keys()].slice(0, 1)
  for (let depth = 0; front.length > 0; depth++) {
    for (const name of front) level.set(name, Math.min(depth, COLUMNS - 1))
    front = [...new Set(inside.filter(({ from, to }) => front.includes(from) && !level.has(to)).map(({ to }) => to))]
  }
  const result: Draft[][] = []
  for (const node of own.values()) (result[level.get(node.name) ?? 0] ??= []).push(node)
  return result.filter(column => column.length > 0)
}
