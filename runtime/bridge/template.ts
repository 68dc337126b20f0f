/**
 * A bridge as a run without a translator puts it in place (executor/kept_bridge.c): the same code at the same places, where only the
 * addresses of the host object's functions are others.
 */

/** What stands at the guest address of a function that runs on the host. */
export type Stub = readonly [pc: number, offset: number]

/** Offsets are those in the code cache. */
export interface BridgeTemplate {
  readonly stubs: readonly Stub[]
  /** Where its code begins; it ends with the cache. */
  readonly start: number
  /** The addresses of the host object's functions, and how many there are. */
  readonly hosts: number
  readonly functions: number
  /** Table of host entries (entries.ts), with numbers of functions in place of addresses. */
  readonly entries: number
  readonly numbered: BigUint64Array
  readonly thunks: readonly number[]
}
