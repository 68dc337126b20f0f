/** The 32-bit instruction that every 16-bit word stands for, 0 where it stands for none: the executor's interpreter has this table. */
import { Decoded, decode } from './decode.ts'
import { encode } from './encode.ts'

export const EXPANSIONS: Uint32Array = Uint32Array.from({ length: 1 << 16 }, (_, word) => {
  const decoded = new Decoded()
  return (word & 3) !== 3 && decode(word, decoded) ? encode(decoded.op, decoded) : 0
})
