/**
 * What a hybrid ELF says of itself. The offload build writes it as JSON into the non-loaded section `.ferry.manifest`,
 * beside the host shared object in `.ferry.host`; the runtime reads it. The two parts of ferry meet in this type alone.
 *
 * In the guest image the loaded section `.ferry.refs` is the reference table: 8-byte guest addresses, relocated by the
 * guest's own linkers, the dynamic one too. Its symbol is `__ferry_refs`. Entries 0..functions.length-1 are the marked functions
 * in manifest order; the entries behind them are the guest globals and functions that host code uses. Where one library's
 * function may be replaced by another's, the table has what the guest sees under the name, and the manifest the library's own.
 *
 * The host shared object exports
 *   void *const ferry_functions[functions.length]   host entry of each marked function: System V code for `signature`
 *   void *ferry_thunks[thunks.length]                filled at start: host → guest thunk for each signature. Called with
 *                                                    the guest target in r10 (LLVM `nest`) and System V arguments
 *   uint64_t ferry_entries[2]                        filled at start, absent when nothing is called through a pointer:
 *                                                    the address of the table of entries, and a mask. The entry of a
 *                                                    guest address is the two words (guest address, host entry) at
 *                                                    address + (guest address & mask) * 8, if its first word is that
 *                                                    address; only functions whose words are in the same registers on both sides
 *                                                    have one
 *   void **ferry_refs                                filled at start: address of the guest's reference table
 */
export const MANIFEST_VERSION = 3
export const SECTIONS = { manifest: '.ferry.manifest', host: '.ferry.host', refs: '.ferry.refs' } as const
export const REFS_SYMBOL = '__ferry_refs'

/** Stands in `thunks` for the code that returns the guest's thread pointer. */
export const THREAD_POINTER = 'tp'
/** Name in the reference table of the guest's function that returns the address of a thread-local variable. */
export const threadLocalReference = (variable: string): string => `ferry.thread.${variable}`

export interface ManifestFunction {
  readonly name: string
  /** `file:line` of the definition, when debug information has it. */
  readonly source?: string
  /** base/signature.ts text form. */
  readonly signature: string
  /** Guest address as linked: what the load bias is added to. */
  readonly address: number
  /** A call has no effect but its result. */
  readonly pure?: boolean
}

export interface Manifest {
  readonly version: number
  /** The `-march` that the host object needs, and the CPU features by /proc/cpuinfo name to check at start. */
  readonly hostCpu: string
  readonly hostFeatures: readonly string[]
  readonly functions: readonly ManifestFunction[]
  /** Signatures of calls from host to guest; index = place in ferry_thunks. */
  readonly thunks: readonly string[]
  /** Number of entries of the reference table. */
  readonly references: number
  /** SHA-256 (hex) of the `.ferry.host` section. */
  readonly hostDigest: string
  /** Absolute sources and compiler options, so that `ferry report --native` can build the native program. */
  readonly build: {
    readonly sources: readonly string[]
    readonly options: readonly string[]
    readonly directory: string
  }
}
