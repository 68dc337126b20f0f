import type { RegionProfile } from './profile.ts'
import type { FaultSites } from './sites.ts'

/** Bytes of the jump that replaces an entry when the region is dropped (cache.ts): no block begins nearer behind an entry. */
export const DIVERSION_SIZE = 5

/** A rel32 field that goes to another region: patched when the target has a translation. */
export interface ChainSite {
  /** Position of the field in the region's bytes. */
  readonly field: number
  /** Guest pc of the target. */
  readonly pc: number
  /** Position of the stub that the field points to until then. */
  readonly stub: number
}

/** A rel32 field that points to a fixed offset of the code cache. */
export interface GateReference {
  readonly field: number
  readonly gate: number
}

/** A translated region: position-independent until it is placed in the code cache. Positions count from `bytes[0]`. */
export interface Region {
  /** Guest pc that was asked for. */
  readonly pc: number
  readonly bytes: Uint8Array
  /** Guest pcs at which other code may enter, and where. */
  readonly entries: readonly { readonly pc: number; readonly position: number }[]
  readonly chains: readonly ChainSite[]
  readonly gateReferences: readonly GateReference[]
  readonly sites: FaultSites
  /** Guest address ranges [start, end) that it was translated from. */
  readonly ranges: readonly (readonly [number, number])[]
  /** Guest instructions that it was translated from. */
  readonly instructions: number
  /** What its blocks count, in translations that count executions. */
  readonly profile?: RegionProfile
}
