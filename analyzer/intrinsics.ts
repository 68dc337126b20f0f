/**
 * The LLVM intrinsics that mean the same on the guest and on the host. An intrinsic is looked up by its longest prefix
 * in the table: `llvm.sadd.with.overflow.i32` is `sadd.with.overflow`. What the table lacks is refused.
 *
 *   same     the same result on both (bit for bit where it is floating point), or only a hint
 *   libm     becomes a call of the C library's mathematics, whose last bits differ between libraries
 *   thread   the address of a thread-local variable (the host thread's, were it lowered for the host)
 *   varargs  reads the layout of a variable argument list, which is the target's
 *   register names a register of the target
 *   frame    the address of a frame or of the return, which differ on the host's call stack
 *   coroutine  LLVM coroutines, which C does not have
 */
export type IntrinsicClass = 'same' | 'libm' | 'thread' | 'varargs' | 'register' | 'frame' | 'coroutine'

const rows = (kind: IntrinsicClass, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map(name => [name, kind] as const)

export const INTRINSICS: ReadonlyMap<string, IntrinsicClass> = new Map([
  // memory
  ...rows('same', 'memcpy memcpy.inline memmove memset memset.inline lifetime.start lifetime.end prefetch ptrmask'),
  ...rows('same', 'invariant.start invariant.end launder.invariant.group strip.invariant.group'),
  ...rows('same', 'stacksave stackrestore objectsize masked.load masked.store'),
  // hints
  ...rows('same', 'expect expect.with.probability assume is.constant sideeffect donothing annotation ptr.annotation'),
  ...rows('same', 'var.annotation experimental.noalias.scope.decl dbg fake.use allow.runtime.check allow.ubsan.check'),
  // integers
  ...rows('same', 'abs smax smin umax umin scmp ucmp bswap bitreverse ctpop ctlz cttz fshl fshr'),
  ...rows('same', 'sadd.with.overflow uadd.with.overflow ssub.with.overflow usub.with.overflow'),
  ...rows('same', 'smul.with.overflow umul.with.overflow sadd.sat uadd.sat ssub.sat usub.sat sshl.sat ushl.sat'),
  ...rows('same', 'vector.reduce vector.extract vector.insert fptosi.sat fptoui.sat'),
  // floating point whose result IEEE 754 or C fixes
  ...rows('same', 'fabs copysign sqrt floor ceil trunc rint nearbyint round roundeven fma fmuladd canonicalize'),
  ...rows('same', 'minnum maxnum minimum maximum minimumnum maximumnum lrint llrint lround llround is.fpclass'),
  ...rows('same', 'ldexp frexp modf'),
  ...rows(
    'same',
    `experimental.constrained.fadd experimental.constrained.fsub experimental.constrained.fmul
     experimental.constrained.fdiv experimental.constrained.fcmp experimental.constrained.fcmps
     experimental.constrained.fma experimental.constrained.fmuladd experimental.constrained.sqrt
     experimental.constrained.fptosi experimental.constrained.fptoui experimental.constrained.sitofp
     experimental.constrained.uitofp experimental.constrained.fptrunc experimental.constrained.fpext
     experimental.constrained.floor experimental.constrained.ceil experimental.constrained.trunc
     experimental.constrained.rint experimental.constrained.nearbyint experimental.constrained.round
     experimental.constrained.roundeven experimental.constrained.minnum experimental.constrained.maxnum
     experimental.constrained.lrint experimental.constrained.llrint experimental.constrained.lround
     experimental.constrained.llround`,
  ),
  // ends of a run
  ...rows('same', 'trap debugtrap ubsantrap'),
  // a no-op on both; the argument list itself is only a pointer to its owner's frame
  ...rows('same', 'va_end'),

  ...rows('libm', 'sin cos tan asin acos atan atan2 sinh cosh tanh sincos sincospi exp exp2 exp10'),
  ...rows('libm', 'log log2 log10 pow powi experimental.constrained'),
  ...rows('thread', 'threadlocal.address thread.pointer'),
  ...rows('varargs', 'va_start va_copy'),
  ...rows('register', 'read_register write_register read_volatile_register'),
  ...rows('frame', 'frameaddress returnaddress addressofreturnaddress sponentry localescape localrecover'),
  ...rows('coroutine', 'coro'),
])

const PREFIX = 'llvm.'
/** Types at the end of an overloaded name for which the host has no such operation of the same precision. */
const QUAD = /\.f128(\.|$)/
const QUAD_SAME: ReadonlySet<string> = new Set(['fabs', 'copysign', 'is.fpclass'])

/** The class of an intrinsic by its full name, or undefined when the table lacks it. */
export function intrinsicClass(name: string): IntrinsicClass | undefined {
  const parts = name.slice(PREFIX.length).split('.')
  for (let length = parts.length; length > 0; length--) {
    const key = parts.slice(0, length).join('.')
    const found = INTRINSICS.get(key)
    // long double is IEEE quadruple here; libm's `l` functions of the host take the 80-bit format instead.
    if (found === 'same' && QUAD.test(name) && !QUAD_SAME.has(key)) return 'libm'
    if (found) return found
  }
  return undefined
}

/**
 * Functions of libc and libm whose result is fully specified, so that host code may use the host's (DESIGN.md §1, the
 * invariant). None keeps state, calls back, or writes errno in a way that the other does not.
 */
export const HOST_LIBRARY: ReadonlySet<string> = new Set(
  `memcpy memmove memset memcmp memchr memrchr mempcpy strlen strnlen strcmp strncmp strchr strrchr strchrnul strcpy
   strncpy stpcpy stpncpy strcat strncat strstr strspn strcspn strpbrk bcmp bcopy bzero ffs ffsl ffsll abs labs llabs
   fabs fabsf copysign copysignf sqrt sqrtf floor floorf ceil ceilf trunc truncf rint rintf nearbyint nearbyintf round
   roundf roundeven roundevenf fma fmaf`
    .trim()
    .split(/\s+/),
)
