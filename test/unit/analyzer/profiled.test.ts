import { describe, expect, it } from 'vitest'
import { analyzeModule } from '../../../analyzer/analyze.ts'
import { RUN_PROFILE_VERSION, type RunProfile } from '../../../base/run-profile.ts'
import { withProgram } from './program.ts'

type Counts = Partial<Omit<RunProfile['functions'][number], 'name'>>

function profile(functions: Record<string, Counts>, edges: readonly [string, string, number][]): RunProfile {
  const none = { calls: 0, instructions: 0, pointerCalls: 0, native: 0 }
  return {
    ...{ version: RUN_PROFILE_VERSION, program: 'app' },
    functions: Object.entries(functions).map(([name, counts]) => ({ name, ...none, ...counts })),
    edges: edges.map(([caller, callee, calls]) => ({ caller, callee, calls })),
  }
}

async function verdicts(c: string, run: RunProfile) {
  const analysis = await withProgram({ 'a.c': c }, ({ module }) => analyzeModule(module, 'auto', run))
  return {
    chosen: analysis.functions.filter(f => f.verdict === 'chosen').map(f => f.name),
    cost: new Map(analysis.functions.map(f => [f.name, f.cost])),
    edges: analysis.edges,
  }
}

const TWO = `int work(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) s = s * 31 + p[i]; return s; }
  void guest(void) __attribute__((annotate("ferry.guest")));
  void guest(void) { int a[1000] = {0}; for (int i = 0; i < 1000; i++) a[i] = work(a, i); }
  int main(void) { guest(); return 0; }`

describe('choosing by what a run has counted', () => {
  it('takes what had much work for each crossing, and leaves what had little', async () => {
    const edges: [string, string, number][] = [['guest', 'work', 1000]]
    const much = profile({ main: { calls: 1 }, guest: { calls: 1 }, work: { calls: 1000, instructions: 5e6 } }, edges)
    expect((await verdicts(TWO, much)).chosen).toEqual(['work'])
    const little = profile({ main: { calls: 1 }, guest: { calls: 1 }, work: { calls: 1000, instructions: 6e3 } }, edges)
    expect((await verdicts(TWO, little)).chosen).toEqual([])
  })

  it('gives what the compiler has inlined its share of the time, and its calls', async () => {
    const c = `static int leaf(int x) { int s = 0; for (int i = 0; i < x; i++) s ^= s * 7 + i; return s; }
      int outer(int n) { int s = 0; for (int i = 0; i < n; i++) s += leaf(i); return s; }
      int main(int n, char **v) { return outer(n); }`
    const run = profile({ main: { calls: 1 }, outer: { calls: 1, instructions: 1e8 } }, [['main', 'outer', 1]])
    const { chosen, cost, edges } = await verdicts(c, run)
    expect(chosen).toEqual(expect.arrayContaining(['leaf', 'outer']))
    expect(cost.get('leaf')!.saved).toBeGreaterThan(cost.get('outer')!.saved)
    expect(cost.get('leaf')!.calls).toBeGreaterThan(1000)
    expect(edges).toContainEqual(expect.objectContaining({ caller: 'outer', callee: 'leaf', kind: 'direct' }))
  })

  it('takes calls that no direct call explains for calls through pointers', async () => {
    const c = `int add(int x) { return x + 1; } int sub(int x) { return x - 1; }
      int apply(int (**f)(int), int n) { int s = 0; for (int i = 0; i < n; i++) s = f[i & 1](s); return s; }
      int main(int n, char **v) { int (*f[2])(int) = {add, sub}; return apply(f, n); }`
    const run = profile(
      {
        main: { calls: 1 },
        apply: { calls: 1, instructions: 1e6, pointerCalls: 1000 },
        add: { calls: 500, instructions: 2500 },
      },
      [['main', 'apply', 1]],
    )
    const { edges } = await verdicts(c, run)
    expect(edges).toContainEqual({ caller: 'apply', callee: 'add', kind: 'indirect', calls: 500 })
  })

  it('knows the time of native code', async () => {
    const run = profile({ main: { calls: 1 }, guest: { calls: 1 }, work: { calls: 1000, native: 1e6 } }, [
      ['guest', 'work', 1000],
    ])
    const { chosen, cost } = await verdicts(TWO, run)
    expect(chosen).toEqual(['work'])
    expect(cost.get('work')!.emulated).toBeGreaterThan(1000)
  })
})
