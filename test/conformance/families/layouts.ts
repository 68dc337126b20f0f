/** Structs, unions and bit-fields by layout: passed, returned, stored and read on both sides, with the bytes that result. */
import { type Programs, source } from './source.ts'

interface Layout {
  readonly name: string
  readonly declaration: string
  /** Initialisers of two values. */
  readonly values: readonly [string, string]
  /** Places that are read and written, and counted up by `change`. */
  readonly places: readonly string[]
}

const bits = (name: string, members: string, places: readonly string[], values: readonly [string, string]): Layout => ({
  name: `bits-${name}`,
  declaration: `struct type { ${members} };`,
  values,
  places,
})

const LAYOUTS: readonly Layout[] = [
  { name: 'char', declaration: 'struct type { char a; };', values: ['{1}', '{-2}'], places: ['a'] },
  {
    name: 'two-ints',
    declaration: 'struct type { int a, b; };',
    values: ['{1, -1}', '{1 << 30, 7}'],
    places: ['a', 'b'],
  },
  {
    name: 'two-longs',
    declaration: 'struct type { long a, b; };',
    values: ['{1, -1}', '{1L << 60, 7}'],
    places: ['a', 'b'],
  },
  {
    name: 'three-longs',
    declaration: 'struct type { long a, b, c; };',
    values: ['{1, 2, 3}', '{-1}'],
    places: ['a', 'b', 'c'],
  },
  {
    name: 'two-floats',
    declaration: 'struct type { float a, b; };',
    values: ['{1.5f, -2}', '{0.25f}'],
    places: ['a', 'b'],
  },
  {
    name: 'three-floats',
    declaration: 'struct type { float a, b, c; };',
    values: ['{1, 2, 3}', '{-1}'],
    places: ['a', 'b', 'c'],
  },
  {
    name: 'two-doubles',
    declaration: 'struct type { double a, b; };',
    values: ['{1, -2}', '{1e100, 3}'],
    places: ['a', 'b'],
  },
  {
    name: 'float-and-int',
    declaration: 'struct type { float a; int b; };',
    values: ['{1.5f, 7}', '{-1, -1}'],
    places: ['a', 'b'],
  },
  {
    name: 'int-and-double',
    declaration: 'struct type { int a; double b; };',
    values: ['{7, 1.5}', '{-1, -1}'],
    places: ['a', 'b'],
  },
  {
    name: 'double-and-long',
    declaration: 'struct type { double a; long b; };',
    values: ['{1.5, 7}', '{-1, -1}'],
    places: ['a', 'b'],
  },
  {
    name: 'array-of-chars',
    declaration: 'struct type { char a[13]; };',
    values: ['{"twelve chars"}', '{"x"}'],
    places: ['a[0]', 'a[12]'],
  },
  {
    name: 'array-of-floats',
    declaration: 'struct type { float a[2]; };',
    values: ['{{1, 2}}', '{{-1}}'],
    places: ['a[0]', 'a[1]'],
  },
  { name: 'array-of-one', declaration: 'struct type { double a[1]; };', values: ['{{1}}', '{{-1}}'], places: ['a[0]'] },
  {
    name: 'nested',
    declaration: 'struct inner { char c; float f; };\nstruct type { struct inner in; };',
    values: ['{{1, 2}}', '{{-1, 4}}'],
    places: ['in.c', 'in.f'],
  },
  {
    name: 'union',
    declaration: 'union one { long l; double d; };\nstruct type { union one u; int tag; };',
    values: ['{{.l = 5}, 0}', '{{.l = -5}, 1}'],
    places: ['u.l', 'tag'],
  },
  {
    name: 'packed',
    declaration: 'struct __attribute__((packed)) type { char a; int b; short c; };',
    values: ['{1, 2, 3}', '{-1, -2, -3}'],
    places: ['a', 'b', 'c'],
  },
  {
    name: 'aligned',
    declaration: 'struct __attribute__((aligned(32))) type { int a; };',
    values: ['{1}', '{-5}'],
    places: ['a'],
  },
  { name: 'wide', declaration: 'struct type { __int128 a; };', values: ['{1}', '{-1}'], places: ['a'] },
  {
    name: 'int-and-wide',
    declaration: 'struct type { int a; __int128 b; };',
    values: ['{1, 2}', '{-1, -2}'],
    places: ['a', 'b'],
  },
  {
    name: 'pointers',
    declaration: 'struct type { char *a; long b; };',
    values: ['{0, 2}', '{(char *)16, 3}'],
    places: ['a', 'b'],
  },
  { name: 'empty-array', declaration: 'struct type { long a; int tail[0]; };', values: ['{1}', '{2}'], places: ['a'] },
  {
    name: 'empty-struct',
    declaration: 'struct nothing {};\nstruct type { struct nothing n; int a; };',
    values: ['{{}, 1}', '{{}, 2}'],
    places: ['a'],
  },
  {
    name: 'large',
    declaration: 'struct type { int a[100]; };',
    values: ['{{1, 2}}', '{{-1}}'],
    places: ['a[0]', 'a[99]'],
  },
  { name: 'complex', declaration: 'struct type { _Complex float a; };', values: ['{1.5f}', '{-2}'], places: ['a'] },
  {
    name: 'bools',
    declaration: 'struct type { _Bool a, b; char c; };',
    values: ['{1, 0, 2}', '{0, 1, 9}'],
    places: ['c'],
  },
  bits('int', 'int a : 3; int b : 7; int c : 22;', ['a', 'b', 'c'], ['{1, 2, 3}', '{-1, -2, -3}']),
  bits(
    'unsigned',
    'unsigned a : 1; unsigned b : 31; unsigned c : 17;',
    ['a', 'b', 'c'],
    ['{1, 2, 3}', '{0, 0x7fffffff, 0x1ffff}'],
  ),
  bits('long', 'long a : 33; unsigned long b : 31; long c : 64;', ['a', 'b', 'c'], ['{1, 2, 3}', '{-1, 5, -3}']),
  bits(
    'char',
    'signed char a : 2; unsigned char b : 5; signed char c : 1;',
    ['a', 'b', 'c'],
    ['{1, 2, 0}', '{-1, 31, -1}'],
  ),
  bits(
    'across',
    'char a; int b : 13; int : 0; int c : 5; short d : 9;',
    ['a', 'b', 'c', 'd'],
    ['{1, 2, 3, 4}', '{-1, -2, -3, -4}'],
  ),
  bits(
    'packed',
    'unsigned a : 5; unsigned long b : 47 __attribute__((packed)); unsigned c : 12;',
    ['a', 'b', 'c'],
    ['{1, 2, 3}', '{31, 9, 4095}'],
  ),
  bits('enum', 'enum { A = -1, B = 3 } a : 4; unsigned b : 28;', ['b'], ['{A, 2}', '{B, 77}']),
  bits('bool', '_Bool a : 1; unsigned b : 3; _Bool c : 1;', ['b'], ['{1, 2, 0}', '{0, 7, 1}']),
  bits('volatile', 'volatile int a : 9; int b : 20;', ['a', 'b'], ['{1, 2}', '{-1, -2}']),
]

