import { describe, expect, it } from 'vitest'
import { analyzeModule } from '../../../analyzer/analyze.ts'
import { valueName } from '../../../analyzer/llvm/index.ts'
import { loopOf, outlineLoops } from '../../../analyzer/outline.ts'
import { withProgram } from './program.ts'

function outlined(c: string) {
  return withProgram({ 'a.c': c }, ({ module }) => {
    outlineLoops(module)
    expect(module.verify()).toBeUndefined()
    const loops = [...module.definitions()].filter(fn => loopOf(fn) !== undefined)
    return { loops: loops.map(valueName), functions: analyzeModule(module, 'auto').functions }
  })
}

const WORK = 'for (unsigned i = 0; i < 100000; i++) s = (s ^ i ^ n) * 31;'

describe('loops of functions that must stay', () => {
  it('leave by themselves, with names and places of their own', async () => {
    const { functions } = await outlined(`
      unsigned f(unsigned n) {
        unsigned s = 0;
        __asm__ volatile("nop");
        ${WORK}
        return s;
      }
      int main(int n, char **v) { return f(n); }`)
    const rows = functions.map(f => [f.name, f.sourceName, f.verdict, f.line])
    expect(rows).toContainEqual(['f.loop.5', 'f.loop.5', 'chosen', 5])
    expect(rows).toContainEqual(['f', 'f', 'stays', 2])
  })

  it('stay when they have the obstacle', async () => {
    const { loops, functions } = await outlined(`
      unsigned f(unsigned n) {
        unsigned s = 0;
        for (unsigned i = 0; i < n; i++) { __asm__ volatile("nop"); s += i; }
        ${WORK}
        return s;
      }`)
    expect(loops).toEqual(['f.loop.5'])
    expect(functions.map(f => f.name).toSorted()).toEqual(['f', 'f.loop.5'])
  })

  it.each([
    ['a function that may leave', `unsigned f(unsigned n) { unsigned s = 0; ${WORK} return s; }`],
    [
      'one that is annotated',
      `__attribute__((annotate("ferry.guest"))) unsigned f(unsigned n) { unsigned s = 0; ${WORK} return s; }`,
    ],
    [
      'one that setjmp returns to',
      `#include <setjmp.h>
      jmp_buf b; unsigned f(unsigned n) { unsigned s = 0; if (setjmp(b)) return 1; ${WORK} return s; }`,
    ],
    [
      'one that is not to be optimised',
      `__attribute__((optnone)) unsigned f(unsigned n) { unsigned s = 0; __asm__("nop"); ${WORK} return s; }`,
    ],
    ['one without loops', 'unsigned f(unsigned n) { __asm__ volatile("nop"); return n; }'],
  ])('are left alone in %s', async (_, c) => {
    expect((await outlined(c)).loops).toEqual([])
  })

  it('have as many names as there are loops, and keep what leaves them', async () => {
    const { loops } = await outlined(`
      int f(int n, const int *v) {
        int s = 0;
        __asm__ volatile("nop");
        for (int i = 0; i < n; i++) { if (v[i] < 0) return -1; if (v[i] == 7) break; s += v[i]; }
        for (int i = 0; i < n; i++) s ^= v[i]; for (int i = 0; i < n; i++) s += 3 * v[i];
        return s;
      }`)
    expect(loops).toHaveLength(3)
    expect(new Set(loops).size).toBe(3)
  })
})
