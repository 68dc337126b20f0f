/** Operations whose results differ between the processors: what they become on the host. */
import { describe, expect, test } from 'vitest'
import { body, lowerC, lowerIr } from './lower.ts'

const RISCV =
  'target datalayout = "e-m:e-p:64:64-i64:64-i128:128-n32:64-S128"\ntarget triple = "riscv64-unknown-linux-gnu"\n'

async function lowered(text: string): Promise<string> {
  const { ir, problem } = await lowerC(text, { functions: ['f'] })
  expect(problem).toBeUndefined()
  return body(ir, 'f')
}

describe('division', () => {
  test('by a variable has the results of RISC-V for zero and overflow', async () => {
    const text = await lowered('int f(int a, int b) { return a / b; }')
    expect(text).toContain('icmp eq i32 %1, 0')
    expect(text).toContain('icmp eq i32 %0, -2147483648')
    expect(text).toMatch(/select i1 %\d+, i32 1, i32 %1/)
    expect(text).toMatch(/select i1 %\d+, i32 -1, i32 %\d+/)
  })

  test('a remainder by zero is the dividend', async () => {
    expect(await lowered('unsigned long f(unsigned long a, unsigned long b) { return a % b; }')).toMatch(
      /select i1 %\d+, i64 %0, i64 %\d+/,
    )
  })

  test('by a safe constant stays', async () => {
    const text = await lowered('int f(int a) { return a / 10 + a % 7; }')
    expect(text).toContain('sdiv i32 %0, 10')
    expect(text).not.toContain('select')
  })

  test('128 bits by zero divides by the quotient that the hardware gives for 1 / 0', async () => {
    const text = await lowered('unsigned __int128 f(unsigned __int128 a, unsigned __int128 b) { return a / b; }')
    expect(text).toContain('i128 18446744073709551615, i128')
  })

  test('a narrow quotient that is extended is the wide one', async () => {
    const text = await lowered('int f(unsigned char a, unsigned char b) { return a / b; }')
    expect(text).toMatch(/zext i8 %\d+ to i32/)
    expect(text).toMatch(/select i1 %\d+, i32 -1, i32 %\d+/)
  })

  test('of vectors is element-wise', () => {
    const { ir, problem } = lowerIr(
      `${RISCV}define void @f(ptr %p, <4 x i32> %a, <4 x i32> %b) { %q = sdiv <4 x i32> %a, %b
       store <4 x i32> %q, ptr %p
       ret void }`,
      ['f'],
    )
    expect(problem).toBeUndefined()
    expect(ir).toContain('sdiv <4 x i32>')
  })
})

describe('shifts', () => {
  test('amounts are masked to the width', async () => {
    expect(await lowered('long f(long a, int n) { return a << n; }')).toMatch(/and i64 %\d+, 63/)
    expect(await lowered('unsigned f(unsigned a, int n) { return a >> n; }')).toMatch(/and i32 %1, 31/)
  })

  test('constant amounts stay', async () => {
    expect(await lowered('int f(int a) { return a << 3; }')).not.toContain('and')
  })

  test('narrow integers are shifted in 64 bits', () => {
    const { ir } = lowerIr(`${RISCV}define i8 @f(i8 %a, i8 %n) { %r = ashr i8 %a, %n\n ret i8 %r }`, ['f'])
    expect(body(ir, 'f')).toContain('sext i8 %a to i64')
  })
})

describe('conversions to integers', () => {
  test('saturate, and NaN gives the largest value', async () => {
    const text = await lowered('int f(double x) { return (int)x; }')
    expect(text).toContain('@llvm.fptosi.sat.i32.f64')
    expect(text).toMatch(/select i1 %\d+, i32 2147483647/)
    expect(await lowered('unsigned long f(float x) { return (unsigned long)x; }')).toMatch(/select i1 %\d+, i64 -1/)
  })

  test('to narrow integers go through 64 bits on both sides', async () => {
    const { shared, ir } = await lowerC('signed char f(double x) { return (signed char)x; }', { functions: ['f'] })
    expect(body(shared, 'f')).toMatch(/(%\d+) = fptosi double %0 to i64[^\n]*\n\s*%\d+ = trunc i64 \1 to i8/)
    expect(body(ir, 'f')).toContain('@llvm.fptosi.sat.i64.f64')
  })

  test('lrint rounds, then saturates', async () => {
    const { ir } = await lowerC('#include <math.h>\nlong f(double x) { return lrint(x); }', {
      functions: ['f'],
      options: ['-fno-math-errno'],
    })
    expect(body(ir, 'f')).toContain('@llvm.rint.f64')
    expect(body(ir, 'f')).toContain('@llvm.fptosi.sat.i64.f64')
  })
})

describe('floating point', () => {
  test('a product and a sum are fused, as RISC-V does it', async () => {
    const { shared } = await lowerC('double f(double a, double b, double c) { return a * b + c; }', {
      functions: ['f'],
    })
    expect(body(shared, 'f')).toContain('@llvm.fma.f64')
  })

  test('long double is not fused', async () => {
    const { shared } = await lowerC('long double f(long double a, long double b) { return a * b + a; }', {
      functions: ['f'],
    })
    expect(body(shared, 'f')).toMatch(/fmul fp128[\s\S]*fadd fp128/)
  })

  test('relaxed arithmetic becomes strict on both sides', async () => {
    const text =
      'double g(double); double f(double a, float b, int n) { double s = -a; while (n--) s = s > b ? s / b : g(s) + a * b; return s + __builtin_sqrt(a); }'
    const { shared, problem } = await lowerC(text, { functions: ['f'], options: ['-ffast-math'] })
    expect(problem).toBeUndefined()
    expect(body(shared, 'f')).toMatch(/fdiv double/)
    expect(shared).not.toMatch(/ (fast|reassoc|nnan|ninf|nsz|arcp|contract|afn) |nofpclass/)
    expect(shared).not.toMatch(/"no-nans-fp-math"="true"|"unsafe-fp-math"="true"/)
  })

  test('fmin and fmax order zeros', async () => {
    expect(await lowered('#include <math.h>\ndouble f(double a, double b) { return fmin(a, fmax(b, 1)); }')).toMatch(
      /@llvm.maximumnum.f64[\s\S]*@llvm.minimumnum.f64/,
    )
  })
})

describe('undefined values', () => {
  test('are zero on both sides', async () => {
    const { shared } = await lowerC('int f(int n) { int x; if (n) x = 3; return x + (int)1e10f; }', {
      functions: ['f'],
    })
    expect(shared).not.toMatch(/(undef|poison)[,)\n]/)
    expect(body(shared, 'f')).toContain('ret i32')
  })
})
