/**
 * What C leaves open and RISC-V fixes, for values that no compiler knows: division by zero and overflow, shifts, conversions out of range; and
 * complex arithmetic, atomic operations, thread-local variables by type.
 */
import { type Programs, RISCV, source } from './source.ts'

const OPEN = [RISCV('C leaves the results open')]

const INTEGERS = [
  ['signed char', 'int'],
  ['short', 'int'],
  ['int', 'int'],
  ['long', 'long'],
  ['unsigned char', 'unsigned'],
  ['unsigned short', 'unsigned'],
  ['unsigned', 'unsigned'],
  ['unsigned long', 'unsigned long'],
] as const

const slug = (text: string): string => text.replace(/^_/, '').replaceAll(/[ *]+/g, '-').replace(/-$/, '')

export function arithmeticPrograms(): Programs {
  const programs = new Map<string, string>()
  for (const [type, wide] of INTEGERS) {
    programs.set(`division-${slug(type)}`, division(type, wide))
    programs.set(`shift-${slug(type)}`, shift(wide, type))
  }
  for (const from of ['float', 'double', 'long double'])
    for (const [to] of INTEGERS) programs.set(`convert-${slug(from)}-${slug(to)}`, conversion(from, to))
  return programs
}

function division(type: string, wide: string): string {
  const body = `
static volatile ${type} values[] = {0, 1, (${type})-1, 7, (${type})-7, (${type})((unsigned long)1 << (8 * sizeof(${type}) - 1)), 100};
enum { COUNT = sizeof values / sizeof *values };

HOST ${wide} divide(${type} a, ${type} b) { return a / b; }
HOST ${wide} rest(${type} a, ${type} b) { return a % b; }
HOST ${type} loop(const volatile ${type} *v, int n)
{
	${type} sum = 0;
	for (int i = 0; i < n; i++)
		for (int j = 0; j < n; j++)
			sum += v[i] / v[j] + v[i] % v[j];
	return sum;
}

GUEST int main(void)
{
	for (int i = 0; i < COUNT; i++)
		for (int j = 0; j < COUNT; j++)
			printf("%ld %ld\\n", (long)divide(values[i], values[j]), (long)rest(values[i], values[j]));
	printf("%ld\\n", (long)loop(values, COUNT));
	return 0;
}`
  return source(`Division of ${type} by zero and beyond its range.`, body, { lines: OPEN })
}

function shift(wide: string, type: string): string {
  const body = `
static volatile ${type} values[] = {1, (${type})-1, 77, (${type})((unsigned long)1 << (8 * sizeof(${type}) - 1))};
static volatile int amounts[] = {0, 1, 7, 31, 32, 33, 63, 64, 65, -1};

HOST ${wide} left(${type} value, int amount) { return (${wide})value << amount; }
HOST ${wide} right(${type} value, int amount) { return (${wide})value >> amount; }

GUEST int main(void)
{
	for (unsigned i = 0; i < sizeof values / sizeof *values; i++)
		for (unsigned j = 0; j < sizeof amounts / sizeof *amounts; j++)
			printf("%ld %ld\\n", (long)left(values[i], amounts[j]), (long)right(values[i], amounts[j]));
	return 0;
}`
  return source(`Shifts of ${type} by any amount.`, body, { lines: OPEN })
}

function conversion(from: string, to: string): string {
  const body = `
static volatile ${from} values[] = {0, -0.0, 1.9, -1.9, 127.5, -129, 40000, 2147483648.0, -2147483649.0, 4294967296.0, 9.3e18, -9.3e18, 1.9e19, 1e30,
	__builtin_inf(), -__builtin_inf(), __builtin_nan("")};
enum { COUNT = sizeof values / sizeof *values };

HOST ${to} convert(${from} value) { return (${to})value; }
HOST void all(${to} *to, const volatile ${from} *values, int count)
{
	for (int i = 0; i < count; i++)
		to[i] = (${to})values[i];
}
HOST ${from} back(${to} value) { return (${from})value; }

GUEST int main(void)
{
	${to} converted[COUNT];
	all(converted, values, COUNT);
	for (int i = 0; i < COUNT; i++) {
		// Of a narrow result the code generator takes what is beyond the type for impossible: the variable has the type's part.
		volatile ${to} one = convert(values[i]);
		printf("%ld %ld %a\\n", (long)one, (long)converted[i], (double)back(converted[i]));
	}
	return 0;
}`
  return source(`Conversion of ${from} to ${to}, also out of range.`, body, { lines: OPEN })
}

