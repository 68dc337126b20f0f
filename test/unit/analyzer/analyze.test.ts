import { describe, expect, it } from 'vitest'
import { analyzeModule } from '../../../analyzer/analyze.ts'
import type { Mode } from '../../../analyzer/choose.ts'
import { BRIDGE_COST } from '../../../analyzer/cost.ts'
import { withProgram } from './program.ts'

const HOT = `
static int mix(int a) { return a * 31 + 7; }
int hot(int n) { int s = 0; for (int i = 0; i < 100000; i++) s += mix(i ^ n); return s; }
`

function analyse(c: string, mode: Mode = 'auto', options: string[] = []) {
  return withProgram({ 'a.c': c }, ({ module }) => analyzeModule(module, mode), options)
}

const verdicts = async (...args: Parameters<typeof analyse>) =>
  Object.fromEntries((await analyse(...args)).functions.map(f => [f.name, f.verdict]))

describe('the analysis of a program', () => {
  it('takes the hot loop with its leaf and leaves main', async () => {
    expect(await verdicts(`${HOT} int main(int n, char **v) { return hot(n); }`)).toEqual({
      hot: 'chosen',
      mix: 'chosen',
      main: 'stays',
    })
  })

  it('counts on every visible function of a library', async () => {
    const { functions } = await analyse(HOT)
    expect(functions.map(f => [f.name, f.cost.calls])).toEqual([
      ['hot', 1],
      ['mix', 100_000],
    ])
  })

  it('sees the same work without optimisation', async () => {
    const [optimised] = (await analyse(HOT)).functions
    const [plain] = (await analyse(HOT, 'auto', ['-O0'])).functions
    expect(plain?.cost.mix.executed.load).toBe(optimised?.cost.mix.executed.load)
    expect(plain?.verdict).toBe('chosen')
  })

  it('judges functions that are always inlined where they are inlined', async () => {
    const always = `static inline __attribute__((always_inline))`
    const c = `
      ${always} unsigned step(unsigned a) { return a * 31 + 7; }
      ${always} unsigned work(unsigned n, int kind) {
        unsigned s = 0;
        for (int i = 0; i < 100000; i++) s += kind ? step(n ^ i) : n / (i + 3);
        return s;
      }
      ${always} int twice(int n) { return 2 * n; }
      unsigned fast(unsigned n) { return work(n, 0); }
      unsigned slow(unsigned n) { return work(n, 1); }
      int main(int n, char **v) { return twice(fast(n) + slow(n)); }`
    const { functions } = await analyse(c)
    const find = (name: string) => functions.find(f => f.name === name)!
    const chosen = functions.filter(f => f.verdict === 'chosen').map(f => f.name)
    expect(chosen.toSorted()).toEqual(['fast', 'slow', 'step', 'work'])
    expect(find('work').reason).toMatch(/^inlined into (fast|slow)$/)
    expect(find('step').reason).toBe('inlined into work')
    expect(find('twice').reason).toBe('inlined into functions that stay')
    // the constant is known there: no multiplications in one, no divisions in the other
    expect(find('fast').cost.mix.executed.multiply).toBe(0)
    expect(find('slow').cost.mix.executed.divide).toBe(0)
    expect(find('work').cost.mix.executed.divide).toBeGreaterThan(0)
  })

  it('keeps annotated functions on the guest in every mode, and offloads annotated ones that do not pay', async () => {
    const c = `__attribute__((annotate("ferry.guest"))) int kept(int n) { int s = 0; while (n--) s += n; return s; }
      __attribute__((annotate("ferry.offload"))) int tiny(int n) { return n; }
      int main(int n, char **v) { return kept(n) + tiny(n); }`
    expect(await verdicts(c)).toEqual({ kept: 'stays', tiny: 'chosen', main: 'stays' })
    expect(await verdicts(c, 'all')).toEqual({ kept: 'stays', tiny: 'chosen', main: 'chosen' })
    expect(await verdicts(c, 'none')).toEqual({ kept: 'stays', tiny: 'stays', main: 'stays' })
  })

  it('does not charge for library functions that the host has, and does for those of the guest', async () => {
    const loop = (call: string) => `#include <string.h>
      #include <stdlib.h>
      int work(char **p, int n) { int s = 0; for (int i = 0; i < n; i++) s += ${call}; return s; }
      int main(int n, char **v) { return work(v, n); }`
    const gain = async (call: string) => (await analyse(loop(call))).functions.find(f => f.name === 'work')!.gain
    expect(await gain('strlen(p[i])')).toBeGreaterThan((await gain('atoi(p[i])')) + 8 * BRIDGE_COST.hostToGuest)
  })

  it('calls what never returns rare', async () => {
    const c = `#include <stdlib.h>
      static void die(void) { exit(1); }
      int f(int *p, int n) { int s = 0; for (int i = 0; i < n; i++) { if (p[i] < 0) die(); s += p[i]; } return s; }`
    const f = (await analyse(c)).functions.find(({ name }) => name === 'f')
    expect(f?.calls).toMatchObject([{ callee: 'die', defined: true }])
    expect(f!.calls[0]!.frequency).toBeLessThan(0.1)
  })

  it('does not change the module that it reads', async () => {
    await withProgram({ 'a.c': HOT }, ({ module }) => {
      const before = module.print()
      analyzeModule(module, 'auto')
      expect(module.print()).toBe(before)
    })
  })
})
