/**
 * The memory and string functions of the C library that have native ones (routines.ts), by the names that symbol tables give
 * them. Functions that a C library makes of these (strdup, strnlen, strncpy, strcat, strrchr and so on) gain through them.
 */
export const NATIVE_FUNCTIONS = [
  ...(['memcpy', 'memmove', 'memset', 'memcmp', 'memchr', 'memrchr'] as const),
  ...(['strlen', 'strchr', 'strchrnul', 'strcmp', 'strncmp', 'strcpy', 'stpcpy'] as const),
]
export type NativeFunction = (typeof NATIVE_FUNCTIONS)[number]

/** Other names of the same functions: of the C library's own callers, and of older interfaces. */
const ALIASES: Readonly<Record<string, NativeFunction>> = {
  index: 'strchr',
  bcmp: 'memcmp',
  __memcmpeq: 'memcmp',
  __memrchr: 'memrchr',
  __stpcpy: 'stpcpy',
  __strchrnul: 'strchrnul',
}

const BY_NAME: ReadonlyMap<string, NativeFunction> = new Map([
  ...NATIVE_FUNCTIONS.map(name => [name, name] as const),
  ...Object.entries(ALIASES),
])

/** The native function that stands for the one of this name. */
export function nativeFunctionOf(name: string): NativeFunction | undefined {
  return BY_NAME.get(name)
}

/** All names that {@link nativeFunctionOf} knows. */
export const NATIVE_NAMES: readonly string[] = [...BY_NAME.keys()]
