/** Values of every type cross the bridge both ways: by value, through pointers, in structs, arrays, globals and callbacks. */
import { type Programs, RISCV, source } from './source.ts'

interface Scalar {
  readonly name: string
  readonly type: string
  readonly values: readonly string[]
  /** A statement that prints `x`. */
  readonly show: string
  readonly portable?: boolean
  readonly options?: string
}

const INT = 'printf("%lld\\n", (long long)x);'
const UNSIGNED = 'printf("%llu\\n", (unsigned long long)x);'
const FLOAT = 'printf("%a\\n", (double)x);'
const COMPLEX = 'printf("%a %a\\n", (double)__real__ x, (double)__imag__ x);'
const WIDE = 'printf("%016llx%016llx\\n", (unsigned long long)(x >> 64), (unsigned long long)x);'

const SCALARS: readonly Scalar[] = [
  { name: 'bool', type: '_Bool', values: ['0', '1'], show: INT },
  { name: 'char', type: 'char', values: ["'a'", '127', '0'], show: INT },
  { name: 'signed-char', type: 'signed char', values: ['-128', '127', '-1'], show: INT },
  { name: 'unsigned-char', type: 'unsigned char', values: ['0', '255', '128'], show: INT },
  { name: 'short', type: 'short', values: ['-32768', '32767', '-1'], show: INT },
  { name: 'unsigned-short', type: 'unsigned short', values: ['0', '65535', '32768'], show: INT },
  { name: 'int', type: 'int', values: ['-2147483647 - 1', '2147483647', '-1'], show: INT },
  { name: 'unsigned', type: 'unsigned', values: ['0', '4294967295u', '2147483648u'], show: UNSIGNED },
  { name: 'long', type: 'long', values: ['-9223372036854775807L - 1', '9223372036854775807L', '-1'], show: INT },
  { name: 'unsigned-long', type: 'unsigned long', values: ['0', '~0UL', '1UL << 63'], show: UNSIGNED },
  { name: 'long-long', type: 'long long', values: ['-1', '1LL << 40', '-(1LL << 50)'], show: INT },
  { name: 'int128', type: '__int128', values: ['-1', '(__int128)1 << 100', '(__int128)1 << 127'], show: WIDE },
  {
    name: 'unsigned-int128',
    type: 'unsigned __int128',
    values: ['~(unsigned __int128)0', '7', '(unsigned __int128)3 << 64'],
    show: WIDE,
  },
  { name: 'float', type: 'float', values: ['1.5f', '-0.0f', '3.4e38f', '1e-45f', '__builtin_inff()'], show: FLOAT },
  { name: 'double', type: 'double', values: ['1.5', '-0.0', '1.7e308', '5e-324', '-__builtin_inf()'], show: FLOAT },
  {
    name: 'long-double',
    type: 'long double',
    values: ['1.5L', '-0.0L', '1e300L', '1.0L / 3'],
    show: 'printf("%La %Lg\\n", x, x);',
    portable: false,
  },
  { name: 'complex-float', type: '_Complex float', values: ['1.5f + 2i', '-0.0f', '3.0fi'], show: COMPLEX },
  { name: 'complex-double', type: '_Complex double', values: ['1.5 + 2i', '-1e300', '3i'], show: COMPLEX },
  { name: 'complex-long-double', type: '_Complex long double', values: ['1.5L + 2i', '0.25L', '3i'], show: COMPLEX },
  {
    name: 'complex-int',
    type: '_Complex int',
    values: ['1 + 2i', '-7', '3i'],
    show: 'printf("%d %d\\n", __real__ x, __imag__ x);',
  },
  { name: 'pointer', type: 'const char *', values: ['"one"', '"two"', '""'], show: 'puts(x);' },
  { name: 'enum', type: 'enum color', values: ['RED', 'BLUE', 'NONE'], show: INT },
  { name: 'size', type: 'size_t', values: ['0', 'sizeof(long)', '(size_t)-1'], show: UNSIGNED },
  { name: 'wide-char', type: '__WCHAR_TYPE__', values: ["L'x'", '0x1f600', '-1'], show: INT },
  { name: 'function-pointer', type: 'function', values: ['puts', 'show_text', 'puts'], show: 'x("called");' },
  {
    name: 'half',
    type: '_Float16',
    values: ['1.5f16', '-0.0f16', '65504.0f16', '6e-8f16'],
    show: FLOAT,
    portable: false,
    options: '-march=rv64gc_zfhmin',
  },
]

export function typePrograms(): Programs {
  return new Map(SCALARS.map(scalar => [scalar.name, program(scalar)]))
}

function program({ name, type, values, show, portable = true, options }: Scalar): string {
  const declaration = {
    enum: 'enum color { NONE = -1, RED, BLUE = 7 };',
    'function-pointer':
      'typedef int (*function)(const char *);\nGUEST int show_text(const char *text) { return printf("text %s\\n", text); }',
  }[name]
  const body = `
${declaration ?? ''}
typedef ${type} type;

static const type values[] = {${values.join(', ')}};
enum { COUNT = sizeof values / sizeof *values };

struct holder { char before; type value; short after; };
static type global;
static struct holder kept[COUNT];

GUEST void show(const char *where, type x) { printf("%s: ", where); ${show} }

HOST type through_host(type x) { return x; }
GUEST type through_guest(type x) { return x; }
HOST type there_and_back(type x) { return through_guest(x); }
GUEST type back_and_there(type x) { return through_host(x); }

HOST void store(type *to, type x) { *to = x; }
GUEST void store_guest(type *to, type x) { *to = x; }
HOST struct holder hold(type x) { struct holder h = {1, x, -2}; return h; }
GUEST type held(struct holder h) { return h.value; }
HOST type held_on_host(struct holder h) { return h.before == 1 && h.after == -2 ? h.value : values[0]; }

HOST type late(long a, long b, long c, long d, long e, long f, long g, long h, type x, double i, type y)
{
	return a + b + c + d + e + f + g + h + (long)i == 45 ? x : y;
}

HOST void each(void (*call)(const char *, type))
{
	for (int i = 0; i < COUNT; i++)
		call("callback", values[i]);
}

GUEST int main(void)
{
	for (int i = 0; i < COUNT; i++) {
		type x = values[i], y;
		show("host", through_host(x));
		show("guest", there_and_back(x));
		show("both", back_and_there(x));
		store(&global, x);
		show("global", global);
		store_guest(&y, through_host(global));
		show("pointer", y);
		kept[i] = hold(x);
		show("struct", held(kept[i]));
		show("struct", held_on_host(kept[i]));
		show("stack", late(1, 2, 3, 4, 5, 6, 7, 8, x, 9.5, values[0]));
	}
	each(show);
	return 0;
}`
  const lines = [
    ...(portable ? [] : [RISCV('the type has another format')]),
    ...(options ? [`options: ${options}`] : []),
  ]
  return source(`Values of type ${type} cross both ways.`, body, { lines })
}
