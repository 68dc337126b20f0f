/**
 * Writes C programs whose functions have random signatures: every kind of scalar, structs and unions of them by value, more
 * parameters than registers, variadic parts. Each function folds the bytes of its arguments into a hash and makes its result
 * of it; pairs of functions, one for the host and one for the guest, call each other directly and through pointers.
 */

/** A small generator of numbers with a seed (xorshift32), so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = (seed * 2654435761 + 1) >>> 0 || 1
  return below => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

const SCALARS = [
  ...['_Bool', 'char', 'signed char', 'short', 'unsigned short', 'int', 'unsigned', 'long', 'unsigned long', 'void *'],
  ...['float', 'double', 'float', 'double', '__int128', 'long double', 'int', 'long'],
]
/** What the default argument promotions leave. */
const PROMOTED = ['int', 'unsigned', 'long', 'double', '__int128', 'long double', 'void *', 'double']

interface Field {
  readonly path: string
  readonly type: string
}
interface CType {
  readonly name: string
  /** Declaration, for structs and unions. */
  readonly text: string
  /** The scalars that are set and hashed. */
  readonly fields: readonly Field[]
}

type Pick = (below: number) => number

function makeAggregate(pick: Pick, name: string, known: readonly CType[]): CType {
  const isUnion = pick(6) === 0
  const count = 1 + pick(isUnion ? 2 : 4)
  const members: string[] = []
  const fields: Field[] = []
  for (let i = 0; i < count; i++) {
    const inner = pick(5) === 0 ? known[pick(known.length)] : undefined
    const type = inner?.name ?? SCALARS[pick(SCALARS.length)]!
    const length = pick(5) === 0 ? 1 + pick(3) : 0
    members.push(`${type} m${i}${length > 0 ? `[${length}]` : ''};`)
    const places = length > 0 ? Array.from({ length }, (_, n) => `.m${i}[${n}]`) : [`.m${i}`]
    const own = places.flatMap(place =>
      inner ? inner.fields.map(f => ({ path: place + f.path, type: f.type })) : [{ path: place, type }],
    )
    if (!isUnion || i === 0) fields.push(...own)
  }
  return { name, text: `typedef ${isUnion ? 'union' : 'struct'} { ${members.join(' ')} } ${name};`, fields }
}

/** Statements that set or hash one scalar. */
const set = (target: string, { path, type }: Field, seed: string) =>
  type === 'void *'
    ? `${target}${path} = (void *)(long)(${seed} & 0xffffff);`
    : `${target}${path} = (${type})(long)(${seed} >> 9);`
const hash = (value: string, { path, type }: Field) => {
  if (type === 'void *') return `h = mix(h, (unsigned long)${value}${path});`
  if (type === '__int128')
    return `h = mix(mix(h, (unsigned long)${value}${path}), (unsigned long)(${value}${path} >> 64));`
  if (type === 'long double' || type === 'double' || type === 'float')
    return `h = mix(h, (unsigned long)(long)${value}${path});`
  return `h = mix(h, (unsigned long)(long)${value}${path});`
}

interface Signature {
  readonly result: CType
  readonly parameters: readonly CType[]
  readonly variadic: readonly CType[]
}

const scalar = (name: string): CType => ({ name, text: '', fields: [{ path: '', type: name }] })

