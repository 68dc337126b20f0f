/** What is measured: a program in two builds that does the same work, with a full and (when it has one) a small amount of work. */

export const KERNEL_CATEGORIES = ['integer', 'branch', 'call', 'indirect', 'memory', 'float'] as const
export const APPLICATION_CATEGORIES = ['application', 'float application'] as const
export const CATEGORIES = [...KERNEL_CATEGORIES, ...APPLICATION_CATEGORIES, 'start-up'] as const
export type Category = (typeof CATEGORIES)[number]

/** Which machine a program is for: this one, or RISC-V. */
export type Side = 'native' | 'guest'

export interface Program {
  readonly path: string
  /** Root of the system that a dynamically linked program and its libraries are from. */
  readonly root?: string
  readonly environment?: Readonly<Record<string, string>>
}

export interface Run {
  readonly arguments: readonly string[]
  /** File for standard input; nothing without it. */
  readonly input?: string
}

export interface Subject {
  readonly name: string
  readonly category: Category
  readonly program: (side: Side) => Promise<Program>
  readonly full: Run
  /** The difference between the full run and this one is work without start-up and translation. */
  readonly small?: Run
  /** How often the full run is done in each round; once without it. */
  readonly repetitions?: number
  /** Parts of its output that differ from run to run, such as times. */
  readonly varying?: RegExp
  /** `guests`: the native build rounds differently (RISC-V code has fused multiply-add), so only the engines of the guest's are compared. */
  readonly compared?: 'guests'
}