const ATOMIC = [
  ...[
    '_Bool',
    'signed char',
    'unsigned char',
    'short',
    'unsigned short',
    'int',
    'unsigned',
    'long',
    'unsigned long',
    'char *',
    'float',
    'double',
  ],
]
const COUNTED = new Set(['_Bool', 'char *', 'float', 'double'])

export function atomicPrograms(): Programs {
  return new Map(ATOMIC.map(type => [type === 'char *' ? 'pointer' : slug(type), atomic(type)]))
}

function atomic(type: string): string {
  const operations = COUNTED.has(type)
    ? 'value = value + 1;'
    : `atomic_fetch_add(&value, 3); atomic_fetch_sub_explicit(&value, 1, memory_order_relaxed); atomic_fetch_or(&value, 8);
	atomic_fetch_and_explicit(&value, ~(type)4, memory_order_acq_rel); atomic_fetch_xor(&value, 1); value += 5; value--;`
  const body = `
typedef ${type} type;

static _Atomic(type) value, total;
static atomic_int ready;

HOST type change_on_host(void) { ${operations} return atomic_load_explicit(&value, memory_order_acquire); }
GUEST type change_on_guest(void) { ${operations} return atomic_load(&value); }
HOST int swap(type *expected, type desired) { return atomic_compare_exchange_strong(&value, expected, desired); }
HOST type exchange(type desired) { return atomic_exchange_explicit(&value, desired, memory_order_seq_cst); }
HOST void count(int times)
{
	for (int i = 0; i < times; i++) {
		type old = atomic_load(&total), next;
		do
			next = (type)(old + 1);
		while (!atomic_compare_exchange_weak_explicit(&total, &old, next, memory_order_release, memory_order_relaxed));
	}
}
GUEST void *work(void *unused)
{
	while (!ready)
		;
	count(1000);
	return unused;
}

GUEST int main(void)
{
	pthread_t threads[3];
	for (int i = 0; i < 3; i++)
		pthread_create(&threads[i], 0, work, 0);
	ready = 1;
	for (int i = 0; i < 3; i++)
		pthread_join(threads[i], 0);
	printf("%ld\\n", (long)total);
	for (int i = 0; i < 5; i++)
		printf("%ld %ld\\n", (long)change_on_host(), (long)change_on_guest());
	type expected = value;
	printf("%d\\n", swap(&expected, 0));
	expected = (type)1;
	printf("%d %ld\\n", swap(&expected, (type)1), (long)expected);
	printf("%ld %ld\\n", (long)exchange((type)1), (long)value);
	atomic_thread_fence(memory_order_seq_cst);
	atomic_signal_fence(memory_order_acquire);
	return 0;
}`
  return source(`_Atomic ${type}: operations of both sides on one variable.`, body, {
    headers: ['pthread.h', 'stdatomic.h'],
    lines: ['options: -pthread'],
  })
}

const MODELS = ['local-exec', 'initial-exec', 'global-dynamic', 'local-dynamic'] as const
const THREAD_TYPES = [
  'char',
  'int',
  'long',
  'double',
  'long double',
  'struct { int a[40]; }',
  'char *',
  'int (*)(int)',
] as const

export function threadLocalPrograms(): Programs {
  const programs = new Map<string, string>()
  for (const model of MODELS) programs.set(model, threadLocal('int', model))
  for (const [i, type] of THREAD_TYPES.entries())
    programs.set(`type-${i}-${slug(type.replace(/\W+/g, ' ').trim())}`, threadLocal(type))
  return programs
}

