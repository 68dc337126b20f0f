/** How strace writes numbers and bytes. */

export const signed = (value: bigint): bigint => BigInt.asIntN(64, value)
/** The low 32 bits, signed. */
export const int = (value: bigint): number => Number(BigInt.asIntN(32, value))
export const hex = (value: bigint | number): string => (BigInt(value) === 0n ? '0' : `0x${value.toString(16)}`)
export const pointer = (value: bigint): string => (value === 0n ? 'NULL' : hex(value))
/** Permissions and masks: at least three digits. */
export const octal = (value: bigint | number): string => {
  const digits = value.toString(8)
  return digits === '0' ? '000' : `0${digits}`.padStart(3, '0')
}
/** Whether a system call's result is an error number. */
export const failed = (result: bigint): boolean => signed(result) < 0n && signed(result) > -4096n

const ESCAPES: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\v': '\\v',
  '\f': '\\f',
  '"': '\\"',
  '\\': '\\\\',
}

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39

/** A C string literal; what is not printable in the shortest octal form. */
export function quote(bytes: Uint8Array): string {
  let text = '"'
  for (const [i, byte] of bytes.entries()) {
    const character = String.fromCharCode(byte)
    if (ESCAPES[character] !== undefined) text += ESCAPES[character]
    else if (byte >= 32 && byte < 127) text += character
    // All three digits where one follows that would be read as part of it.
    else text += `\\${byte.toString(8).padStart(isDigit(bytes[i + 1]) ? 3 : 1, '0')}`
  }
  return `${text}"`
}

/** Bytes of a view as a C string literal. */
export const quoteView = (bytes: DataView): string =>
  quote(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))
