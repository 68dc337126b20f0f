import { describe, expect, test } from 'vitest'
import { body, lowerC, lowerIr } from './lower.ts'

const RISCV =
  'target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"\ntarget triple = "riscv64-unknown-linux-gnu"\n'
const CANONICAL = 'double 0x7FF8000000000000'

async function optimised(text: string): Promise<string> {
  const result = await lowerC(text, { functions: ['f'] })
  expect(result.problem).toBeUndefined()
  return body(result.optimised, 'ferry.entry.f')
}
const count = (text: string, part: string) => text.split(part).length - 1

describe('canonical NaNs', () => {
  test('a result that is returned is made canonical', async () => {
    const text = await optimised('double f(double a, double b) { return a + b; }')
    expect(text).toMatch(/fcmp uno double %(\S+), %\1/)
    expect(count(text, CANONICAL)).toBe(1)
  })

  test('operands of arithmetic and of comparisons are not touched', async () => {
    expect(await optimised('int f(double a, double b, double c) { return a * b - c < a / b; }')).not.toContain(
      CANONICAL,
    )
  })

  test('values that only move keep their payload', async () => {
    expect(await optimised('double f(const double *p, int n) { return n ? p[0] : p[n]; }')).not.toContain(CANONICAL)
  })

  test('a reduction is made canonical once, behind the loop', async () => {
    const text = await optimised(
      'double f(const double *a, const double *b, int n) { double s = 0; for (int i = 0; i < n; i++) s += a[i] * b[i]; return s; }',
    )
    expect(count(text, CANONICAL)).toBe(1)
    expect(text.slice(text.lastIndexOf('br '))).toContain(CANONICAL)
  })

  test('where results and moved values meet, only the results are made canonical', async () => {
    const text = await optimised('double f(const double *p, double a, double b) { return *p > 1 ? a * b : *p; }')
    expect(text).toMatch(/%(\d+) = fmul [\s\S]*fcmp uno double %\1, %\1/)
    expect(text).not.toMatch(/phi[\s\S]*fcmp uno/)
  })

  test('the operand of a sign operation is made canonical, so that its sign shows', async () => {
    const text = await optimised('double f(double a, double b) { return -(a * b); }')
    expect(text).toMatch(/0x(7|F)FF8000000000000/)
    expect(text).toContain('0xFFF8000000000000')
  })

  test('a negated factor is no reason', async () => {
    expect(count(await optimised('double f(double a, double b, double c) { return c - a * b; }'), CANONICAL)).toBe(1)
  })

  test('stores in loops are looked at together and written again when one was NaN', async () => {
    const text = await optimised(
      'void f(double *p, const double *q, int n) { for (int i = 0; i < n; i++) { p[2 * i] = q[i] - p[2 * i]; p[2 * i + 1] *= q[i]; } }',
    )
    expect(text).toContain('!prof')
    expect(text).toMatch(/store [^\n]+\n[^\n]*fcmp uno/)
    expect(count(text, 'store ')).toBeGreaterThan(2)
  })

  test('a load of bits between two stores keeps them apart', async () => {
    const text = await optimised(
      'void f(double *p, long *q, double a, int n) { for (int i = 0; i < n; i++) { p[i] *= a; q[i] ^= 1; p[i + n] /= a; } }',
    )
    const start = text.indexOf('fcmp uno')
    expect(text.slice(start)).toMatch(/fcmp uno[\s\S]*xor i64[\s\S]*fcmp uno/)
  })

  test('vectors are treated element-wise', async () => {
    const text = await optimised(
      'void f(double *restrict c, const double *a, const double *b) { for (int i = 0; i < 64; i++) c[i] = a[i] + b[i]; }',
    )
    expect(text).toContain('select <4 x i1>')
    expect(text).toContain('splat (double 0x7FF8000000000000)')
  })

  test('long double is looked at in its bits, without a library call', async () => {
    const text = await optimised('long double f(long double a, long double b) { return a + b; }')
    expect(text).toContain('icmp ugt i128')
    expect(text).not.toContain('fcmp')
  })

  test('a conversion from an integer is no NaN', async () => {
    expect(await optimised('double f(long n) { return n; }')).not.toContain(CANONICAL)
  })

  test('bits are results too', () => {
    const { optimised, problem } = lowerIr(
      `${RISCV}define i64 @f(double %a, double %b) { %s = fsub double %a, %b
       %i = bitcast double %s to i64
       %j = add i64 %i, 1
       ret i64 %j }`,
      ['f'],
    )
    expect(problem).toBeUndefined()
    expect(optimised).toContain(CANONICAL)
  })
})
