/** Faults in offloaded code by kind, and what the program does about them; jumps over bridge levels by their depth. */
import { type Programs, RISCV, source } from './source.ts'

interface Fault {
  readonly name: string
  /** Of `int fault(char *page)`: `page` can be neither read nor written, and becomes 4096 bytes of 5 when it is repaired. */
  readonly body: string
  readonly signal: 'SIGSEGV' | 'SIGILL' | 'SIGBUS' | 'SIGTRAP' | 'SIGABRT' | 'SIGFPE'
  /** A repair lets it go on. */
  readonly repairable?: boolean
  /** The side of the host, when it is not the one of the fault itself. */
  readonly before?: string
}

const FAULTS: readonly Fault[] = [
  { name: 'load', body: 'return page[100];', signal: 'SIGSEGV', repairable: true },
  { name: 'store', body: 'page[100] = 7; return page[100];', signal: 'SIGSEGV', repairable: true },
  { name: 'null-load', body: 'return *(volatile int *)(page - page);', signal: 'SIGSEGV' },
  { name: 'null-store', body: '*(volatile int *)(page - page) = 1; return 0;', signal: 'SIGSEGV' },
  {
    name: 'loop',
    body: 'int sum = 0; for (int i = 0; i < 4096; i++) sum += page[i]; return sum;',
    signal: 'SIGSEGV',
    repairable: true,
  },
  { name: 'library', body: 'return (int)strlen(page) % 7 + (int)(long)memchr(page, 1, 10);', signal: 'SIGSEGV' },
  {
    name: 'copy',
    body: 'char copy[4096]; memcpy(copy, page, sizeof copy); return copy[page[5]];',
    signal: 'SIGSEGV',
    repairable: true,
  },
  {
    name: 'constant',
    body: '*(volatile char *)constant = 1; return 0;',
    signal: 'SIGSEGV',
    before: 'static const char constant[] = "constant";',
  },
  {
    name: 'null-call',
    body: 'int (*volatile call)(void) = (int (*)(void))(page - page); return call() + 1;',
    signal: 'SIGSEGV',
  },
  { name: 'far', body: 'return *(volatile int *)(page + (1L << 45));', signal: 'SIGSEGV' },
  { name: 'high', body: 'return *(volatile int *)((long)page | 1L << 62);', signal: 'SIGSEGV' },
  { name: 'trap', body: 'if (page) __builtin_trap(); return 0;', signal: 'SIGILL' },
  { name: 'abort', body: 'if (page) abort(); return 0;', signal: 'SIGABRT' },
  { name: 'raise', body: 'raise(SIGFPE); return page != 0;', signal: 'SIGFPE', repairable: true },
  {
    name: 'overflow',
    body: 'return deep(page, 1) != 0;',
    signal: 'SIGSEGV',
    before:
      'HOST int deep(char *page, int n) { volatile char frame[200]; frame[n % 200] = 1; return deep(page, n + 1) + frame[n % 100]; }',
  },
  {
    name: 'overflow-both',
    body: 'return deep(page, 1) != 0;',
    signal: 'SIGSEGV',
    before: `int deep(char *page, int n);
GUEST int deeper(char *page, int n) { return deep(page, n + 1) + 1; }
HOST int deep(char *page, int n) { volatile char frame[200]; frame[n % 200] = 1; return deeper(page, n + 1) + frame[n % 100]; }`,
  },
]

const HANDLINGS = ['default', 'exit', 'jump', 'repair'] as const

export function faultPrograms(): Programs {
  const programs = new Map<string, string>()
  for (const fault of FAULTS)
    for (const handling of HANDLINGS)
      if (handling !== 'repair' || fault.repairable)
        programs.set(`${fault.name}-${handling}`, faultProgram(fault, handling))
  return programs
}

