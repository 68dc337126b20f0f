/**
 * The LLVM intrinsics that host code can have. One is looked up by its longest prefix in the table:
 * `llvm.sadd.with.overflow.i32` is `sadd.with.overflow`. What the table lacks is refused.
 *
 *   allowed      the same result on both, bit for bit where it is floating point; only a hint; or a function of the C
 *                library, for which host code calls the guest's (offload/host/intrinsics.ts)
 *   libm         mathematics whose last bits differ between libraries, and no guest function has its form
 *   environment  reads or changes the floating-point environment, or depends on it
 *   register     names a register of the target
 *   frame        the address of a frame or of the return, which differ on the host's call stack
 *   coroutine    LLVM coroutines, which C does not have
 */
export type IntrinsicClass = 'allowed' | 'libm' | 'environment' | 'register' | 'frame' | 'coroutine'

const rows = (kind: IntrinsicClass, names: string) =>
  names
    .trim()
    .split(/\s+/)
    .map(name => [name, kind] as const)

export const INTRINSICS: ReadonlyMap<string, IntrinsicClass> = new Map([
  // memory
  ...rows('allowed', 'memcpy memcpy.inline memmove memset memset.inline lifetime.start lifetime.end prefetch ptrmask'),
  ...rows('allowed', 'invariant.start invariant.end launder.invariant.group strip.invariant.group'),
  ...rows('allowed', 'stacksave stackrestore objectsize masked.load masked.store'),
  // hints
  ...rows(
    'allowed',
    'expect expect.with.probability assume is.constant sideeffect donothing annotation ptr.annotation',
  ),
  ...rows(
    'allowed',
    'var.annotation experimental.noalias.scope.decl dbg fake.use allow.runtime.check allow.ubsan.check',
  ),
  // integers
  ...rows('allowed', 'abs smax smin umax umin scmp ucmp bswap bitreverse ctpop ctlz cttz fshl fshr'),
  ...rows('allowed', 'sadd.with.overflow uadd.with.overflow ssub.with.overflow usub.with.overflow'),
  ...rows('allowed', 'smul.with.overflow umul.with.overflow sadd.sat uadd.sat ssub.sat usub.sat sshl.sat ushl.sat'),
  ...rows('allowed', 'vector.reduce vector.extract vector.insert fptosi.sat fptoui.sat'),
  // floating point whose result IEEE 754 or C fixes
  ...rows('allowed', 'fabs copysign sqrt floor ceil trunc rint nearbyint round roundeven fma fmuladd canonicalize'),
  ...rows('allowed', 'minnum maxnum minimum maximum minimumnum maximumnum lrint llrint lround llround is.fpclass'),
  // functions of the guest's libm
  ...rows(
    'allowed',
    'ldexp powi frexp modf sincos sin cos tan asin acos atan atan2 sinh cosh tanh exp exp2 exp10 log log2 log10 pow',
  ),
  // ends of a run
  ...rows('allowed', 'trap debugtrap ubsantrap'),
  // the guest's argument list is a pointer: copying one is a load and a store
  ...rows('allowed', 'va_start va_copy va_end'),
  // the guest's thread pointer is at hand
  ...rows('allowed', 'threadlocal.address thread.pointer'),

  ...rows('libm', 'sincospi'),
  ...rows('environment', 'experimental.constrained get.rounding set.rounding get.fpenv set.fpenv reset.fpenv'),
  ...rows('environment', 'get.fpmode set.fpmode reset.fpmode'),
  ...rows('register', 'read_register write_register read_volatile_register'),
  ...rows('frame', 'frameaddress returnaddress addressofreturnaddress sponentry localescape localrecover'),
  ...rows('coroutine', 'coro'),
])

const PREFIX = 'llvm.'
/** The class of an intrinsic by its full name, or undefined when the table lacks it. */
export function intrinsicClass(name: string): IntrinsicClass | undefined {
  const parts = name.slice(PREFIX.length).split('.')
  for (let length = parts.length; length > 0; length--) {
    const found = INTRINSICS.get(parts.slice(0, length).join('.'))
    if (found) return found
  }
  return undefined
}

/**
 * Functions of the C library for which host code calls the host's own, so that a call does not cross. A test holds the
 * list against the offload build's table (offload/host/functions.ts), which says when each may be taken.
 */
export const HOST_LIBRARY: ReadonlySet<string> = new Set(
  `memcpy memmove mempcpy memset memchr memrchr memcmp bcmp bcopy bzero strlen strnlen strchr strrchr strchrnul strcmp
   strncmp strspn strcspn strpbrk strstr strcpy stpcpy strncpy stpncpy strcat strncat abs labs llabs ffs ffsl ffsll sqrt
   sqrtf fmod fmodf`
    .trim()
    .split(/\s+/),
)
