import { describe, expect, it } from 'vitest'
import { C, DataLayout, type Module, valueName } from '../../../analyzer/llvm/index.ts'
import { callGraph, startupFunctions } from '../../../analyzer/passes/callgraph.ts'
import { buildCfg } from '../../../analyzer/passes/cfg.ts'
import { dominates, immediateDominators } from '../../../analyzer/passes/dominators.ts'
import { blockFrequencies } from '../../../analyzer/passes/frequency.ts'
import { findLoops } from '../../../analyzer/passes/loops.ts'
import { FlowNetwork } from '../../../analyzer/passes/mincut.ts'
import { instructionMix } from '../../../analyzer/passes/mix.ts'
import { staticProfile } from '../../../analyzer/passes/profile.ts'
import { stronglyConnected } from '../../../analyzer/passes/scc.ts'
import { withIr, withProgram } from './program.ts'

describe('control-flow graphs', () => {
  //        0 → 1 → 2 ⇄ 3, 2 → 1, 1 → 4; 5 is not reached
  const nested = buildCfg([[1], [2, 4], [3, 1], [2], [], [1]])

  it('orders what the entry reaches in reverse postorder', () => {
    expect(nested.order[0]).toBe(0)
    expect([...nested.order].sort()).toEqual([0, 1, 2, 3, 4])
    expect(nested.order.indexOf(1)).toBeLessThan(nested.order.indexOf(2))
  })

  it('finds immediate dominators', () => {
    expect([...immediateDominators(nested)]).toEqual([0, 0, 1, 2, 1, -1])
    expect([...immediateDominators(buildCfg([[1, 2], [3], [3], []]))]).toEqual([0, 0, 0, 0])
    expect(dominates(immediateDominators(nested), 1, 3)).toBe(true)
    expect(dominates(immediateDominators(nested), 3, 1)).toBe(false)
  })

  it('nests natural loops', () => {
    const { loops, innermost } = findLoops(nested)
    expect(loops.map(l => [l.header, [...l.blocks].sort(), l.depth, l.parent])).toEqual([
      [1, [1, 2, 3], 1, undefined],
      [2, [2, 3], 2, 0],
    ])
    expect([...innermost]).toEqual([-1, 0, 1, 1, -1, -1])
  })

  it('takes loops with the same header as one, and a cycle with two entries as none', () => {
    expect(findLoops(buildCfg([[1], [2, 3], [1], [1, 4], []])).loops.map(l => [...l.latches].sort())).toEqual([[2, 3]])
    expect(findLoops(buildCfg([[1, 2], [2], [1]])).loops).toEqual([])
  })
})

describe('block frequencies', () => {
  it('multiplies by the turns of each loop and leaves with what entered', () => {
    const cfg = buildCfg([[1], [2, 4], [3, 1], [2], []])
    const frequency = blockFrequencies(cfg, findLoops(cfg), [10, 5])
    expect(frequency[0]).toBe(1)
    expect(frequency[1]).toBe(10)
    expect(frequency[2]).toBeCloseTo(45)
    expect(frequency[3]).toBeCloseTo(36)
    expect(frequency[4]).toBeCloseTo(1)
  })

  it('shares branches evenly, by weight, and gives cold blocks next to nothing', () => {
    const cfg = buildCfg([[1, 2], [3], [3], []])
    const none = findLoops(cfg)
    expect([...blockFrequencies(cfg, none, [])]).toEqual([1, 0.5, 0.5, 1])
    expect([...blockFrequencies(cfg, none, [], n => (n === 0 ? [3, 1] : undefined))]).toEqual([1, 0.75, 0.25, 1])
    expect(blockFrequencies(cfg, none, [], undefined, n => n === 2)[2]).toBeLessThan(0.01)
  })
})

describe('strongly connected components', () => {
  it('come callees first', () => {
    const edges: Record<string, string[]> = { main: ['a', 'c'], a: ['b'], b: ['a', 'c'], c: ['c'], d: [] }
    const components = stronglyConnected(Object.keys(edges), n => edges[n]!)
    expect(components.map(c => c.sort())).toEqual([['c'], ['a', 'b'], ['main'], ['d']])
  })

  it('does not recurse', () => {
    const depth = 50_000
    const chain = stronglyConnected([0], n => (n < depth ? [n + 1] : []))
    expect(chain.length).toBe(depth + 1)
  })
})

describe('minimum cuts', () => {
  it('finds the bottleneck', () => {
    const network = new FlowNetwork(6)
    const edges = [
      [0, 1, 16],
      [0, 2, 13],
      [1, 2, 10],
      [2, 1, 4],
      [1, 3, 12],
      [3, 2, 9],
      [2, 4, 14],
      [4, 3, 7],
      [3, 5, 20],
      [4, 5, 4],
    ]
    for (const [from, to, capacity] of edges) network.connect(from!, to!, capacity!)
    expect([...network.minimumCut(0, 5)].sort()).toEqual([0, 1, 2, 4])
  })

  it('takes the smallest source side of equal cuts', () => {
    const network = new FlowNetwork(4)
    network.connect(0, 1, 5)
    network.connect(1, 2, 5)
    network.connect(2, 3, 5)
    expect([...network.minimumCut(0, 3)]).toEqual([0])
  })
})

function profileOf(module: Module, name: string) {
  return staticProfile(module, module.function(name)!)
}

