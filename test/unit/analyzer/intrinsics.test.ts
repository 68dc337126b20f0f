import { describe, expect, it } from 'vitest'
import { HOST_LIBRARY, INTRINSICS, intrinsicClass } from '../../../analyzer/intrinsics.ts'
import { C } from '../../../analyzer/llvm/index.ts'
import { HOST_FUNCTIONS } from '../../../offload/host/functions.ts'

/** Families of intrinsics and prefixes of several, which are no intrinsic by themselves. */
const FAMILIES = ['coro', 'dbg', 'experimental.constrained', 'vector.reduce']

describe('intrinsics', () => {
  it('exist in libLLVM', () => {
    const unknown = [...INTRINSICS.keys()].filter(name => {
      const full = `llvm.${name}`
      return C.LLVMLookupIntrinsicID(full, full.length) === 0
    })
    expect(unknown.sort()).toEqual(FAMILIES)
  })

  it.each([
    ['llvm.sadd.with.overflow.i32', 'allowed'],
    ['llvm.memcpy.p0.p0.i64', 'allowed'],
    ['llvm.experimental.constrained.fadd.f64', 'environment'],
    ['llvm.experimental.noalias.scope.decl', 'allowed'],
    ['llvm.coro.begin', 'coroutine'],
    ['llvm.sinister', undefined],
    ['llvm.riscv.orc.b.i64', undefined],
  ])('%s is %s', (name, kind) => expect(intrinsicClass(name)).toBe(kind))

  it('agree with the offload build on the library functions that host code has itself', () => {
    expect([...HOST_LIBRARY].sort()).toEqual([...HOST_FUNCTIONS.keys()].sort())
  })
})
