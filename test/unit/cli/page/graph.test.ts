import { describe, expect, it } from 'vitest'
import type { FunctionVerdict } from '../../../../base/verdicts.ts'
import { callGraph } from '../../../../cli/page/graph.ts'
import type { Report } from '../../../../runtime/index.ts'

const verdict = (name: string, native: boolean): FunctionVerdict => ({
  ...{ name, reason: `${name}'s reason`, gain: 1, calls: 1, entry: native },
  verdict: native ? 'chosen' : 'stays',
})

const report = {
  functions: [{ name: 'hot', emulated: 2 }],
  crossings: [
    { direction: 'guest-host', from: 'main', to: 'hot', calls: 7 },
    { direction: 'host-guest', from: 'hot', to: 'printf', calls: 3 },
  ],
  verdicts: {
    mode: 'auto',
    functions: [verdict('main', false), verdict('hot', true), verdict('leaf', true), verdict('alone', false)],
    edges: [
      { caller: 'main', callee: 'hot', kind: 'direct', calls: 10 },
      { caller: 'hot', callee: 'leaf', kind: 'direct', calls: 100 },
      { caller: 'main', callee: 'leaf', kind: 'direct', calls: 5 },
    ],
  },
} as unknown as Report

describe('the call graph of a report', () => {
  const graph = callGraph(report)
  const at = (name: string) => graph.nodes.find(node => node.name === name)!

  it('has the guest on one side of the cut and native code on the other', () => {
    for (const { side, x } of graph.nodes) expect(x < graph.cut).toBe(side === 'guest')
    expect(graph.nodes.map(({ name }) => name).sort()).toEqual(['hot', 'leaf', 'main', 'printf'])
    expect(graph.omitted).toBe(1)
  })

  it('has callers left of callees on the same side', () => {
    expect(at('hot').x).toBeLessThan(at('leaf').x)
    expect(at('hot')).toMatchObject({ weight: 1, title: "hot's reason" })
  })

  it('has counted crossings, and estimates of other calls', () => {
    expect(graph.edges).toEqual([
      { from: 'main', to: 'hot', calls: 7, crosses: true },
      { from: 'hot', to: 'printf', calls: 3, crosses: true },
      { from: 'hot', to: 'leaf', calls: 100, crosses: false },
    ])
  })

  it('is made of the crossings alone when the program has no verdicts', () => {
    const { nodes, edges } = callGraph({ ...report, verdicts: undefined } as unknown as Report)
    expect(nodes.map(({ name, side }) => [name, side])).toEqual(
      expect.arrayContaining([
        ['main', 'guest'],
        ['hot', 'host'],
        ['printf', 'guest'],
      ]),
    )
    expect(edges).toHaveLength(2)
  })
})
