import { describe, expect, test } from 'vitest'
import { body, lowerC } from './lower.ts'

const lower = async (text: string, functions: readonly string[], more: object = {}) => {
  const result = await lowerC(text, { functions, ...more })
  expect(result.problem).toBeUndefined()
  return result
}

describe('calls', () => {
  test('between chosen functions are direct', async () => {
    const { ir, thunks } = await lower('int g(int x) { return x + 1; }\nint f(int x) { return g(x); }', ['f', 'g'])
    expect(body(ir, 'f')).toContain('call signext i32 @g(')
    expect(thunks).toEqual([])
  })

  test('of guest functions go through a thunk with the target in nest', async () => {
    const { ir, thunks, references } = await lower('int g(int, unsigned char);\nint f(int x) { return g(x, 7); }', [
      'f',
    ])
    expect(thunks).toEqual(['ii:i'])
    expect(references).toEqual(['f', 'g'])
    expect(body(ir, 'f')).toMatch(/call signext i64 %\d+\(ptr nest %g, i64 %\d+, i64 7\)/)
    expect(body(ir, 'f')).toContain('!invariant.load')
  })

  test('through pointers pass the pointer', async () => {
    const { ir, thunks } = await lower('double f(double (*g)(float, double), double x) { return g(1, x); }', ['f'])
    expect(thunks).toEqual(['fd:d'])
    expect(body(ir, 'f')).toMatch(/call double %\d+\(ptr nest %0, float 1.0\S+, double %1\)/)
  })

  test('variadic arguments are passed by their own types', async () => {
    const text = '#include <stdio.h>\nvoid f(double d, long double l, char c) { printf("%f %Lf %d", d, l, c); }'
    expect((await lower(text, ['f'])).thunks).toEqual(['i.dqi:i'])
  })

  test('what the guest returns in pieces is put together', async () => {
    const text =
      'typedef struct { double d; int i; } S; S g(__int128);\nint f(void) { S s = g(1); return s.i + (int)s.d; }'
    const { ir, thunks } = await lower(text, ['f'])
    expect(thunks).toEqual(['ii:di'])
    expect(body(ir, 'f')).toContain('call { double, i64 }')
  })

  test('a call with another type than the function goes through the bridge', async () => {
    const text = 'int g(a) long a; { return (int)a; }\nint h();\nint f(void) { return ((int (*)(int, int))g)(1, 2); }'
    const { thunks } = await lower(text, ['f', 'g'], { options: ['-std=gnu89', '-w'] })
    expect(thunks).toEqual(['ii:i'])
  })

  test('of functions that never return stay so', async () => {
    const { ir } = await lower('#include <stdlib.h>\nvoid f(int x) { exit(x); }', ['f'])
    expect(body(ir, 'f')).toContain('unreachable')
    expect(ir).toMatch(/noreturn/)
  })

  test('of aliases of a chosen function are direct', async () => {
    const text = 'int g(int x) { return x; }\nint h(int) __attribute__((alias("g")));\nint f(int x) { return h(x); }'
    const { ir } = await lower(text, ['f', 'g'])
    expect(body(ir, 'f')).toContain('@g(')
  })
})