const HANDLERS: Readonly<Record<(typeof HANDLINGS)[number], string>> = {
  default: '',
  exit: `
GUEST void handle(int number, siginfo_t *info, void *context)
{
	printf("signal %d at the page: %d\\n", number, (char *)info->si_addr >= page && (char *)info->si_addr < page + 4096 && context != 0);
	exit(3);
}`,
  jump: `
static sigjmp_buf back;
HOST void handle(int number, siginfo_t *info, void *context)
{
	printf("signal %d %d\\n", number, info->si_signo == number && context != 0);
	siglongjmp(back, number);
}`,
  repair: `
HOST void handle(int number, siginfo_t *info, void *context)
{
	printf("signal %d %d\\n", number, info->si_signo == number && context != 0);
	mprotect(page, 4096, PROT_READ | PROT_WRITE);
	memset(page, 5, 4096);
}`,
}

function faultProgram({ name, body, signal, before = '' }: Fault, handling: (typeof HANDLINGS)[number]): string {
  const once = '\tprintf("result %d\\n", around(page, 1));'
  const again = `
	for (int i = 0; i < 3; i++) {
		int number = sigsetjmp(back, 1);
		if (number == 0)
			printf("result %d\\n", around(page, i));
		else
			printf("back with %d\\n", number);
	}`
  const text = `
static char *page;
${before}
HOST int fault(char *page) { ${body} }
GUEST int between(char *page) { return fault(page) + 1; }
HOST int around(char *page, int guest) { return guest ? between(page) : fault(page); }
${HANDLERS[handling]}

GUEST int main(void)
{
	page = mmap(0, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t stack = {.ss_sp = malloc(1 << 16), .ss_size = 1 << 16};
	sigaltstack(&stack, 0);
${handling === 'default' ? '' : `	struct sigaction action = {.sa_sigaction = handle, .sa_flags = SA_SIGINFO | SA_ONSTACK};\n	sigaction(${signal}, &action, 0);`}
	puts("start");
	fflush(stdout);
${handling === 'jump' ? again : once}
	return 0;
}`
  const what = {
    default: 'and no handler',
    exit: 'and a handler that exits',
    jump: 'and a handler that jumps out',
    repair: 'and a handler that repairs it',
  }[handling]
  return source(`A fault in offloaded code (${name}), ${what}.`, text, {
    headers: ['setjmp.h', 'signal.h', 'sys/mman.h'],
    lines:
      name === 'trap' || name === 'constant' || name.startsWith('overflow')
        ? [RISCV('the signal tells another address')]
        : [],
  })
}

const DEPTHS = [0, 1, 2, 3, 5, 8]
const SIDES = ['host', 'guest', 'alternating'] as const

export function jumpPrograms(): Programs {
  return new Map(SIDES.flatMap(side => DEPTHS.map(depth => [`${side}-${depth}`, jumpProgram(side, depth)] as const)))
}

function jumpProgram(side: (typeof SIDES)[number], depth: number): string {
  const of = (level: number) => (side === 'alternating' ? (level % 2 === 0 ? 'HOST' : 'GUEST') : side.toUpperCase())
  const levels = Array.from({ length: depth }, (_, i) => depth - 1 - i).map(level => {
    const next = level === depth - 1 ? 'bottom' : `level${level + 1}`
    return `${of(level)} int level${level}(jmp_buf to, int value)
{
	volatile signed char frame[${16 + level * 24}];
	frame[value % 16] = (signed char)value;
	int result = ${next}(to, value + 1);
	return result + frame[value % 16] - value;
}`
  })
  const body = `
static int visits;

HOST int bottom(jmp_buf to, int value)
{
	visits++;
	if (value % 3 != 0)
		longjmp(to, value);
	return value;
}
${levels.join('\n')}

GUEST int attempt(int value)
{
	jmp_buf here;
	volatile int kept = value * 2;
	int number = setjmp(here);
	if (number != 0)
		return number + kept;
	return ${depth === 0 ? 'bottom' : 'level0'}(here, value);
}
HOST int outer(int value) { return attempt(value) * 2; }

GUEST int main(void)
{
	long sum = 0;
	for (int i = 1; i < 200; i++)
		sum += i % 2 ? attempt(i) : outer(i);
	printf("%ld %d\\n", sum, visits);
	return 0;
}`
  return source(`longjmp over ${depth} functions (${side}) below a host function.`, body, { headers: ['setjmp.h'] })
}