export function layoutPrograms(): Programs {
  return new Map(LAYOUTS.map(layout => [layout.name, program(layout)]))
}

function program({ name, declaration, values, places }: Layout): string {
  const change = places.map(place => `x.${place}++;`).join(' ')
  const touch = places.map(place => `x->${place} += 2;`).join(' ')
  const differ = places.map(place => `x.${place} != y.${place}`).join(' || ')
  const body = `
${declaration}

static const struct type first = ${values[0]};
static struct type kept[3] = {${values[0]}, ${values[1]}};

GUEST void show(const char *where, const struct type *x)
{
	const unsigned char *bytes = (const void *)x;
	unsigned long hash = 7;
	for (unsigned i = 0; i < sizeof *x; i++)
		hash = hash * 31 + bytes[i];
	printf("%s %zu %zu %016lx\\n", where, sizeof *x, _Alignof(struct type), hash);
}

HOST struct type on_host(struct type x) { ${change} return x; }
GUEST struct type on_guest(struct type x) { ${change} return x; }
HOST struct type both(struct type x, int more) { return more > 0 ? both(on_guest(x), more - 1) : x; }
HOST int differ(struct type x, struct type y) { return ${differ}; }
HOST void touch(struct type *x, int n) { for (int i = 0; i < n; i++, x++) { ${touch} } }
HOST struct type late(long a, long b, long c, long d, long e, long f, struct type x, struct type y, long g)
{
	return a + b + c + d + e + f + g == 28 ? x : y;
}
HOST void host_loop(struct type (*call)(struct type))
{
	for (int i = 0; i < 3; i++)
		kept[i] = call(kept[i]);
}

GUEST int main(void)
{
	struct type x;
	memset(&x, 0, sizeof x);
	x = on_host(kept[1]);
	show("host", &kept[0]);
	kept[2] = on_guest(on_host(kept[0]));
	show("both", &kept[2]);
	kept[1] = both(kept[1], 3);
	show("recursion", &kept[1]);
	touch(kept, 3);
	show("touched", &kept[0]);
	host_loop(on_host);
	host_loop(on_guest);
	show("loop", &kept[2]);
	kept[0] = late(1, 2, 3, 4, 5, 6, kept[1], first, 7);
	show("late", &kept[0]);
	printf("%d %d\\n", differ(kept[0], kept[1]), differ(first, kept[1]));
	return 0;
}`
  return source(`A struct by value: ${name.replaceAll('-', ' ')}.`, body)
}
