/**
 * What a build decided of each function, and the calls that it estimated: the non-loaded section `.ferry.verdicts` of a hybrid
 * ELF, JSON compressed with zlib (RFC 1950). Nothing that runs needs it; a report shows it.
 */
import { deflateSync, inflateSync } from 'node:zlib'

export const VERDICTS_SECTION = '.ferry.verdicts'

export interface FunctionVerdict {
  /** Symbol in the guest program. */
  readonly name: string
  /** Name in the source, when it is another. */
  readonly sourceName?: string
  /** As the compiler was given it. */
  readonly file?: string
  /** Its absolute path. */
  readonly path?: string
  readonly line?: number
  readonly verdict: 'chosen' | 'stays'
  /** Guest code can call the native code. */
  readonly entry: boolean
  /** The rule that refuses the function. */
  readonly rule?: string
  readonly reason: string
  /** Nanoseconds that a run was estimated to gain by offloading this function, all others as they are. */
  readonly gain: number
  /** Calls in one run, estimated. */
  readonly calls: number
}

/** Calls in one run, estimated. The caller '' is code outside of the program's sources. */
export interface EstimatedCalls {
  readonly caller: string
  readonly callee: string
  readonly kind: 'direct' | 'indirect' | 'callback'
  readonly calls: number
}

export interface Verdicts {
  readonly mode: 'auto' | 'all' | 'none'
  readonly functions: readonly FunctionVerdict[]
  readonly edges: readonly EstimatedCalls[]
}

export function encodeVerdicts(verdicts: Verdicts): Uint8Array {
  return deflateSync(JSON.stringify(verdicts))
}

/** Undefined for what is none. */
export function decodeVerdicts(section: Uint8Array): Verdicts | undefined {
  try {
    return JSON.parse(inflateSync(section).toString()) as Verdicts
  } catch {
    return undefined
  }
}
