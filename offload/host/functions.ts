/**
 * Functions of the C library that host code calls in the host's library, because C fixes their result completely and
 * they touch nothing but their arguments. Everything else is a call to the guest's library: what allocates, buffers,
 * follows the locale, sets errno, or takes a function pointer belongs to the guest.
 *
 * The prototype is checked before a call is redirected: p pointer, l 64-bit, i 32-bit integer, d double, f float, v void.
 */
export interface HostFunction {
  readonly prototype: string
  /**
   * always    the result is fixed
   * sign      only the sign of the result is fixed; taken when it is compared with zero and used for nothing else
   * number    fixed, and errno untouched, unless the result is NaN; then the guest's function is called
   */
  readonly when: 'always' | 'sign' | 'number'
  /** Pointer arguments that are only read and do not reach the result: constants may be copied for them. */
  readonly reads?: readonly number[]
  /** The intrinsic or operation that computes it, for `number`. */
  readonly as?: 'llvm.sqrt' | 'FRem'
}

const always = (prototype: string, reads: readonly number[] = []): HostFunction => ({
  prototype,
  when: 'always',
  reads,
})
const sign = (prototype: string): HostFunction => ({ prototype, when: 'sign', reads: [0, 1] })

export const HOST_FUNCTIONS: ReadonlyMap<string, HostFunction> = new Map(
  Object.entries({
    memcpy: always('ppl:p', [1]),
    memmove: always('ppl:p', [1]),
    mempcpy: always('ppl:p', [1]),
    memset: always('pil:p'),
    memchr: always('pil:p'),
    memrchr: always('pil:p'),
    memcmp: sign('ppl:i'),
    bcmp: sign('ppl:i'),
    strlen: always('p:l', [0]),
    strnlen: always('pl:l', [0]),
    strchr: always('pi:p'),
    strrchr: always('pi:p'),
    strchrnul: always('pi:p'),
    strcmp: sign('pp:i'),
    strncmp: sign('ppl:i'),
    strspn: always('pp:l', [0, 1]),
    strcspn: always('pp:l', [0, 1]),
    strpbrk: always('pp:p', [1]),
    strstr: always('pp:p', [1]),
    strcpy: always('pp:p', [1]),
    stpcpy: always('pp:p', [1]),
    strncpy: always('ppl:p', [1]),
    stpncpy: always('ppl:p', [1]),
    strcat: always('pp:p', [1]),
    strncat: always('ppl:p', [1]),
    bcopy: always('ppl:v', [0]),
    bzero: always('pl:v'),
    abs: always('i:i'),
    labs: always('l:l'),
    llabs: always('l:l'),
    ffs: always('i:i'),
    ffsl: always('l:i'),
    ffsll: always('l:i'),
    sqrt: { prototype: 'd:d', when: 'number', as: 'llvm.sqrt' },
    sqrtf: { prototype: 'f:f', when: 'number', as: 'llvm.sqrt' },
    fmod: { prototype: 'dd:d', when: 'number', as: 'FRem' },
    fmodf: { prototype: 'ff:f', when: 'number', as: 'FRem' },
  } satisfies Record<string, HostFunction>),
)
