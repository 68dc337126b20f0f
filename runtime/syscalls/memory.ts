/** Reading guest memory for the trace. */

/** Bytes of guest memory: all of `length`, fewer where the readable memory ends, or undefined when none is readable. */
export type ReadMemory = (address: number, length: number) => Uint8Array | undefined

/** A view of exactly `length` bytes, undefined when not all of them can be read. */
export function view(read: ReadMemory, address: bigint, length: number): DataView | undefined {
  if (address === 0n || address > BigInt(Number.MAX_SAFE_INTEGER) || !Number.isSafeInteger(length)) return undefined
  const bytes = read(Number(address), length)
  return bytes && bytes.length >= length ? new DataView(bytes.buffer, bytes.byteOffset, length) : undefined
}

const PAGE = 4096

/** The bytes up to the first NUL, or `longest` of them without one; undefined when they can not be read. */
export function textAt(
  read: ReadMemory,
  address: bigint,
  longest: number,
): { bytes: Uint8Array; whole: boolean } | undefined {
  if (address === 0n || address > BigInt(Number.MAX_SAFE_INTEGER)) return undefined
  const found: number[] = []
  for (let at = Number(address); found.length <= longest; ) {
    const bytes = read(at, Math.min(PAGE - (at % PAGE), longest + 1 - found.length))
    if (!bytes || bytes.length === 0) return undefined
    const end = bytes.indexOf(0)
    found.push(...bytes.subarray(0, end < 0 ? bytes.length : end))
    if (end >= 0 && found.length <= longest) return { bytes: Uint8Array.from(found), whole: true }
    at += bytes.length
  }
  return { bytes: Uint8Array.from(found.slice(0, longest)), whole: false }
}
