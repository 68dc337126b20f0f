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
      const { functions } = await withExcerpts(analysis)
      const [twice, main] = ['twice', 'main'].map(name => printDetails(functions.find(f => f.name === name)!))
      expect(twice).toContain('  2  static int\n  3  twice(int a)\n  4  {\n  5    return a + a;\n  6  }\n')
      expect(main).toContain('  loop     depth 1, line 11, 10 turns\n')
      expect(main).toContain('  calls    puts (external), 9 times a call, line 11\n')
    } finally {
      await rm(directory, { recursive: true })
    }
  })
})
