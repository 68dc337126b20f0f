import { describe, expect, it } from 'vitest'
import type { Module } from '../../../analyzer/llvm/index.ts'
import { measure } from '../../../analyzer/measure.ts'
import { unwindingFunctions } from '../../../analyzer/passes/unwinding.ts'
import { RULES, refusal } from '../../../analyzer/rules.ts'
import { type CallFacts, Scanner } from '../../../analyzer/scan.ts'
import { withIr, withProgram } from './program.ts'

interface Case {
  readonly rule: string
  /** C, or IR when C can not say it. `bad` has the obstacle, `good` is as close to it as is allowed. */
  readonly c?: string
  readonly ir?: string
  readonly options?: readonly string[]
  /** Line that the refusal names. */
  readonly line?: number
  readonly message?: string
}

const CASES: readonly Case[] = [
  {
    rule: 'annotated-guest',
    c: `__attribute__((annotate("ferry.guest"))) int bad(int a) { return a; }
        __attribute__((annotate("ferry.offload"))) int good(int a) { return a; }`,
    line: 1,
  },
  {
    rule: 'inline-asm',
    c: `int bad(int a) {
          asm volatile("addi %0, %0, 1" : "+r"(a));
          return a;
        }
        int good(int a) { asm volatile("" : "+r"(a) : : "memory"); return a; }`,
    line: 2,
  },
  {
    rule: 'callbr',
    c: `int bad(int a) {
          asm goto("beqz %0, %l1" : : "r"(a) : : out);
          return 1;
        out: return 0; }
        int good(int a) { if (a) goto out; return 1; out: return 0; }`,
    line: 2,
  },
  {
    rule: 'target-intrinsic',
    c: `void bad(void) { __builtin_riscv_pause(); } unsigned good(unsigned a) { return __builtin_popcount(a); }`,
    options: ['-march=rv64gc_zihintpause'],
    message: 'RISC-V intrinsic llvm.riscv.pause',
  },
  {
    rule: 'va-arg',
    ir: `define i32 @bad(ptr %list) { %n = va_arg ptr %list, i32 ret i32 %n }
         declare void @llvm.va_copy.p0(ptr, ptr)
         define void @good(ptr %to, ptr %from) { call void @llvm.va_copy.p0(ptr %to, ptr %from) ret void }`,
    message: 'reads a variable argument as the target does',
  },
  {
    rule: 'returns-twice',
    c: `#include <setjmp.h>
        jmp_buf buffer;
        int bad(void) {
          return setjmp(buffer); }
        void good(void) { longjmp(buffer, 1); }`,
    line: 4,
    message: 'calls _setjmp, which may return twice',
  },
  {
    rule: 'context-switch',
    c: `#include <ucontext.h>
        int bad(ucontext_t *a, ucontext_t *b) { return swapcontext(a, b); }
        void *good(ucontext_t *a) { return a->uc_link; }`,
  },
  {
    rule: 'unsupported-type',
    ir: `define <vscale x 2 x i32> @bad(<vscale x 2 x i32> %a) { ret <vscale x 2 x i32> %a }
         define fp128 @good(fp128 %a, half %b) { ret fp128 %a }`,
    message: 'type scalable vector',
  },
  {
    rule: 'vector-parameter',
    ir: `declare <4 x i32> @f(<4 x i32>)
         define void @bad(ptr %p) { %v = load <4 x i32>, ptr %p %w = call <4 x i32> @f(<4 x i32> %v) ret void }
         define void @good(ptr %p) { %v = load <4 x i32>, ptr %p %w = add <4 x i32> %v, %v store <4 x i32> %w, ptr %p ret void }`,
    message: 'passes a vector <4 x i32>',
  },
  {
    rule: 'address-space',
    c: `int bad(int __attribute__((address_space(3))) *p) { return *p; } int good(int *p) { return *p; }`,
    message: 'pointer into address space 3',
  },
  {
    rule: 'musttail',
    c: `int other(int);
        int bad(int a) {
          __attribute__((musttail)) return other(a); }
        int good(int a) { return other(a); }`,
    line: 3,
    message: 'guaranteed tail call of other',
  },
  {
    rule: 'interposable',
    ir: `$bad = comdat any
         define weak i32 @bad() comdat { ret i32 1 }
         @weak = weak alias i32 (), ptr @good
         define i32 @good() { %r = call i32 @weak() ret i32 %r }`,
  },
  {
    rule: 'inline-only',
    c: `inline int bad(int a) { return a; } inline int good(int a) { return a + 1; }
        int (*pointer)(int) = bad; int use(int a) { return good(a); }`,
  },
  {
    rule: 'ifunc-resolver',
    c: `int good(int a) { return a; }
        void *bad(void) { return (void *)good; }
        int chosen(int) __attribute__((ifunc("bad")));`,
  },
  { rule: 'naked', c: `__attribute__((naked)) void bad(void) { } void good(void) { }` },
  { rule: 'interrupt', c: `__attribute__((interrupt("machine"))) void bad(void) { } void good(void) { }` },
  { rule: 'prologue-data', c: `__attribute__((patchable_function_entry(2))) void bad(void) { } void good(void) { }` },
  {
    rule: 'calling-convention',
    ir: `declare fastcc void @f()
         define void @bad() { call fastcc void @f() ret void } define void @good() { ret void }`,
    message: 'calling convention number 8',
  },
  {
    rule: 'calling-convention',
    ir: `define i32 @bad(ptr swiftself %p) { ret i32 1 } define i32 @good(ptr noalias %p) { ret i32 1 }`,
    message: 'calling convention swiftself',
  },
  {
    rule: 'label-address',
    c: `void *keep;
        int bad(int a) {
        again:
          keep = &&again;
          if (a) goto *keep;
          return a; }
        int good(int a) {
          static const void *const table[] = {&&zero, &&one, &&two};
          void *next = &&zero;
          goto *(a ? table[a] : next);
        zero: return 0;
        one: return 1;
        two: return 2; }`,
    line: 4,
  },
  {
    rule: 'exception-handling',
    c: `void release(int *); void use(int *);
        void bad(void) { int a __attribute__((cleanup(release))) = 1; use(&a); }
        void good(void) { int a = 1; use(&a); release(&a); }`,
    options: ['-fexceptions'],
  },
  {
    rule: 'exception-passes',
    ir: `declare void @f()
         define void @bad() { call void @f() ret void }
         define void @good() nounwind { call void @f() ret void }`,
    message: 'an exception from f would pass through it',
  },
  {
    rule: 'coroutine',
    ir: `declare i32 @llvm.coro.size.i32()
         define i32 @bad() { %s = call i32 @llvm.coro.size.i32() ret i32 %s }
         define i32 @good() { ret i32 1 }`,
  },
  {
    rule: 'operand-bundle',
    ir: `declare void @f()
         declare void @llvm.assume(i1)
         define void @bad() { call void @f() [ "deopt"(i32 1) ] ret void }
         define void @good(ptr %p) { call void @llvm.assume(i1 true) [ "align"(ptr %p, i64 16) ] ret void }`,
  },
  { rule: 'convergent', c: `__attribute__((convergent)) void bad(void) { } void good(void) { }` },
  {
    rule: 'register-variable',
    c: `register long stack asm("sp"); long bad(void) { return stack; } long good(long a) { register long b = a; return b; }`,
  },
  {
    rule: 'frame-address',
    c: `void *bad(void) { return __builtin_return_address(0); } void good(int n, void (*f)(char *)) { char a[n]; f(a); }`,
  },
  {
    rule: 'fp-environment',
    c: `double bad(double a) {
        #pragma STDC FENV_ACCESS ON
          return a * a; }
        double good(double a) { return a * a; }`,
    line: 3,
    message: 'floating-point environment: llvm.experimental.constrained.fmul.f64',
  },
  {
    rule: 'wide-atomic',
    ir: `define i128 @bad(ptr %p) { %v = atomicrmw add ptr %p, i128 1 seq_cst ret i128 %v }
         define void @good(ptr %p) { store atomic i64 1, ptr %p seq_cst, align 8 ret void }`,
  },
  {
    rule: 'libm-intrinsic',
    ir: `declare { double, double } @llvm.sincospi.f64(double)
         declare double @llvm.sin.f64(double)
         define { double, double } @bad(double %a) { %r = call { double, double } @llvm.sincospi.f64(double %a) ret { double, double } %r }
         define double @good(double %a) { %r = call double @llvm.sin.f64(double %a) ret double %r }`,
    message: 'llvm.sincospi.f64: the last bits depend on the library',
  },
  {
    rule: 'coroutine-switch',
    c: `#include <ucontext.h>
        ucontext_t here, there; int (*hook)(int);
        __attribute__((noinline)) static int yield(int a) { swapcontext(&here, &there); return a; }
        void set(void) { hook = yield; }
        int bad(int a) {
          return hook(a) + 1; }
        int good(int a) { return a + 1; }`,
    line: 6,
    message: 'the stack may be changed in what a pointer leads to, which it calls',
  },
  {
    rule: 'unknown-intrinsic',
    c: `unsigned long bad(void) { return __builtin_readcyclecounter(); }
        _Bool good(int a, int *p) { return __builtin_add_overflow(a, 1, p) && __builtin_expect(a, 1); }`,
  },
]

