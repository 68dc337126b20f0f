/**
 * The command line as data. `cli/program.ts` makes the parser and the help from these rows, `cli/document.ts` makes
 * docs/cli.md. A name with an explanation is a {@link Choice}; the parser refuses every other name.
 */
import { OPTIMIZATIONS } from '../emulator/options.ts'

export type CommandName = 'build' | 'cc' | 'run' | 'report' | 'analyze' | 'doctor' | 'binfmt'

export type Choice = readonly [name: string, doc: string]

export interface OptionRow {
  /** In commander's form: `-o, --output <file>`; `<…>` takes a value. */
  readonly flags: string
  readonly doc: string
  /** What holds without the option, for help and documents. */
  readonly default?: string
  /** The names that the value may be made of. */
  readonly choices?: readonly Choice[]
  /** How the value is read: one of `choices`, several of them with commas, anything (default), NAME=VALUE or NAME of an environment variable (may be given repeatedly), a count from 1 or from 0 on, or bytes with K, M, G. */
  readonly kind?: 'one' | 'list' | 'text' | 'assignment' | 'variable' | 'count' | 'count-or-none' | 'bytes'
}

export interface CommandRow {
  readonly summary: string
  /** Behind the command's name in the usage line. */
  readonly operands: string
  /** Paragraphs of the help text. */
  readonly text: readonly string[]
  readonly options: readonly OptionRow[]
  readonly examples: readonly (readonly [line: string, doc: string])[]
}

/** `no-x` switches x off. */
const OPTIMIZATION_CHOICES: readonly Choice[] = [
  ...Object.entries(OPTIMIZATIONS).map(([name, doc]): Choice => [`no-${name}`, `not: ${doc}`]),
  ['none', 'none of them'],
  ['all', 'all of them, but not alone: as with the others, the translator is there'],
]

const LOG_CHOICES: readonly Choice[] = [
  ['asm-in', 'guest instructions of each region that is translated, with symbols'],
  ['ir', 'intermediate code of each region'],
  [
    'asm-out',
    'host instructions of each region, disassembled by objdump: where other regions enter, and the guest pc of each that may fault',
  ],
  ['strace', 'system calls, with arguments and results'],
]

const JSON_OPTION: OptionRow = { flags: '--json', doc: 'print one JSON document on stdout instead of a table' }

const OPTIMIZE_OPTION: OptionRow = {
  flags: '--optimize <names>',
  doc: 'switch optimisations of the translator off',
  kind: 'list',
  choices: OPTIMIZATION_CHOICES,
  default: 'all on',
}

const STACK_OPTION: OptionRow = {
  flags: '-s, --stack-size <bytes>',
  doc: 'size of the guest stack; K, M and G are understood',
  kind: 'bytes',
  default: 'the limit of the shell (ulimit -s)',
}

/** How a build decides, and what the native code is for. */
const OFFLOAD_OPTIONS: readonly OptionRow[] = [
  {
    flags: '--offload <choice>',
    doc: 'which functions get native code',
    kind: 'one',
    default: 'auto',
    choices: [
      ['auto', 'those that are estimated to gain from it'],
      ['all', 'all that may leave the guest'],
      ['none', 'none: an ordinary RISC-V program'],
    ],
  },
  {
    flags: '--host-cpu <name>',
    doc: 'the CPU that the native code is for, a name that clang -march knows, for example x86-64-v3',
    default: 'this machine',
  },
  {
    flags: '--host-libm',
    doc: "take libm functions from the host; their results may differ from the guest's in the last bit",
  },
]

const PROFILE_OPTION: OptionRow = {
  flags: '--profile <file>',
  doc: 'choose by what `ferry run --profile=<file>` has counted, instead of by estimates; with --offload=auto',
}

/** An option of ferry's among those of clang: `--ferry-offload=all`. */
const amongOthers = (row: OptionRow): OptionRow => ({
  ...row,
  flags: row.flags.replace(/^--/, '--ferry-').replace(' <', '=<'),
  doc: row.doc.replace(/--offload/, '--ferry-offload'),
})

