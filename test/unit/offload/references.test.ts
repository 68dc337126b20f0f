import { describe, expect, test } from 'vitest'
import { body, lowerC } from './lower.ts'

const lower = async (text: string, functions = ['f']) => {
  const result = await lowerC(text, { functions })
  expect(result.problem).toBeUndefined()
  return result
}

describe('guest addresses', () => {
  test('of variables come from the table', async () => {
    const { ir, references } = await lower('int counter;\nvoid f(void) { counter++; }')
    expect(references).toEqual(['f', 'counter'])
    expect(body(ir, 'f')).toMatch(/load ptr, ptr @ferry_refs[\s\S]*%counter = load ptr[^\n]*!invariant.load/)
    expect(ir).not.toMatch(/^@counter/m)
  })

  test('of functions are the guest’s, also of chosen ones', async () => {
    const { ir, references } = await lower('int g(int x) { return x; }\nvoid *f(void) { return g; }', ['f', 'g'])
    expect(references).toEqual(['f', 'g'])
    expect(body(ir, 'f')).toContain('ret ptr %g')
  })

  test('inside constant expressions are expanded', async () => {
    const { ir } = await lower('char buffer[64];\nlong f(void) { return (long)(buffer + 10); }')
    expect(body(ir, 'f')).toMatch(/getelementptr inbounds[^\n]*ptr %buffer[\s\S]*ptrtoint/)
  })

  test('in phis are loaded where they come from', async () => {
    const { ir } = await lower(
      'int a, b; int g(void);\nint *f(int n) { int *p = &a; if (n && g()) p = &b; g(); return p; }',
    )
    expect(body(ir, 'f')).toContain('%a = load ptr')
  })

  test('of weak symbols may be null', async () => {
    const { ir } = await lower('extern int w __attribute__((weak));\nint f(void) { return &w != 0; }')
    expect(body(ir, 'f')).not.toMatch(/%w = load[^\n]*nonnull/)
  })

  test('of nameless globals get a name', async () => {
    const { references } = await lower('void g(const char *);\nvoid f(void) { g("text"); }')
    expect(references).toEqual(['f', 'g', '.str'])
  })
})

describe('constants', () => {
  const TABLE = 'static const int table[4] = {1, 2, 3, 4};\n'

  test('that are only read are copied', async () => {
    const { ir, references } = await lower(`${TABLE}int f(int n) { return table[n & 3]; }`)
    expect(references).toEqual(['f'])
    expect(ir).toMatch(/@table = internal unnamed_addr constant/)
  })

  test('whose address gets out are the guest’s', async () => {
    const { references, ir } = await lower(`${TABLE}const int *f(int n) { return &table[n & 3]; }`)
    expect(references).toEqual(['f', 'table'])
    expect(ir).not.toMatch(/^@table/m)
  })

  test('are decided use by use', async () => {
    const { references, ir } = await lower(
      `${TABLE}void g(const int *); int f(int n) { g(table); return table[n & 3]; }`,
    )
    expect(references).toEqual(['f', 'g', 'table'])
    expect(ir).toMatch(/@table = internal unnamed_addr constant/)
  })

  test('with addresses in them are the guest’s', async () => {
    const { references } = await lower(
      'static const char *const names[] = {"a", "b"};\nconst char *f(int n) { return names[n & 1]; }',
    )
    expect(references).toEqual(['f', 'names'])
  })

  test('that the program may write are the guest’s', async () => {
    const { references } = await lower('int table[2] = {1, 2};\nint f(int n) { return table[n & 1]; }')
    expect(references).toEqual(['f', 'table'])
  })

  test('initialise local arrays from a copy', async () => {
    const { references } = await lower('void g(int *);\nvoid f(void) { int a[8] = {1, 2, 3, 4, 5, 6, 7, 8}; g(a); }')
    expect(references).toEqual(['f', 'g'])
  })

  test('tables of labels hold host labels', async () => {
    const text = 'int f(int n) { static const void *const t[] = {&&a, &&b}; goto *t[n & 1]; a: return 1; b: return 2; }'
    const { ir, references } = await lower(text)
    expect(references).toEqual(['f'])
    expect(ir).toContain('blockaddress(@f,')
  })
})

describe('the exported tables', () => {
  test('have the entries in order, and the thunks their number', async () => {
    const { ir } = await lower('void g(int);\nvoid h(double);\nvoid a(void) { g(1); }\nvoid b(void) { h(2); g(3); }', [
      'a',
      'b',
    ])
    expect(ir).toContain('@ferry_functions = protected constant [2 x ptr] [ptr @ferry.entry.a, ptr @ferry.entry.b]')
    expect(ir).toContain('@ferry_thunks = protected global [2 x ptr] zeroinitializer')
    expect(ir).toContain('@ferry_refs = protected global ptr null')
  })

  test('entries take and give words', async () => {
    const { ir, signatures } = await lower(
      'unsigned f(unsigned char a, short b, float c, __int128 d) { return a + b + (int)c + (int)d; }',
    )
    expect(signatures).toEqual(['iifii:i'])
    const text = body(ir, 'ferry.entry.f')
    expect(text).toContain('define internal i64 @ferry.entry.f(i64 %0, i64 %1, float %2, i64 %3, i64 %4)')
    expect(text).toMatch(/sext i32 %\d+ to i64/)
  })

  test('guest attributes are gone', async () => {
    const { ir } = await lower('int f(int x) { return x; }')
    expect(ir).not.toContain('generic-rv64')
    expect(ir).toContain('"target-cpu"="x86-64-v3"')
    expect(ir).toContain('target triple = "x86_64-unknown-linux-gnu"')
  })
})
