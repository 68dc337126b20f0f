import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../analyzer/analyze.ts'
import { functionExcerpt, withExcerpts } from '../../../analyzer/excerpts.ts'
import { printDetails } from '../../../analyzer/print.ts'

const TEXT = `#include <stdio.h>
static int
twice(int a)
{
  return a + a;
}
int (*pick(int n))(int) { return n ? twice : 0; }
char *text(void) { return "int twice(int)"; }
#define DEFINE(name) int name(void) { return 1; }
DEFINE(made)
`

describe('excerpts', () => {
  it('are found by name and line, through any declarator', async () => {
    expect(await functionExcerpt(TEXT, 'twice', 3)).toEqual({
      firstLine: 2,
      lastLine: 6,
      text: 'static int\ntwice(int a)\n{\n  return a + a;\n}',
    })
    expect((await functionExcerpt(TEXT, 'pick', 7))?.firstLine).toBe(7)
    expect((await functionExcerpt(TEXT, 'text', 8))?.text).toMatch(/^char \*text/)
  })

  it('fall back to what is around the line, then to the name', async () => {
    expect((await functionExcerpt(TEXT, 'macro_made', 7))?.firstLine).toBe(7)
    expect((await functionExcerpt(TEXT, 'twice', 99))?.firstLine).toBe(2)
    expect(await functionExcerpt(TEXT, 'made', 10)).toBeUndefined()
  })

  it('stand in the details of a function, with line numbers', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ferry-excerpts-'))
    try {
      await writeFile(join(directory, 'a.c'), `${TEXT}int main(void) { for (int i = 0; i < 9; i++) puts("x"); }\n`)
      const analysis = await analyze({ sources: ['a.c'], clangOptions: [], directory })
      const complete = await withExcerpts(analysis)
      const [twice, main] = ['twice', 'main'].map(name =>
        printDetails(complete, complete.functions.find(f => f.name === name)!),
      )
      expect(twice).toContain('  2  static int\n  3  twice(int a)\n  4  {\n  5    return a + a;\n  6  }\n')
      expect(main).toContain('  loop     depth 1, line 11, 10 turns\n')
      expect(main).toContain('  calls    puts (external, guest), 9 times a call, line 11\n')
    } finally {
      await rm(directory, { recursive: true })
    }
  })

  it('come with callers, crossings and every rule that refuses', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'ferry-details-'))
    const c = `int out(int);
int kernel(int *p) { int s = 0; for (int i = 0; i < 100000; i++) s += out(p[i & 7]); return s; }
int odd(int x) { __asm__ volatile("nop"); return x + (int)(long)__builtin_frame_address(0); }
int out(int x) { return odd(x) + 1; }
int main(void) { int a[8] = {0}; return kernel(a); }
`
    try {
      await writeFile(join(directory, 'a.c'), c)
      const analysis = await analyze({ sources: ['a.c'], clangOptions: ['-O2'], directory })
      const details = (name: string) => printDetails(analysis, analysis.functions.find(f => f.name === name)!)
      expect(details('odd')).toContain('  reason   inline-asm: inline assembly (a.c:3)\n  also     frame-address: ')
      expect(details('odd')).toMatch(/^ {2}called {3}by out.*, [\d,]+ times a run$/m)
      expect(details('kernel')).toMatch(
        /^ {2}gain .* a run; saves .*, (no call of it crosses|its calls that cross cost .*)$/m,
      )
      expect(details('main')).toMatch(/^ {2}called {3}by code outside, 1 times a run$/m)
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