export const COMMANDS: Readonly<Record<CommandName, CommandRow>> = {
  build: {
    summary: 'build a hybrid binary from C sources',
    operands: '[clang options] <sources...>',
    text: [
      'Compiles the C sources once, for RISC-V, decides which functions may and should run natively, compiles those for this machine too, and links one RISC-V ELF that carries both. The result also runs on RISC-V hardware and under any other emulator.',
      'Every option that is not listed here goes to clang: -O, -D, -I, -U, -std, -W…, -f…, -l, -L. __attribute__((annotate("ferry.offload"))) and ("ferry.guest") on a function overrule the cost model.',
    ],
    options: [
      { flags: '-o, --output <file>', doc: 'the program to write', default: 'a.out' },
      ...OFFLOAD_OPTIONS,
      PROFILE_OPTION,
      JSON_OPTION,
    ],
    examples: [
      ['ferry build -O2 main.c kernel.c -o app', 'build two sources; ferry chooses what to offload'],
      ['ferry build -O2 -Iinclude -DNDEBUG src/*.c -lm -o app', 'options for clang as usual'],
      [
        'ferry build -O2 --offload=all --host-cpu=x86-64-v3 main.c -o app',
        'everything that may leave, for any CPU with AVX2',
      ],
    ],
  },
  cc: {
    summary: 'compile and link in place of a C compiler: make CC="ferry cc"',
    operands: '[clang options] <files...>',
    text: [
      'A compiler for build systems: clang for riscv64 Linux with all of its options, messages and exit statuses. Objects are ordinary RISC-V objects that carry their bitcode beside the machine code (section .llvmbc); archives of them are ordinary archives. When a program or a shared library is linked, the bitcode of all objects that take part is analysed as one program, what pays is compiled for this machine too, and the output is hybrid: it also runs on RISC-V hardware and under any other emulator. Assembler sources and objects of other compilers are linked as they are.',
      'A hybrid shared library serves every RISC-V program that loads it under `ferry run`, also one that ferry did not build.',
      'The options of ferry begin with --ferry-, and may stand in FERRY_CC_OPTIONS without that prefix, which reaches every compiler that a build starts: FERRY_CC_OPTIONS="--offload=all --host-cpu=x86-64-v3". They count where something is linked. With --offload=none objects have no bitcode.',
      "For build systems that take one path as a compiler there are the links bin/ferry-cc and bin/ferry-c++; `ferry ar`, `ferry ranlib` and `ferry nm` (bin/ferry-ar and so on) are those of LLVM. The linker is LLVM's lld, whatever -fuse-ld says; -flto is left out, because the link sees the whole program anyway.",
    ],
    options: [
      ...[...OFFLOAD_OPTIONS, PROFILE_OPTION].map(amongOthers),
      {
        flags: '--ferry-summary=<file>',
        doc: 'add a line on what was offloaded to this file at every link; configure scripts take words on stderr for errors',
      },
      { flags: '--ferry-json=<file>', doc: 'write the verdict on every function there, as `ferry build --json`' },
    ],
    examples: [
      ['make CC="ferry cc" AR="ferry ar"', 'a Makefile that was written for any compiler'],
      ['./configure --host=riscv64-linux-gnu CC="ferry cc" && make', 'a project with a configure script'],
      [
        'cmake -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=riscv64 -DCMAKE_C_COMPILER=$(dirname $(command -v ferry))/ferry-cc ..',
        'a project with CMake',
      ],
      ['FERRY_CC_OPTIONS=--summary=/tmp/links make CC="ferry cc"', 'see what each link offloaded'],
      ['ferry cc -O2 -shared -fPIC *.c -o libfast.so', 'a hybrid library'],
      [
        'ferry run --profile=$PWD/app.profile ./app && FERRY_CC_OPTIONS=--profile=$PWD/app.profile make -B',
        'build anew, by what the program did',
      ],
    ],
  },
  run: {
    summary: 'run a RISC-V program, hybrid or not',
    operands: '<app> [arguments...]',
    text: [
      "Runs a RISC-V (rv64gc) Linux program, static or dynamically linked. Standard input, output and error, the environment, the exit status and death by a signal are the program's. In a hybrid binary the marked functions run natively.",
      "Ends when the program's first process does. Processes that outlive it, such as daemons, go on; they end when they are done, or when their translator, a process called ferry, is ended. With --log, --gdb, --perf-map, --profile, --benchmark or --measure it stays until all processes have ended. When the first process is killed (SIGKILL), so are the others.",
      'The translations of a run are kept. A program that comes to no other code runs from them without Node.js: it starts in milliseconds. A translator is started when there is something to translate.',
      'Options stand before the program; everything behind it belongs to the program.',
    ],
    options: [
      {
        flags: '--offload <choice>',
        doc: 'use native code: on, off, or only for the functions named, with commas between them',
        default: 'on',
      },
      {
        flags: '--check <what>',
        doc: 'compare what native code computes with what the emulated program does; end at the first difference, with exit status 125',
        kind: 'one',
        choices: [
          [
            'function',
            'call every offloaded function that has no effect but its result on both sides, and compare the results bit by bit; others run emulated',
          ],
        ],
      },
      {
        flags: '--verify',
        doc: 'run the program emulated, then with native code, and compare every system call; end at the first difference, with exit status 125. The second run repeats what the first read and got, so output appears once. For programs with one thread and one process; signals from outside, counters of the CPU and memory that is shared with others are not repeated',
      },
      {
        flags: '--native-libc <choice>',
        doc: "run memory and string functions of the program's C library natively, also in programs that ferry did not build",
        kind: 'one',
        choices: [
          ['on', 'where a C library is found by its symbols'],
          ['off', "the program's own, translated (--optimize=no-libc)"],
        ],
        default: 'on',
      },
      {
        flags: '-L, --sysroot <folder>',
        doc: 'root of a riscv64 system: absolute paths of the program name what is there, or else what is on this machine; its libraries and their loader come from there',
        default: 'the variable FERRY_SYSROOT',
      },
      {
        flags: '-E, --set-env <variable=value>',
        doc: "set a variable of the program's environment; may be given repeatedly",
        kind: 'assignment',
      },
      {
        flags: '-U, --unset-env <variable>',
        doc: "take a variable out of the program's environment; may be given repeatedly",
        kind: 'variable',
      },
      { flags: '-0, --argv0 <name>', doc: 'what the program gets as argv[0]', default: 'the program as given' },
      STACK_OPTION,
      {
        flags: '--log <categories>',
        doc: 'log to stderr, or to the file of --log-file',
        kind: 'list',
        choices: LOG_CHOICES,
      },
      { flags: '-D, --log-file <file>', doc: 'write what --log logs to the file instead of stderr' },
      {
        flags: '-g, --gdb <address>',
        doc: 'wait for gdb before the first instruction, on a TCP port of this machine (localhost) or on a Unix socket of this path; then obey it',
      },
      {
        flags: '--perf-map',
        doc: 'write /tmp/perf-<pid>.map for each process of the program, from which `perf report` takes the names of guest functions',
      },
      OPTIMIZE_OPTION,
      {
        flags: '--profile',
        doc: 'count executions of blocks and calls over the bridge; at the end print the hottest blocks, functions, edges and guest registers to stderr (the program runs slower)',
      },
      {
        flags: '--profile=<file>',
        doc: 'write calls of each function and pair of functions, and the time of each function, to the file: `ferry build --profile` chooses by it (the program runs slower)',
      },
      {
        flags: '--benchmark',
        doc: 'at the end print times of execution and translation, sizes and requests to stderr',
      },
      {
        flags: '--json',
        doc: 'print --profile and --benchmark as one JSON document, with everything that was counted',
      },
      { flags: '--output <file>', doc: 'write --profile and --benchmark to the file instead of stderr' },
      {
        flags: '--measure <file>',
        doc: 'count calls and time of every function that can run natively, whether it does or not; write them to the file as JSON',
      },
    ],
    examples: [
      ['ferry run ./app input.txt', 'run with everything that was marked offloaded'],
      ['ferry run --offload=off ./app input.txt', 'the same program, emulated only'],
      ['ferry run --offload=sha256_block,crc32 ./app', 'only these two natively'],
      ['ferry run --verify ./app input.txt', 'see that native code does what the emulated program does'],
      [
        'ferry run -L /srv/riscv64 /bin/bash',
        'a program of a Debian system for riscv64, with the libraries of that system',
      ],
      ['ferry run -E LANG=C -E TZ=UTC -U LD_PRELOAD ./app', 'with another environment'],
      ['ferry run -s 64M -0 login-shell ./app', 'with a stack of 64 MiB, and another name for itself'],
      ['ferry run --log=strace -D trace.txt ./app', 'see its system calls'],
      ['ferry run --log=asm-in,asm-out ./app 2>code.txt', 'see guest and host code of everything that is executed'],
      [
        'ferry run -g 1234 ./app',
        "debug it; in another terminal: gdb-multiarch ./app -ex 'target remote :1234' -ex 'break main' -ex continue",
      ],
      [
        'ferry run --profile=app.profile ./app input.txt && ferry build --profile app.profile -O2 *.c -o app',
        'build anew, by what the program did',
      ],
      ['perf record -e cpu-clock ferry run --perf-map ./app', 'then `perf report` shows its hottest guest functions'],
      [
        'ferry run --profile --json --output=profile.json ./app',
        'what it spends its instructions on, for a machine to read',
      ],
    ],
  },
  report: {
    summary: 'measure what offloading gains',
    operands: '<app> [arguments...]',
    text: [
      'Runs the program several times, with and without offloading in turn, and prints for each offloaded function its calls, crossings, times and speedup, and the times of the whole program. Fails, keeping both outputs, when what the runs print on stdout or how they end differs.',
      'Each run is a process of its own and reads the file that standard input comes from (`<file`), from its start; a terminal or a pipe is not read. Times of the program are wall-clock times from start to end of that process; CPU time is the user and system time of all processes of a run.',
      'Options stand before the program; everything behind it belongs to the program.',
    ],
    options: [
      { flags: '--runs <n>', doc: 'timed runs of each kind', kind: 'count', default: '5' },
      { flags: '--warmup <n>', doc: 'rounds before them that are not timed', kind: 'count-or-none', default: '1' },
      { flags: '--native', doc: 'also build the program natively from the sources that the binary names, and time it' },
      {
        flags: '--native=<file>',
        doc: 'time this program as the native one: after `ferry cc`, build it for this machine with its own build system',
      },
      { flags: '--qemu', doc: 'also time qemu-riscv64' },
      OPTIMIZE_OPTION,
      STACK_OPTION,
      {
        flags: '--html <file>',
        doc: 'also write a page with everything: charts, the call graph with its crossings, the sources with the verdict of each function',
      },
      JSON_OPTION,
    ],
    examples: [
      ['ferry report ./app input.txt', 'emulated against hybrid'],
      ['ferry report --native --qemu --html report.html ./app', 'a page for a browser, in one file that loads nothing'],
      ['ferry report --runs=9 --native --qemu --json ./app >report.json', 'all four, for a machine to read'],
    ],
  },
  analyze: {
    summary: 'show which functions would be offloaded, and why',
    operands: '[clang options] <sources...>',
    text: [
      'Compiles the sources as `ferry build` does and prints for each function where it is, the verdict, the reason and the estimated gain. Writes no program.',
    ],
    options: [
      {
        flags: '--offload <choice>',
        doc: 'as for `ferry build`',
        kind: 'one',
        default: 'auto',
        choices: [
          ['auto', 'judge by the cost model'],
          ['all', 'choose all that may leave the guest'],
          ['none', 'choose none'],
        ],
      },
      PROFILE_OPTION,
      {
        flags: '--explain <functions>',
        doc: 'everything that is known of these functions, with their source, instead of the table',
      },
      JSON_OPTION,
    ],
    examples: [
      ['ferry analyze main.c kernel.c', 'the table'],
      ['ferry analyze --explain=parse,emit main.c', 'costs, loops, calls and source of two functions'],
      ['ferry analyze --json src/*.c | jq .functions', 'everything that is known, for a machine to read'],
    ],
  },
  doctor: {
    summary: 'check what ferry needs on this machine',
    operands: '',
    text: [
      'Lists each requirement, whether it is there, its version, and how to get it. Exit status 1 when something required is missing.',
    ],
    options: [JSON_OPTION],
    examples: [['ferry doctor', 'the table']],
  },
  binfmt: {
    summary: 'let the system start RISC-V programs with ferry',
    operands: '',
    text: [
      'Prints the line that registers ferry with binfmt_misc, the part of the Linux kernel that starts programs of other machines: riscv64 ELF files then run as if they were native, from a shell as from any other program. bin/ferry-binfmt is the interpreter that the line names; it is `ferry run` with the arguments as binfmt_misc passes them.',
      'Dynamically linked programs find their libraries through FERRY_SYSROOT. Installing and removing need root. A registration holds until the system restarts; to keep it, write the line to a file in /etc/binfmt.d, from which systemd-binfmt registers it at every start.',
    ],
    options: [
      { flags: '--install', doc: 'register, in place of an earlier registration of ferry' },
      { flags: '--remove', doc: 'take the registration back' },
      { flags: '--status', doc: 'print whether RISC-V programs are registered, and with which interpreter' },
      { flags: '--folder <folder>', doc: 'where binfmt_misc is mounted', default: '/proc/sys/fs/binfmt_misc' },
    ],
    examples: [
      ['ferry binfmt', 'the line'],
      ['sudo ferry binfmt --install && ./app', 'from now on RISC-V programs run by their names'],
      ['ferry binfmt --status', 'exit status 0 when ferry is registered, 1 when it is not'],
      ['ferry binfmt | sudo tee /etc/binfmt.d/ferry-riscv64.conf', 'at every start of the system'],
    ],
  },
}

/** The long flag of a row. */
export const longFlag = ({ flags }: OptionRow): string => /--[a-z0-9-]+/.exec(flags)![0]

/** The name under which the parser gives the value of a row: the long flag in camel case. */
export function optionKey({ flags }: OptionRow): string {
  const name = /--([a-z0-9-]+(=<[a-z]+>)?)/.exec(flags)![1]!.replace(/=<(.*)>/, '-$1')
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
}
