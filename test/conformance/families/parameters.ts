/** Parameter lists by pattern: more words than registers, floating point and integers in turn, words that need two registers. */
import { type Programs, RISCV, source } from './source.ts'

const TYPES: Readonly<Record<string, string>> = {
  c: 'signed char',
  h: 'unsigned short',
  i: 'int',
  u: 'unsigned',
  l: 'long',
  w: '__int128',
  f: 'float',
  d: 'double',
  q: 'long double',
  p: 'struct pair',
  s: 'struct small',
  b: 'struct big',
  v: 'struct vector',
  m: 'struct mixed',
}

/** Letters of TYPES. */
const FIXED = [
  ...[
    'i',
    'iiiiii',
    'iiiiiii',
    'llllllll',
    'lllllllll',
    'iiiiiiiiiiiiiiii',
    'd',
    'dddddddd',
    'ddddddddd',
    'dddddddddddd',
  ],
  ...[
    'ffffffffff',
    'idididididid',
    'ididididididididididid',
    'fidifidifidi',
    'dddddddddlllllllll',
    'chuchuchuchu',
    'w',
    'lw',
  ],
  ...[
    'lllllllw',
    'llllllllw',
    'lllllllllw',
    'wwwww',
    'q',
    'lqlqlq',
    'dq',
    'p',
    'lllllllp',
    'ppppp',
    's',
    'ssssssssss',
    'b',
    'bbb',
  ],
  ...['lllllllllb', 'v', 'vvvvvvvvv', 'm', 'mmmmmmmmm', 'lmlmlmlmlm', 'dmdmdmdm', 'wpsbvmdq'],
]

/** Named and variable arguments; variable ones are promoted. */
const VARIABLE = [
  ...[
    'i.i',
    'i.iiiiiii',
    'i.iiiiiiiiiiii',
    'iiiiiiii.ii',
    'iiiiiiiii.ii',
    'i.d',
    'i.dddddddddd',
    'i.ididid',
    'd.ddd',
    'ddddddddd.ld',
  ],
  ...[
    'i.w',
    'l.lw',
    'll.w',
    'lll.wlw',
    'iiiiiii.w',
    'iiiiiiii.lw',
    'i.q',
    'i.lqlq',
    'i.p',
    'iiiiiii.p',
    'i.s',
    'i.b',
    'i.m',
    'i.v',
    'i.lpsbmd',
  ],
]

const DECLARATIONS = `struct pair { long first, second; };
struct small { signed char a; short b; };
struct big { int values[6]; };
struct vector { float x, y; };
struct mixed { double number; int count; };

static double weigh(double weight, double value) { return weight * value; }`

/** Sum of the parts of a value, as double. */
const PARTS: Readonly<Record<string, (x: string) => string>> = {
  p: x => `(double)${x}.first - (double)${x}.second`,
  s: x => `(double)(${x}.a * 3 + ${x}.b)`,
  b: x => `(double)(${x}.values[0] + ${x}.values[5] * 2)`,
  v: x => `(double)${x}.x - (double)${x}.y * 2`,
  m: x => `${x}.number + ${x}.count`,
}
const MAKE: Readonly<Record<string, (n: number) => string>> = {
  p: n => `(struct pair){${n * 3}, ${-n}}`,
  s: n => `(struct small){${-n}, ${n * 100}}`,
  b: n => `(struct big){{${n}, 0, 0, 0, 0, ${n * 7}}}`,
  v: n => `(struct vector){${n}.5f, ${-n}.25f}`,
  m: n => `(struct mixed){${n}.125, ${n + 1}}`,
  f: n => `${n}.5f`,
  d: n => `${-n}.75`,
  q: n => `${n}.5L`,
  w: n => `(__int128)${n} << 70`,
  u: n => `${4_000_000_000 + n}u`,
  l: n => `${-n * 5}L`,
  h: n => `${60_000 + n}`,
}

const value = (letter: string, n: number): string => (MAKE[letter] ?? (k => `${-k * 5}`))(n)
const parts = (letter: string, x: string): string =>
  (PARTS[letter] ?? (letter === 'w' ? y => `(double)(long)(${y} >> 66)` : y => `(double)${y}`))(x)

export function parameterPrograms(): Programs {
  return new Map(FIXED.map(pattern => [pattern, fixedProgram(pattern)]))
}

export function variadicPrograms(): Programs {
  return new Map(VARIABLE.map(pattern => [pattern.replace('.', '-'), variadicProgram(pattern)]))
}

function fixedProgram(pattern: string): string {
  const letters = [...pattern]
  const list = letters.map((letter, i) => `${TYPES[letter]} p${i}`).join(', ')
  const sum = letters.map((letter, i) => `weigh(${i + 1}, ${parts(letter, `p${i}`)})`).join(' + ')
  const values = letters.map((letter, i) => value(letter, i + 1)).join(', ')
  const body = `
${DECLARATIONS}

typedef double function(${letters.map(letter => TYPES[letter]).join(', ')});

HOST double on_host(${list}) { return ${sum}; }
GUEST double on_guest(${list}) { return ${sum}; }

HOST void from_host(function *pointer) { printf("%a %a %a\\n", on_host(${values}), on_guest(${values}), pointer(${values})); }
GUEST void from_guest(function *pointer) { printf("%a %a %a\\n", on_host(${values}), on_guest(${values}), pointer(${values})); }

GUEST int main(void)
{
	from_host(on_host);
	from_host(on_guest);
	from_guest(on_host);
	from_guest(on_guest);
	return 0;
}`
  return source(`Parameters ${letters.map(letter => TYPES[letter]).join(', ')}.`, body)
}

function variadicProgram(pattern: string): string {
  const [named = '', variable = ''] = pattern.split('.')
  const [first, rest] = [[...named], [...variable]]
  const list = first.map((letter, i) => `${TYPES[letter]} p${i}`).join(', ')
  const values = [...first, ...rest].map((letter, i) => value(letter, i + 1)).join(', ')
  const sum = first.map((letter, i) => `weigh(${i + 1}, ${parts(letter, `p${i}`)})`).join(' + ')
  const reads = rest.map((letter, i) => {
    const x = `{ ${TYPES[letter]} x = va_arg(list, ${TYPES[letter]}); sum += weigh(${first.length + i + 1}, ${parts(letter, 'x')}); }`
    return `\t${x}`
  })
  const content = `
{
	double sum = ${sum};
	va_list list, copy;
	va_start(list, p${first.length - 1});
	va_copy(copy, list);
${reads.join('\n')}
	va_end(list);
	sum += list_sum(copy);
	va_end(copy);
	return sum;
}`
  const body = `
${DECLARATIONS}

typedef double function(${first.map(letter => TYPES[letter]).join(', ')}, ...);

GUEST double list_sum(va_list list)
{
	double sum = 0;
${reads.join('\n')}
	return sum;
}

HOST double on_host(${list}, ...)${content}

GUEST double on_guest(${list}, ...)${content}

HOST void from_host(function *pointer) { printf("%a %a %a\\n", on_host(${values}), on_guest(${values}), pointer(${values})); }
GUEST void from_guest(function *pointer) { printf("%a %a %a\\n", on_host(${values}), on_guest(${values}), pointer(${values})); }

GUEST int main(void)
{
	from_host(on_host);
	from_host(on_guest);
	from_guest(on_host);
	from_guest(on_guest);
	return 0;
}`
  const lines = rest.includes('q') ? [RISCV('long double has another format')] : []
  const text = `Variable arguments ${rest.map(letter => TYPES[letter]).join(', ')} behind ${first.length} named ones.`
  return source(text, body, { headers: ['stdarg.h'], lines })
}
