/**
 * Functions of the C math library, by what their results depend on. Both sides of a program must compute the same bits
 *, so only functions whose result IEEE 754 and C fix completely may be computed on the host.
 */

/** Results differ between libraries in the last bit; two calls of one library agree. Double precision names; `f` and `l` follow. */
const INEXACT = [
  ...[
    'acos',
    'acosh',
    'asin',
    'asinh',
    'atan',
    'atan2',
    'atanh',
    'cbrt',
    'cos',
    'cosh',
    'erf',
    'erfc',
    'exp',
    'exp10',
    'exp2',
  ],
  ...[
    'expm1',
    'hypot',
    'j0',
    'j1',
    'jn',
    'lgamma',
    'log',
    'log10',
    'log1p',
    'log2',
    'pow',
    'pow10',
    'sin',
    'sincos',
    'sinh',
  ],
  ...['tan', 'tanh', 'tgamma', 'y0', 'y1', 'yn', 'sinpi', 'cospi', 'tanpi'],
]

/** Fixed results, but they report errors through errno or need the guest's library for long double. */
const EXACT = [
  ...[
    'ceil',
    'copysign',
    'fabs',
    'fdim',
    'floor',
    'fma',
    'fmax',
    'fmin',
    'fmod',
    'frexp',
    'ldexp',
    'llrint',
    'llround',
  ],
  ...['logb', 'ilogb', 'lrint', 'lround', 'modf', 'nearbyint', 'nextafter', 'remainder', 'rint', 'round', 'roundeven'],
  ...['scalbln', 'scalbn', 'sqrt', 'trunc'],
]

const withPrecisions = (names: readonly string[]) => names.flatMap(name => [name, `${name}f`, `${name}l`])

export const INEXACT_LIBM: ReadonlySet<string> = new Set(withPrecisions(INEXACT))

/** What `--host-libm` takes from the host: not `lgamma`, which writes the global `signgam`, and no long double, which is another type there. */
export const HOST_LIBM: ReadonlySet<string> = new Set(
  [...INEXACT, ...EXACT].filter(name => name !== 'lgamma').flatMap(name => [name, `${name}f`]),
)

/** Intrinsics that stand for inexact functions: name behind `llvm.` → function. Both sides call the guest's function instead. */
export const INEXACT_INTRINSICS: ReadonlySet<string> = new Set([
  'acos',
  'asin',
  'atan',
  'atan2',
  'cos',
  'cosh',
  'exp',
  'exp10',
  'exp2',
  'log',
  'log10',
  'log2',
  'pow',
  'sin',
  'sinh',
  'tan',
  'tanh',
])