/** @param count pairs of functions */
export function signatureProgram(seed: number, count: number): string {
  const pick = random(seed)
  const known: CType[] = []
  for (let i = 0; i < 12; i++) known.push(makeAggregate(pick, `T${i}`, known.length > 0 ? known : [scalar('int')]))
  const type = () => (pick(3) === 0 ? known[pick(known.length)]! : scalar(SCALARS[pick(SCALARS.length)]!))
  const promoted = () => (pick(4) === 0 ? known[pick(known.length)]! : scalar(PROMOTED[pick(PROMOTED.length)]!))
  const signatures = Array.from({ length: count }, (): Signature => {
    const parameters = Array.from({ length: 1 + pick(pick(3) === 0 ? 16 : 5) }, type)
    const variadic = pick(4) === 0 ? Array.from({ length: 1 + pick(8) }, promoted) : []
    return { result: type(), parameters, variadic }
  })
  const lines = [
    '#include <stdarg.h>',
    '#include <stdio.h>',
    '#define HOST __attribute__((noinline, annotate("ferry.offload")))',
    '#define GUEST __attribute__((noinline, annotate("ferry.guest")))',
    'static unsigned long mix(unsigned long h, unsigned long v) { h = (h ^ v) * 0x9e3779b97f4a7c15; return h ^ h >> 29; }',
    ...known.map(t => t.text),
    ...signatures.flatMap((s, i) => functionsOf(s, i)),
    'int main(void) {',
    '  unsigned long total = 1;',
    ...signatures.map((_, i) => `  total = mix(total, call_guest${i}(${i} + 1)); printf("${i} %016lx\\n", total);`),
    '  return 0;',
    '}',
  ]
  return `${lines.join('\n')}\n`
}

/**
 * For number i: `host_i` and `guest_i` with the signature, and on each side a caller that
 * makes arguments and calls both, directly and through a pointer. `call_guest` also calls the other side's caller.
 */
function functionsOf(s: Signature, i: number): string[] {
  const prototype = s.parameters.map((p, n) => `${p.name} a${n}`).join(', ')
  const pointer = `${s.result.name} (*)(${s.parameters.map(p => p.name).join(', ')}${s.variadic.length > 0 ? ', ...' : ''})`
  const body = [
    'unsigned long h = 7;',
    ...s.parameters.flatMap((p, n) => p.fields.map(f => hash(`a${n}`, f))),
    ...variadicBody(s),
    `${s.result.name} r;`,
    '__builtin_memset(&r, 0, sizeof r);',
    ...s.result.fields.map((f, n) => set('r', f, `(long)mix(h, ${n})`)),
    'return r;',
  ].join(' ')
  const sides = ['host', 'guest']
  const definitions = sides.map(side => {
    const more = s.variadic.length > 0 ? ', ...' : ''
    return `${side.toUpperCase()} ${s.result.name} ${side}${i}(${prototype}${more}) { ${body} }`
  })
  const values = [...s.parameters, ...s.variadic]
  const make = values.map(
    (p, n) =>
      `${p.name} v${n}; __builtin_memset(&v${n}, 0, sizeof v${n}); ${p.fields.map((f, k) => set(`v${n}`, f, `(long)mix(seed, ${n * 16 + k})`)).join(' ')}`,
  )
  const list = values.map((_, n) => `v${n}`).join(', ')
  const call = (target: string) =>
    `{ ${s.result.name} r = ${target}(${list}); ${s.result.fields.map(f => hash('r', f)).join(' ')} }`
  const caller = (side: string, extra: string) =>
    `${side.toUpperCase()} unsigned long call_${side}${i}(unsigned long seed) { unsigned long h = seed; ${make.join(' ')} ` +
    `${sides
      .map(call => call + i)
      .map(call)
      .join(' ')} ` +
    `${sides.map(target => `{ ${pointerTo(pointer, 'volatile p')} = ${target}${i}; ${call('p')} }`).join(' ')} ${extra} return h; }`
  return [...definitions, caller('host', ''), caller('guest', `h = mix(h, call_host${i}(seed + 1));`)]
}

/** `R (*name)(A)` of `R (*)(A)`. */
function pointerTo(type: string, name: string): string {
  return type.replace('(*)', `(*${name})`)
}

function variadicBody(s: Signature): string[] {
  if (s.variadic.length === 0) return []
  const last = `a${s.parameters.length - 1}`
  const reads = s.variadic.flatMap((p, n) => [
    `${p.name} x${n} = va_arg(list, ${p.name});`,
    ...p.fields.map(f => hash(`x${n}`, f)),
  ])
  return ['va_list list;', `va_start(list, ${last});`, ...reads, 'va_end(list);']
}
