/**
 * A few instructions under test with what goes in and what comes out, free of where they are placed.
 */
export interface Snippet {
  /** Assembly lines. Numeric local labels 1–6 may be used; 7–9 belong to the frame around it. */
  readonly code: readonly string[]
  /** Registers set before, in the order of a row's values. Never x0. */
  readonly inputs: readonly string[]
  /** Registers recorded after. Never x0. */
  readonly outputs: readonly string[]
  /** A row's value behind those of the inputs goes to fcsr before; fcsr is recorded after. */
  readonly fcsr?: boolean
  /** 8-byte words of memory recorded after, from a multiple of 8 bytes off {@link WINDOW}.middle. */
  readonly window?: { readonly offset: number; readonly words: number }
  /** Inputs may not be handed from register to register, because they hold addresses. */
  readonly still?: boolean
}

/** Values of the inputs as unsigned 64-bit numbers, and of fcsr when the snippet has it. */
export type Row = readonly bigint[]

/** A snippet with the inputs to run it on. */
export interface Case {
  readonly snippet: Snippet
  readonly rows: readonly Row[]
}

/**
 * How cases are placed:
 * `table` in a loop over rows in memory (operands unknown to the translator);
 * `constant` in a straight line with li before each (operands known to it);
 * `rotate` in a loop of three rounds that hands the values from register to register (values cross back edges).
 */
export type Placement = 'table' | 'constant' | 'rotate'

/** Cases placed together in one block. All have the same number of rows. */
export interface Group {
  readonly placement: Placement
  readonly cases: readonly Case[]
  /** Record all registers at the end. */
  readonly dump: boolean
}

/** Fixed places of the generated programs; cases see their addresses, so all engines must agree on them. */
export const WINDOW = { address: 0x12344000, size: 0x4000, middle: 0x12346000 } as const

/** Rounds of a `rotate` group. */
export const ROUNDS = 3

/** Names by which the cases call the registers with a part of their own; `ret` reads ra without naming it. */
const ABI_NAMES: Readonly<Record<string, string>> = { ra: 'x1', sp: 'x2', t0: 'x5', ret: 'x1' }

/** Registers that a snippet uses in any way. */
export function registersOf({ code, inputs, outputs }: Snippet): string[] {
  const named = code.flatMap(line => [...line.matchAll(/\b(?:[xf]\d{1,2}|ra|sp|t0|ret)\b/g)].map(([name]) => name))
  return [...new Set([...inputs, ...outputs, ...named.map(name => ABI_NAMES[name] ?? name)])]
}

/** Number of results that a group compares. */
export function casesOf({ cases, placement }: Group): number {
  return cases.reduce((sum, { rows }) => sum + rows.length, 0) * (placement === 'rotate' ? ROUNDS : 1)
}
