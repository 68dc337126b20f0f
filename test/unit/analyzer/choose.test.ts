import { describe, expect, it } from 'vitest'
import { type CallWeight, type Candidate, choose, formatTime, type Mode } from '../../../analyzer/choose.ts'
import { BRIDGE_COST, callCounts } from '../../../analyzer/cost.ts'
import type { CallGraph } from '../../../analyzer/passes/callgraph.ts'

type Row = Partial<Omit<Candidate, 'name'>>

function run(rows: Record<string, Row>, calls: readonly [string, string, number][], mode: Mode = 'auto') {
  const candidates = Object.entries(rows).map(([name, row]): Candidate => ({ name, saved: 0, legal: true, ...row }))
  const weights = calls.map(([caller, callee, count]): CallWeight => ({ caller, callee, calls: count }))
  return choose(candidates, weights, mode)
}

function chosen(...args: Parameters<typeof run>): string[] {
  return [...run(...args)].filter(([, c]) => c.chosen).map(([name]) => name)
}

describe('choosing on the call graph', () => {
  it('takes what pays and leaves what does not', () => {
    const rows = { main: { saved: 1 }, hot: { saved: 1e6 }, cold: { saved: 1 } }
    expect(
      chosen(rows, [
        ['main', 'hot', 1],
        ['main', 'cold', 1],
      ]),
    ).toEqual(['hot'])
  })

  it('takes the caller of a hot callee along rather than crossing on every call', () => {
    const rows = { main: { saved: 1 }, loop: { saved: 100 }, hot: { saved: 2e6 } }
    expect(
      chosen(rows, [
        ['main', 'loop', 1],
        ['loop', 'hot', 1e5],
      ]),
    ).toEqual(['loop', 'hot'])
    expect(
      run(rows, [
        ['main', 'loop', 1],
        ['loop', 'hot', 1e5],
      ]).get('loop')!.reason,
    ).toBe('comes along with its callee hot')
  })

  it('takes a callee of a chosen loop along, which would not be worth it alone', () => {
    const rows = { main: {}, loop: { saved: 1e6 }, leaf: { saved: 1e4 } }
    const calls: [string, string, number][] = [
      ['main', 'loop', 1],
      ['loop', 'leaf', 1e4],
    ]
    expect(chosen(rows, calls)).toEqual(['loop', 'leaf'])
    expect(run(rows, calls).get('leaf')!.reason).toBe('comes along with its caller loop')
  })

  it('leaves a small leaf when its caller may not leave', () => {
    const rows = { loop: { saved: 1e6, legal: false }, leaf: { saved: 1e4 } }
    expect(chosen(rows, [['loop', 'leaf', 1e4]])).toEqual([])
    const crossings = formatTime(1e4 * BRIDGE_COST.guestToHost)
    expect(run(rows, [['loop', 'leaf', 1e4]]).get('leaf')!.reason).toBe(
      `saves 10 µs, crossings would cost ${crossings}`,
    )
  })

  it('leaves a loop that calls the guest more than it saves', () => {
    expect(chosen({ loop: { saved: 0.5e4 * BRIDGE_COST.hostToGuest } }, [['loop', 'printf', 1e4]])).toEqual([])
    expect(chosen({ loop: { saved: 2e4 * BRIDGE_COST.hostToGuest } }, [['loop', 'printf', 1e4]])).toEqual(['loop'])
  })

  it('pays for callbacks from outside', () => {
    expect(chosen({ compare: { saved: 0.5e4 * BRIDGE_COST.guestToHost } }, [['', 'compare', 1e4]])).toEqual([])
    expect(chosen({ compare: { saved: 2e4 * BRIDGE_COST.guestToHost } }, [['', 'compare', 1e4]])).toEqual(['compare'])
  })

  it('lets annotations overrule cost, and rules overrule annotations', () => {
    const rows = { wanted: { saved: 1, wanted: true }, illegal: { saved: 1e9, wanted: true, legal: false } }
    expect(chosen(rows, [['main', 'wanted', 1e6]])).toEqual(['wanted'])
    expect(run(rows, []).get('wanted')!.reason).toBe('annotated "ferry.offload"')
    expect(chosen({ never: { wanted: true, unused: true } }, [])).toEqual(['never'])
  })

  it('has modes for everything legal and for nothing', () => {
    const rows = { main: {}, hot: { saved: 1e9 }, illegal: { saved: 1e9, legal: false }, never: { unused: true } }
    expect(chosen(rows, [], 'all')).toEqual(['main', 'hot', 'never'])
    expect(chosen(rows, [], 'none')).toEqual([])
    expect(run(rows, [], 'none').get('hot')!.reason).toBe('offloading is off')
    expect(run(rows, [], 'auto').get('never')!.reason).toBe('never called')
  })

  it('gives the gain of each function with all others as they are', () => {
    const gains = run({ main: {}, hot: { saved: 1000 } }, [['main', 'hot', 2]])
    expect(gains.get('hot')!.gain).toBe(1000 - BRIDGE_COST.perFunction - 2 * BRIDGE_COST.guestToHost)
    expect(gains.get('main')!.gain).toBe(-BRIDGE_COST.perFunction + 2 * BRIDGE_COST.guestToHost)
  })
})

describe('call counts', () => {
  const graph = (edges: readonly [string, string, number][], taken: string[] = []): CallGraph => ({
    defined: [...new Set([...edges.map(([caller]) => caller), ...edges.map(([, callee]) => callee)])],
    external: new Set(),
    addressTaken: new Set(taken),
    edges: edges.map(([caller, callee, frequency]) => ({ caller, callee, kind: 'direct', frequency, line: undefined })),
  })
  const counts = (...args: Parameters<typeof graph>) =>
    Object.fromEntries(callCounts(graph(...args), new Set(['main'])))

  it('multiply along calls and add up', () => {
    expect(
      counts([
        ['main', 'a', 10],
        ['main', 'b', 2],
        ['a', 'c', 5],
        ['b', 'c', 3],
      ]),
    ).toEqual({ main: 1, a: 10, b: 2, c: 56 })
  })

  it('take recursion ten times, and what it calls with it', () => {
    expect(
      counts([
        ['main', 'f', 2],
        ['f', 'f', 2],
        ['f', 'leaf', 3],
      ]),
    ).toEqual({ main: 1, f: 20, leaf: 60 })
    expect(
      counts([
        ['main', 'a', 1],
        ['a', 'b', 1],
        ['b', 'a', 1],
      ]),
    ).toEqual({ main: 1, a: 10, b: 10 })
  })

  it('are at least one for what can be reached, and none for the rest', () => {
    expect(
      counts(
        [
          ['main', 'a', 0.001],
          ['dead', 'a', 5],
          ['taken', 'main', 0],
        ],
        ['taken'],
      ),
    ).toEqual({
      main: 1,
      a: 1,
      dead: 0,
      taken: 1,
    })
  })
})

describe('times', () => {
  it.each([
    [0.4, '0 ns'],
    [-54, '-54 ns'],
    [3400, '3.4 µs'],
    [12e6, '12 ms'],
    [-1.94e9, '-1.9 s'],
  ])('prints %d', (ns, text) => expect(formatTime(ns)).toBe(text))
})