function threadLocal(type: string, model?: string): string {
  const attribute = model === undefined ? '' : ` __attribute__((tls_model("${model}")))`
  const body = `
typedef __typeof__(${type}) type;

static _Thread_local type own${attribute};
_Thread_local struct { char before; type value; long after; } global${attribute};
static _Thread_local long count = 40;

HOST void *address_on_host(void) { return &own; }
GUEST void *address_on_guest(void) { return &own; }
HOST void *member_on_host(void) { return &global.value; }
GUEST void *member_on_guest(void) { return &global.value; }

HOST long fill(int byte)
{
	memset(&own, byte, sizeof own);
	memset(&global, byte + 1, sizeof global);
	for (int i = 0; i < 10; i++)
		count += byte;
	return count;
}
GUEST unsigned sum(void)
{
	unsigned total = 0;
	for (unsigned i = 0; i < sizeof own; i++)
		total = total * 3 + ((unsigned char *)&own)[i];
	for (unsigned i = 0; i < sizeof global; i++)
		total = total * 3 + ((unsigned char *)&global)[i];
	return total;
}
HOST void report(const char *who)
{
	printf("%s %u %ld %d %d\\n", who, sum(), count, address_on_host() == address_on_guest(), member_on_host() == member_on_guest());
}
HOST void *work(void *name)
{
	report(name);
	fill(*(char *)name & 7);
	report(name);
	return &count;
}

GUEST int main(void)
{
	void *of_thread;
	pthread_t thread;
	fill(1);
	pthread_create(&thread, 0, work, "first");
	pthread_join(thread, &of_thread);
	report("main");
	printf("%d\\n", of_thread != &count);
	pthread_create(&thread, 0, work, "second");
	pthread_join(thread, 0);
	fill(2);
	report("main");
	return 0;
}`
  const text =
    model === undefined ? `Thread-local variables of type ${type}.` : `Thread-local variables of the ${model} model.`
  return source(text, body, {
    headers: ['pthread.h'],
    lines: ['options: -pthread', RISCV('sizes and addresses of threads differ')].slice(
      0,
      type === 'long double' ? 2 : 1,
    ),
  })
}

const PARTS = ['float', 'double', 'long double'] as const
const OPERATIONS: Readonly<Record<string, string>> = {
  add: 'x + y',
  multiply: 'x * y',
  divide: 'x / y',
  conjugate: '~x * y - x',
}

export function complexPrograms(): Programs {
  return new Map(
    PARTS.flatMap(part =>
      Object.entries(OPERATIONS).map(([name, text]) => [`${name}-${slug(part)}`, complex(part, name, text)] as const),
    ),
  )
}

function complex(part: string, name: string, text: string): string {
  const body = `
typedef _Complex ${part} number;

static volatile number values[] = {0, 1.5 + 2i, -3i, 1e30 - 1e30i, __builtin_inf(), 7};
enum { COUNT = sizeof values / sizeof *values };

HOST number on_host(number x, number y) { return ${text}; }
GUEST number on_guest(number x, number y) { return ${text}; }
HOST number fold(number (*call)(number, number))
{
	number sum = 0;
	for (int i = 1; i < 3; i++)
		sum += call(values[i], values[3 - i]);
	return sum;
}
GUEST void show(number x) { printf("%a %a\\n", (double)__real__ x, (double)__imag__ x); }

GUEST int main(void)
{
	for (int i = 0; i < COUNT; i++)
		for (int j = 0; j < COUNT; j++) {
			number a = on_host(values[i], values[j]), b = on_guest(values[i], values[j]);
			if (__real__ a == __real__ a && __imag__ a == __imag__ a)
				show(a);
			printf("%d\\n", memcmp(&a, &b, ${part === 'long double' ? '32' : `sizeof a`}) == 0);
		}
	show(fold(on_host));
	show(fold(on_guest));
	return 0;
}`
  return source(`_Complex ${part}: ${name}.`, body, { lines: [RISCV('NaNs have other bits, products are fused')] })
}