/** `for (i = start; i <predicate> bound; i += step)` with the test in the header, and the same with the test behind the body. */
function loopIr(predicate: string, start: number, bound: number, step: number): string {
  return `define void @header() { entry: br label %head
    head: %i = phi i32 [${start}, %entry], [%next, %body]
      %t = icmp ${predicate} i32 %i, ${bound}
      br i1 %t, label %body, label %out
    body: %next = add i32 %i, ${step}
      br label %head
    out: ret void }
  define void @latch() { entry: br label %body
    body: %i = phi i32 [${start}, %entry], [%next, %body]
      %next = add i32 %i, ${step}
      %t = icmp ${predicate} i32 %next, ${bound}
      br i1 %t, label %body, label %out
    out: ret void }`
}

describe('trip counts', () => {
  it.each([
    ['slt', 0, 100, 1, 101, 100],
    ['sle', 1, 10, 3, 5, 4],
    ['ne', 10, 0, -2, 6, 5],
    ['ugt', 5, 0, -1, 6, 5],
    ['sge', 3, 0, -1, 5, 4],
    ['ult', -2, -1, 1, 2, 1],
    ['eq', 0, 1, 1, 1, 2],
    ['slt', 0, 2_000_000_000, 1, 1_000_000, 1_000_000],
  ])('counts i %s from %i to %i by %i', (predicate, start, bound, step, header, latch) => {
    withIr(loopIr(predicate, start, bound, step), module => {
      expect(profileOf(module, 'header').loops.map(l => l.trips)).toEqual([header])
      expect(profileOf(module, 'latch').loops.map(l => l.trips)).toEqual([latch])
    })
  })

  it('does not guess an unknown bound', () => {
    const ir = loopIr('slt', 0, 9, 1).replaceAll('()', '(i32 %n)').replaceAll(', 9', ', %n')
    withIr(ir, module => expect(profileOf(module, 'header').loops).toMatchObject([{ depth: 1, trips: undefined }]))
  })
})

describe('instruction mix', () => {
  it('counts what one call executes, and the bytes', () => {
    const ir = `declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
      declare void @g()
      define void @f(ptr %p, ptr %q) { entry: br label %head
        head: %i = phi i32 [0, %entry], [%next, %head]
          %v = load double, ptr %p
          %w = fmul double %v, %v
          store double %w, ptr %q
          %next = add i32 %i, 1
          %t = icmp eq i32 %next, 8
          br i1 %t, label %out, label %head
        out: call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 64, i1 false)
          call void @g()
          ret void }`
    withIr(ir, module => {
      const mix = instructionMix(profileOf(module, 'f'), new DataLayout(module))
      expect(mix.executed).toMatchObject({ float: 8, load: 16, store: 16, integer: 16, call: 1, branch: 10 })
      expect([mix.bytesRead, mix.bytesWritten]).toEqual([128, 128])
      expect(mix.instructions).toBe(10)
    })
  })
})

describe('the call graph', () => {
  const graphOf = (module: Module) => {
    const profiles = new Map([...module.definitions()].map(fn => [valueName(fn), staticProfile(module, fn)]))
    return callGraph(module, profiles)
  }
  const text = (graph: ReturnType<typeof callGraph>) =>
    graph.edges.map(e => `${e.caller} ${e.kind} ${e.callee} ${Number(e.frequency.toFixed(2))}`)

  it('has direct, indirect and callback edges with frequencies', async () => {
    const c = `#include <stdlib.h>
      typedef int binary(const void *, const void *);
      static int less(const void *a, const void *b) { return *(int *)a - *(int *)b; }
      static int more(const void *a, const void *b) { return less(b, a); }
      static int other(int a) { return a; }
      binary *choices[] = {less, more};
      int call(int i, int *a) { return choices[i](a, a + 1); }
      int main(int n, char **v) {
        int a[10] = {0};
        qsort(a, 10, sizeof *a, less);
        return call(n, a) + other(n); }`
    await withProgram({ 'a.c': c }, ({ module }) => {
      module.runPasses('function(sroa,simplifycfg)')
      const graph = graphOf(module)
      expect(text(graph)).toEqual([
        'more direct less 1',
        'call indirect less 0.5',
        'call indirect more 0.5',
        'main direct qsort 1',
        'main callback less 10',
        'main direct call 1',
        'main direct other 1',
      ])
      expect([...graph.addressTaken]).toEqual(['less', 'more'])
      expect([...graph.external]).toEqual(['qsort'])
      expect(graph.edges[3]!.line).toBe(10)
    })
  })

  it('goes through aliases and takes annotations for no address', async () => {
    const c = `__attribute__((annotate("x"), used)) int f(int a) { return a; }
      int g(int) __attribute__((alias("f")));
      int h(int a) { return g(a) + f(a); }`
    await withProgram({ 'a.c': c }, ({ module }) => {
      const graph = graphOf(module)
      expect(text(graph)).toEqual(['h direct f 2'])
      expect(graph.addressTaken.size).toBe(0)
    })
  })

  it('finds what runs outside main', async () => {
    const c = `__attribute__((constructor)) void before(void) {} __attribute__((destructor)) void after(void) {}`
    await withProgram({ 'a.c': c }, ({ module }) =>
      expect([...startupFunctions(module)]).toEqual([
        ['before', 'constructor'],
        ['after', 'destructor'],
      ]),
    )
  })

  it('takes calls without a prototype to functions that begin with its parameters', () => {
    const ir = `define i32 @two(i32 %a, i32 %b) { ret i32 %a }
      @keep = global ptr @two
      define i32 @f(ptr %p) { %r = call i32 (i32, ...) %p(i32 1, i32 2) ret i32 %r }`
    withIr(ir, module => {
      expect(C.LLVMIsDeclaration(module.function('two')!)).toBe(false)
      expect(text(graphOf(module))).toEqual(['f indirect two 1'])
    })
  })
})
