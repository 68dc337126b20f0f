/**
 * The signature of a function that crosses the bridge, after the offload pass has reduced every parameter to words.
 *
 * `parameters` is a string of
 *   i  one 64-bit integer register (already sign- or zero-extended as the RISC-V psABI wants it)
 *   f  float        d  double
 *   q  a 16-byte scalar of a variadic part (two host integers; an aligned pair of guest registers)
 *   v  last: the pointer to the variable arguments, which the stub of a variadic function makes
 *   .  at most once: the parameters behind it are the variadic part (psABI: floating point travels in integer registers)
 * `results` is '', 'i', 'f', 'd' or two of them ('ii', 'dd', 'ff', 'id', 'di', ...).
 * Text form, also used as a name: `parameters:results`, e.g. `iid:i`, `i.id:i`.
 */
export interface Signature {
  readonly parameters: string
  readonly results: string
}

const FORM = /^([ifd]*(?:\.[ifdq]*|v)?):([ifd]{0,2})$/

export function parseSignature(text: string): Signature {
  const match = FORM.exec(text)
  if (!match) throw new RangeError(`not a signature: '${text}'`)
  return { parameters: match[1]!, results: match[2]! }
}

export function printSignature({ parameters, results }: Signature): string {
  return `${parameters}:${results}`
}