describe('the C library', () => {
  test('with a fixed result is called on the host', async () => {
    const { ir, thunks } = await lower('#include <string.h>\nunsigned long f(const char *s) { return strlen(s); }', [
      'f',
    ])
    expect(body(ir, 'f')).toContain('call i64 @strlen(')
    expect(thunks).toEqual([])
  })

  test('strcmp stays on the host only where its sign alone counts', async () => {
    const head = '#include <string.h>\n'
    const sign = await lower(`${head}int f(const char *a, const char *b) { return strcmp(a, b) < 0; }`, ['f'])
    expect(sign.thunks).toEqual([])
    const value = await lower(`${head}int f(const char *a, const char *b) { return strcmp(a, b); }`, ['f'])
    expect(value.thunks).toEqual(['ii:i'])
  })

  test('a function of that name with another type is the guest’s', async () => {
    const { thunks } = await lower('int strlen(int);\nint f(int n) { return strlen(n); }', ['f'], {
      options: ['-fno-builtin', '-w'],
    })
    expect(thunks).toEqual(['i:i'])
  })

  test('sqrt computes inline and leaves NaN, and with it errno, to the guest', async () => {
    const { ir, thunks, references } = await lower('#include <math.h>\ndouble f(double x) { return sqrt(x); }', ['f'])
    expect(body(ir, 'f')).toContain('@ferry.sqrt')
    expect(body(ir, 'ferry.sqrt')).toContain('@llvm.sqrt.f64')
    expect([thunks, references]).toEqual([['d:d'], ['f', 'sqrt']])
  })

  test.each([
    ['sin(x)', [], 'sin'],
    ['sin(x)', ['-fno-math-errno'], 'sin'],
    ['pow(2, x)', [], 'exp2'],
  ])('%s with %s is the guest’s %s on both sides', async (call, options, name) => {
    const { references, shared } = await lower(`#include <math.h>\ndouble f(double x) { return ${call}; }`, ['f'], {
      options,
    })
    expect(references).toContain(name)
    const group = /call double @\w+\([^)]*\) #(\d+)/.exec(body(shared, 'f'))![1]
    expect(shared).toMatch(new RegExp(`attributes #${group} = \\{[^}]*nobuiltin`))
  })

  test('integer powers are functions of the run-time library', async () => {
    const { references } = await lower('float f(float x) { return __builtin_powif(x, 3); }', ['f'])
    expect(references).toEqual(['f', '__powisf2'])
  })

  test.each([
    ['double f(double x, double *p) { return modf(x, p); }', 'modf'],
    ['double f(double x, double *p) { double c; sincos(x, p, &c); return c; }', 'sincos'],
  ])('intrinsics with two results become calls with pointers: %s', async (text, name) => {
    const { references } = await lower(`#define _GNU_SOURCE\n#include <math.h>\n${text}`, ['f'], {
      options: ['-fno-math-errno'],
    })
    expect(references).toEqual(['f', name])
  })

  test('--host-libm takes the host’s', async () => {
    const text =
      '#include <math.h>\ndouble f(double x) { return sin(x) + pow(x, 0.3); }\nlong double g(long double x) { return sinl(x); }'
    const { thunks, references } = await lower(text, ['f', 'g'], { hostLibm: true })
    expect(thunks).toEqual(['ii:ii'])
    expect(references).toEqual(['f', 'g', 'sinl'])
  })

  test('functions of long double are the guest’s', async () => {
    const { references } = await lower(
      '#include <math.h>\nlong double f(long double x) { return floorl(x) + fabsl(x); }',
      ['f'],
    )
    expect(references).toEqual(['f', 'floorl'])
  })
})

describe('refusals name the reason', () => {
  test.each([
    [
      'int f(int n, ...) { static void *at[] = {&&a, &&b}; goto *at[n]; a: return 1; b: return 2; }',
      /variadic, with computed goto/,
    ],
    ['void *f(void) { return __builtin_frame_address(0); }', /frame/],
    ['__bf16 f(__bf16 *a) { return *a; }', /bfloat/],
    [
      'typedef float V __attribute__((vector_size(16))); V f(V x) { return __builtin_elementwise_sin(x); }',
      /sin of vectors/,
    ],
    ['int f(int x) { __asm__("addi %0, %0, 1" : "+r"(x)); return x; }', /inline assembly/],
    ['#pragma STDC FENV_ACCESS ON\ndouble f(double a, double b) { return a / b; }', /environment/],
  ])('%#', async (text, reason) => {
    const { refused } = await lowerC(text, { functions: ['f'] })
    expect(refused).toEqual([{ name: 'f', reason: expect.stringMatching(reason) }])
  })
})
