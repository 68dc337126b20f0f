/**
 * Every message that ferry ends with, as data. A message says what, where, and what to do.
 * `{name}` places are filled by {@link FerryError}. Exit statuses: 2 wrong use, 1 wrong input or environment, 125 ferry's own failure.
 */
export const DIAGNOSTICS = {
  'elf-missing': { status: 1, text: '{path}: no such file. Give the path of a RISC-V ELF program.' },
  'elf-unreadable': {
    status: 1,
    text: '{path}: can not be read: {reason}. Give the path of a RISC-V ELF program that you may read.',
  },
  'elf-not-elf': {
    status: 1,
    text: '{path}: not an ELF file (it starts with {found}). ferry runs RISC-V (rv64gc) Linux programs.',
  },
  'elf-truncated': {
    status: 1,
    text: '{path}: truncated ELF: {what} ends at byte {need}, the file has {have}. Build or copy it again.',
  },
  'elf-class': { status: 1, text: '{path}: a {found} ELF; ferry needs a 64-bit little-endian one.' },
  'elf-machine': {
    status: 1,
    text: '{path}: built for {found}, not for RISC-V. Build it with `ferry build` or a riscv64 compiler.',
  },
  'elf-type': { status: 1, text: '{path}: an ELF {found}, not an executable. Link it first.' },
  'interpreter-missing': {
    status: 1,
    text: '{path}: dynamically linked, and its interpreter {interpreter} is nowhere (looked for {places}). Give the root of its system with -L, or with FERRY_SYSROOT.',
  },
  'interpreter-unusable': { status: 1, text: '{path}: its interpreter can not be used: {reason}' },
  'sysroot-folder': {
    status: 1,
    text: '-L {path}: {reason}. Give the folder that has the usr, lib and etc of a riscv64 system.',
  },
  'option-needs': { status: 2, text: '{option}: there is nothing to print; give {needs} too.' },
  'option-value': { status: 2, text: '{option}={value}: {advice}.' },
  'option-conflict': { status: 2, text: '{options}: give one of them.' },
  'binfmt-unmounted': {
    status: 1,
    text: '{folder}: binfmt_misc is not mounted there. Mount it as root: mount -t binfmt_misc binfmt_misc {folder}',
  },
  'binfmt-refused': {
    status: 1,
    text: '{path}: can not be written: {reason}. Registering and removing need root: sudo ferry binfmt.',
  },
  'gdb-listen': {
    status: 1,
    text: '--gdb: can not listen on {address}: {reason}. Give another port, or the path of a socket in a folder that you can write to.',
  },
  'perf-map': { status: 1, text: '{path}: can not be written: {reason}. perf finds the map there and nowhere else.' },
  'llvm-missing': {
    status: 1,
    text: 'libLLVM 22 not found ({reason}; tried {tried}). Install it: apt install libllvm22, or set FERRY_LIBLLVM to its path.',
  },
  'llvm-unusable': {
    status: 1,
    text: 'libLLVM has no {name}: {reason}. ferry needs LLVM 22; unset FERRY_LIBLLVM or install libllvm22.',
  },
  'bitcode-invalid': { status: 1, text: '{path}: not a module that LLVM 22 reads: {reason}' },
  'llvm-link': { status: 1, text: '{path}: can not be linked with the other sources: {reason}' },
  'llvm-passes': { status: 125, text: 'the LLVM pipeline {pipeline} failed: {reason}' },
  'llvm-target': { status: 1, text: 'no code generator for {triple}: {reason}. Install libllvm22 with all targets.' },
  'llvm-emit': { status: 125, text: '{path}: LLVM could not generate code: {reason}' },
  'clang-missing': { status: 1, text: 'clang-22 not found ({tried}). Install it: apt install clang-22 lld-22.' },
  'sysroot-missing': {
    status: 1,
    text: 'no RISC-V C library and compiler run-time at {path}. Install them: apt install gcc-12-riscv64-linux-gnu libc6-dev-riscv64-cross.',
  },
  'source-missing': { status: 1, text: '{path}: no such file. Give the path of a C source file.' },
  'source-none': { status: 2, text: 'no source files. Give one or more C files, e.g. `ferry {command} a.c b.c`.' },
  'source-type': { status: 1, text: '{path}: not C source; ferry compiles .c and .i files.' },
  'compile-failed': { status: 1, text: '{path}: clang reported errors (exit status {exit}):\n{output}' },
  'elf-malformed': { status: 1, text: '{path}: malformed ELF: {what}. Build or copy it again.' },
  'elf-no-segments': { status: 1, text: '{path}: an ELF executable with nothing to load. Link it again.' },
  'elf-range': {
    status: 1,
    text: '{path}: linked at {address}, outside of the addresses that a guest can have (0x1000 to 0x3fc0000000). Link it elsewhere.',
  },
  'shared-memory': {
    status: 1,
    text: 'no shared memory for {name}: {call} failed (errno {errno}). Check /dev/shm, ulimit -v and ulimit -f.',
  },
  'executor-missing': {
    status: 1,
    text: '{path}: the executor is not built. Run `npm run build` in the folder of ferry.',
  },
  'hybrid-corrupt': {
    status: 1,
    text: '{path}: its hybrid part is damaged: {reason}. Build it again, or run it with --offload=off.',
  },
  'host-cpu-lacks': {
    status: 1,
    text: '{path}: its host functions are compiled for {cpu}, and this CPU lacks {missing}. Run it with --offload=off, or build it with --host-cpu=x86-64-v3.',
  },
  'offload-name': { status: 2, text: '--offload: {path} has no offloaded function named {name}. It has: {known}.' },
  'check-differs': {
    status: 125,
    text: '--check: {call} gives {host} on the host and {guest} emulated{place}. It was called from guest code at {from}.',
  },
  'verify-differs': {
    status: 125,
    text: '--verify: system call {number} differs.\n  emulated: {emulated}\n    at {place}\n  hybrid:   {hybrid}\n    at {hybridPlace}{what}\nNative code has done something else before it; --offload=<functions> narrows down which.',
  },
  'verify-unsupported': {
    status: 1,
    text: '--verify: {what}{place}: {reason}. Compare what runs with --offload=off and --offload=on write.',
  },
  'verify-not-hybrid': {
    status: 1,
    text: '{path}: no part of it runs natively, so there is nothing to verify: it is no hybrid program, and no hybrid library was mapped. Build it with `ferry build`, or its libraries with `ferry cc`.',
  },
  'verify-file-changed': {
    status: 1,
    text: '--verify: {path}, which the program maps, was changed between the two runs. Run it again when nobody writes to it.',
  },
  'executor-failed': { status: 125, text: 'the executor could not start the guest: {reason}' },
  'arguments-size': { status: 1, text: '{reason}. Give fewer arguments, or a larger --stack-size.' },
  'address-space': {
    status: 1,
    text: 'not enough address space for the guest: {reason}. Lift the limit (ulimit -v unlimited).',
  },
  'file-limit': { status: 1, text: '{step}: a file would be larger than ulimit -f allows. Raise the limit.' },
  'build-option': { status: 2, text: '{option}: {reason}.' },
  'build-option-value': { status: 2, text: '{option}: its value is missing. Give it behind the option.' },
  'tool-missing': { status: 1, text: '{tool} not found. Install it: apt install {package}.' },
  'tool-failed': { status: 1, text: '{step} failed ({tool}):\n{output}' },
  'disk-full': {
    status: 1,
    text: '{step}: no space left on the device. Free some, or set TMPDIR to a folder on another one.',
  },
  'output-unwritable': { status: 1, text: '{path}: can not be written: {reason}. Give a path that you can write to.' },
  'output-failed': { status: 1, text: 'standard output can not be written: {reason}. The output is not complete.' },
  'output-is-input': { status: 2, text: '{path}: is an input as well; nothing was written. Give -o another path.' },
  'temporary-folder': {
    status: 1,
    text: '{path}: no temporary files can be written there: {reason}. Set TMPDIR to a folder that you can write to.',
  },
  'host-cpu': {
    status: 2,
    text: '--host-cpu={cpu}: clang-22 knows no such processor. Give a name that its -march takes, for example x86-64-v3.',
  },
  'host-internal': { status: 125, text: 'the host module is malformed after {after}: {problem}' },
  'native-objects': {
    status: 1,
    text: '{path}: an object or archive of the guest can not be linked into the native program. Build the program for this machine and name it: --native=<program>.',
  },
  'native-sources': {
    status: 1,
    text: 'the program was linked under `ferry cc`, which does not know the sources of its objects. Build it for this machine with its own build system and name that: --native=<program>.',
  },
  'native-program': {
    status: 1,
    text: '{path}: {reason}. Give --native= the program as it was built for this machine.',
  },
  'report-not-hybrid': {
    status: 1,
    text: '{path}: no part of it runs natively, so there is nothing to compare: it is not a hybrid binary. Build it with `ferry build` (`ferry analyze` says what can be offloaded).',
  },
  'report-failed': { status: 1, text: 'the {run} run could not be made: {reason}' },
  'report-differs': {
    status: 1,
    text: '{path}: the {run} run does not do what the emulated run does: {what}. Compare what they wrote: {first} (emulated), {second} ({run}).',
  },
  'report-unstable': {
    status: 1,
    text: '{path}: two emulated runs differ, without offloading: {what}. Runs whose output depends on time, process number or chance can not be compared; compare what they wrote: {first}, {second}.',
  },
  'profile-unusable': {
    status: 1,
    text: '--profile {path}: {reason}. Write one with `ferry run --profile=<file> <app>`.',
  },
  'input-unreadable': { status: 1, text: '{path}: can not be read as standard input: {reason}' },
} as const satisfies Record<string, { status: number; text: string }>

export type DiagnosticId = keyof typeof DIAGNOSTICS

/** An error with an entry in {@link DIAGNOSTICS}; the command line prints its message without a stack trace. */
export class FerryError extends Error {
  readonly id: DiagnosticId
  readonly status: number
  constructor(id: DiagnosticId, values: Readonly<Record<string, string | number>> = {}) {
    const { text, status } = DIAGNOSTICS[id]
    super(text.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? `{${name}}`)))
    this.name = 'FerryError'
    this.id = id
    this.status = status
  }
}
