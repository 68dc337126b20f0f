/** What `ferry run --check=function` says of a call whose results on the two sides differ. */
import { FerryError } from '../base/diagnostics.ts'
import { CALL_RECORD } from '../base/layout.ts'
import type { ManifestFunction } from '../base/manifest.ts'
import { parseSignature } from '../base/signature.ts'
import { placesOf } from './bridge/checked.ts'
import { type Placement, place } from './bridge/placement.ts'
import type { GuestProcess } from './process.ts'

const WORD = 8
const { at, size } = CALL_RECORD
/** The guest's return address, behind the record. */
const RETURN = size + WORD

type GuestWord = Placement['words'][number]['guest']

/** @param record address of a CALL_RECORD in the process @param sp the guest's at the call, where its other arguments are */
export function difference(
  process: GuestProcess,
  { name, signature, source }: ManifestFunction,
  record: number,
  sp: number,
): FerryError {
  const bytes = process.memory.read(record, RETURN + WORD)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const word = (offset: number): bigint => view.getBigUint64(offset, true)
  const argument = ({ kind, index }: GuestWord): bigint => {
    if (kind !== 'stack') return word((kind === 'x' ? at.x : at.f) + index * WORD)
    const stack = process.memory.read(sp + index * WORD, WORD)
    return new DataView(stack.buffer, stack.byteOffset, WORD).getBigUint64(0, true)
  }
  const parsed = parseSignature(signature)
  const { words } = place(parsed)
  const given = words.map(({ type, guest }) => valueText(type, argument(guest)))
  const results = (offset: number): string =>
    placesOf(parsed.results)
      .map((index, k) => valueText(parsed.results[k]!, word(offset + index * WORD)))
      .join(', ')
  const from = Number(word(RETURN))
  const caller = process.symbolAt(from)
  return new FerryError('check-differs', {
    call: `${name}(${given.join(', ')})`,
    host: results(at.host),
    guest: results(at.guest),
    place: source === undefined ? '' : ` (${source})`,
    from: `0x${from.toString(16)}${caller ? ` (${caller.name}+0x${caller.offset.toString(16)})` : ''}`,
  })
}

/** A word by its letter of the signature: floating-point numbers with their bits, because two NaNs, or zeros, look the same. */
function valueText(type: string, word: bigint): string {
  const hex = (value: bigint): string => `0x${value.toString(16)}`
  const view = new DataView(new ArrayBuffer(WORD))
  view.setBigUint64(0, word, true)
  if (type === 'd') return `${view.getFloat64(0, true)} (${hex(word)})`
  if (type === 'f') return `${view.getFloat32(0, true)} (${hex(word & 0xffff_ffffn)})`
  const signed = BigInt.asIntN(64, word)
  return signed === BigInt.asIntN(32, word) ? `${signed}` : hex(word)
}