/** What rules want to know of the whole module. */
const FACTS: Readonly<Record<string, (module: Module) => CallFacts>> = {
  'exception-passes': module => ({ unwinds: unwindingFunctions(module), switches: new Set() }),
  'coroutine-switch': module => measure(module).facts,
}

function verdicts(module: Module, rule: string) {
  const scanner = new Scanner(module, FACTS[rule]?.(module))
  const of = (name: string) => refusal(scanner.scan(module.function(name)!))
  return { bad: of('bad'), good: of('good') }
}

describe('legality rules', () => {
  for (const { rule, c, ir, options, line, message } of CASES)
    it(`${rule} refuses ${c ? 'C' : 'IR'} with the obstacle and allows its neighbour`, async () => {
      const { bad, good } = ir
        ? withIr(ir, module => verdicts(module, rule))
        : await withProgram({ 'a.c': c! }, ({ module }) => verdicts(module, rule), options)
      expect(bad?.rule).toBe(rule)
      expect(good).toBeUndefined()
      if (line) expect(bad?.location).toEqual({ file: 'a.c', line })
      if (message) expect(bad?.message).toBe(message)
    })

  it('has a case for every row, and distinct ids', () => {
    expect([...new Set(CASES.map(c => c.rule))].sort()).toEqual(RULES.map(r => r.id).sort())
  })
})
