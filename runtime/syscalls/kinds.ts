/**
 * Kinds of system call arguments: the words of `args` in table.ts. A kind says how the trace prints the argument and what
 * the executor must know of it.
 *
 *   fd dirfd int uint ulong size off hex mode signal pid device   plain values; `off` is signed, `mode` octal
 *   ptr outptr                    an address; the kernel writes to the second
 *   path str                      NUL-terminated text; a path is looked up in the sysroot (sysroot.c)
 *   in:N                          bytes that the guest passes; argument N (from 0) holds their number
 *   out                           bytes that the kernel writes; the result is their number
 *   iov:N iovout:N iovoutOf:N     array of struct iovec for output, for input, and for input where the executor checks the
 *                                 entries itself; argument N holds the number of entries
 *   iovRemote:N                   the same in another process
 *   flags:T                       bits or a value of the table T in flags.ts
 *   <T >T <>T                     pointer to the struct T of structs.ts, read by the kernel, written by it, or both; the third
 *                                 shows what it was before the call
 *   <T:N >T:N <>T:N               array of them; argument N holds their number
 *   >T=                           array of them; the result is their number
 *   anything else                 a row of SPECIAL in arguments.ts
 */
export interface Kind {
  /** The kind without its parameter and without `<` and `>`. */
  readonly name: string
  readonly parameter: string
  /** The kernel may write through the address. */
  readonly written: boolean
  /** A pointer to structs: `name` is a row of structs.ts. */
  readonly struct: boolean
  /** Its text needs the result of the call. */
  readonly late: boolean
}

/** Kinds that are no structs and that the kernel writes through, or may. */
const WRITTEN = new Set(
  'outptr out cwd nameList pages handle ipc fcntl ioctlArgument sockaddrout socketLength optionOut prctl keyctl waitStatus waitUsage offset messageOut parentTid entries random remaining semaphoreValue'.split(
    ' ',
  ),
)
/** Kinds that are no structs and whose text needs the result. */
const LATE = new Set(
  'out cwd nameList pages handle entries iovout iovoutOf sockaddrout socketLength optionOut waitStatus waitUsage offset messageOut parentTid random remaining'.split(
    ' ',
  ),
)

/** Takes a word of `args` apart. */
export function kindOf(word: string): Kind {
  const [, arrows = '', name = '', equals = '', parameter = ''] = /^([<>]*)(\w+)(=?)(?::(\w+))?$/.exec(word) ?? []
  return {
    name,
    parameter: equals || parameter,
    written: arrows.includes('>') || WRITTEN.has(name),
    struct: arrows !== '',
    late: arrows === '>' || LATE.has(name),
  }
}
