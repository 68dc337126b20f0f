/**
 * Random programs as trees, so that a failing one can be made smaller by taking parts away.
 *
 * A program is a set of routines that call each other; routine 0 is entered first. Each part is generated in such a way
 * that leaving any part out gives a program that still ends.
 */

/** A conditional branch without its target, e.g. `bltu x5, x6`. */
export type Branch = string

export type Item =
  /** Instructions that belong together. */
  | { readonly kind: 'code'; readonly lines: readonly string[] }
  /** Repeats its body; `shape` is how the counter runs. */
  | {
      readonly kind: 'loop'
      readonly count: number
      readonly shape: 'down' | 'up' | 'head'
      readonly body: readonly Item[]
    }
  | {
      readonly kind: 'if'
      readonly branch: Branch
      readonly body: readonly Item[]
      readonly otherwise: readonly Item[]
    }
  /** A jump through a table; the number of arms is a power of two. */
  | {
      readonly kind: 'switch'
      readonly on: string
      readonly temporaries: readonly [string, string]
      readonly arms: readonly (readonly Item[])[]
    }
  /** Blocks that branch to each other in any direction until the fuel is used up. */
  | { readonly kind: 'tangle'; readonly fuel: number; readonly blocks: readonly TangleBlock[] }
  | { readonly kind: 'call'; readonly routine: number; readonly how: 'direct' | 'pointer'; readonly temporary: string }
  /** Sets a place to come back to, as setjmp does, around its body. */
  | { readonly kind: 'catch'; readonly body: readonly Item[] }
  /** Goes back to the last such place when the branch is taken and the program's fuel allows it. */
  | { readonly kind: 'throw'; readonly branch: Branch }
  /** An instruction that faults; the handler writes all registers as the signal frame has them, changes some and skips it. */
  | { readonly kind: 'fault'; readonly line: string }
  /** Writes all registers to the output. */
  | { readonly kind: 'checkpoint' }

export interface TangleBlock {
  readonly body: readonly Item[]
  readonly branch: Branch
  /** Index of the block where the branch goes, and of the one behind it; beyond the last is the end. */
  readonly taken: number
  readonly fallThrough: number
}

export interface Routine {
  readonly body: readonly Item[]
  /** The routine that it jumps to in the end instead of returning. */
  readonly tail?: number
  /** Returns through this register instead of ra. */
  readonly returnBy?: string
}

/** Registers with a fixed use; all others hold data. */
export interface Reserved {
  /** The buffer that loads and stores use. */
  readonly base: string
  /** Loop counters by depth. */
  readonly counters: readonly [string, string, string]
  /** Return address and scratch of a checkpoint. */
  readonly link: string
  readonly scratch: string
}

/** Registers that the handler of a fault changes in the signal frame. */
export interface Changed {
  readonly integer: string
  readonly float: string
}

export interface Program {
  readonly seed: bigint
  /** Has instructions that QEMU 7.2 lacks: the interpreter is its oracle. */
  readonly newest: boolean
  readonly reserved: Reserved
  readonly changed: Changed
  /** Let the assembler compress instructions. */
  readonly compressed: boolean
  /** Values of x1–x31 (reserved ones aside) and f0–f31 at the start. */
  readonly integers: readonly bigint[]
  readonly floats: readonly bigint[]
  readonly routines: readonly Routine[]
}

/** Bytes of the buffer; the base register points to its middle. */
export const BUFFER_SIZE = 4096

/** Deepest nesting of loops and tangles in one routine. */
export const MAXIMUM_DEPTH = 3
