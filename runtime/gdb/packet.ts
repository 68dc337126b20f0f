/**
 * Packets of the GDB remote serial protocol (GDB manual, appendix E.1): `$payload#checksum` in both directions, `+` and `-`
 * as acknowledgements, a lone 0x03 for an interrupt. Payloads are strings of one character a byte (latin1).
 */

/** What arrived: a packet whose checksum is right, one whose checksum is wrong, an acknowledgement, or an interrupt. */
export type Incoming =
  | { readonly kind: 'packet'; readonly payload: string }
  | { readonly kind: 'corrupt' }
  | { readonly kind: 'ack' }
  | { readonly kind: 'nak' }
  | { readonly kind: 'interrupt' }

const INTERRUPT = '\x03'
const ESCAPE = '}'
const ESCAPE_BIT = 0x20
/** What stands outside of packets and begins them. */
const START = new RegExp(`[$+\\-${INTERRUPT}]`)
/** Longest payload that is accepted, in bytes; told to gdb as PacketSize. */
export const LARGEST_PACKET = 0x4000

/** Sum of the bytes modulo 256, as two hexadecimal digits. */
function checksum(text: string): string {
  let sum = 0
  for (let i = 0; i < text.length; i++) sum = (sum + text.charCodeAt(i)) & 255
  return sum.toString(16).padStart(2, '0')
}

/** A packet ready to be sent; bytes that frame packets are escaped. */
export function encodePacket(payload: string): string {
  const escaped = payload.replace(
    /[$#}*]/g,
    character => ESCAPE + String.fromCharCode(character.charCodeAt(0) ^ ESCAPE_BIT),
  )
  return `$${escaped}#${checksum(escaped)}`
}

/** Cuts a stream of bytes into what {@link Incoming} names. Anything else between packets is skipped. */
export class PacketReader {
  #rest = ''

  /** @param text bytes as latin1; packets may be cut anywhere. */
  read(text: string): Incoming[] {
    this.#rest += text
    const found: Incoming[] = []
    for (let next = this.#next(); next !== undefined; next = this.#next()) found.push(next)
    return found
  }

  #next(): Incoming | undefined {
    const start = this.#rest.search(START)
    const rest = start < 0 ? '' : this.#rest.slice(start)
    if (rest[0] !== '$') {
      this.#rest = rest.slice(1)
      return rest === '' ? undefined : { kind: rest[0] === INTERRUPT ? 'interrupt' : rest[0] === '+' ? 'ack' : 'nak' }
    }
    const end = rest.indexOf('#')
    if (end < 0 || rest.length < end + 3) {
      // what never ends is no packet
      this.#rest = rest.length > 2 * LARGEST_PACKET ? '' : rest
      return undefined
    }
    const body = rest.slice(1, end)
    this.#rest = rest.slice(end + 3)
    const right = rest.slice(end + 1, end + 3).toLowerCase() === checksum(body)
    return right ? { kind: 'packet', payload: withoutEscapes(body) } : { kind: 'corrupt' }
  }
}

function withoutEscapes(body: string): string {
  return body.replace(/\}(.)/gs, (_, character: string) => String.fromCharCode(character.charCodeAt(0) ^ ESCAPE_BIT))
}

export const OK = 'OK'
/** Error numbers mean nothing to gdb; these are Linux' EINVAL and EFAULT. */
export const INVALID = 'E16'
export const FAULT = 'E0e'

/** NaN for what is no hexadecimal number. */
export const parseHex = (digits: string): number =>
  /^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN

/** Bytes as hexadecimal digits. */
export const toHex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The bytes that hexadecimal digits stand for. */
export const fromHex = (digits: string): Uint8Array => Uint8Array.from(Buffer.from(digits, 'hex'))

/** A register's value in target byte order (little-endian). */
export function valueToHex(value: bigint, bytes: number): string {
  let digits = ''
  for (let i = 0; i < bytes; i++) digits += ((value >> BigInt(8 * i)) & 255n).toString(16).padStart(2, '0')
  return digits
}

export function valueFromHex(digits: string): bigint {
  return fromHex(digits).reduceRight((value, byte) => (value << 8n) | BigInt(byte), 0n)
}

/** Text as bytes of UTF-8, one character a byte. */
export const toBytes = (text: string): string => Buffer.from(text).toString('latin1')
