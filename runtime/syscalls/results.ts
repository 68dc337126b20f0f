/** What stands behind the `=` of a traced call. */
import { descriptorSet, printPriority } from './arguments.ts'
import { flagName, printFlags } from './flags.ts'
import { type ReadMemory, view } from './memory.ts'
import { printError, printSignal } from './names.ts'
import { STRUCTS } from './structs.ts'
import type { SystemCall } from './table.ts'
import { failed, hex, int, octal, signed } from './text.ts'

interface Call {
  readonly row: SystemCall
  readonly args: readonly bigint[]
  readonly read: ReadMemory
}

const POINTERS = new Set(['brk', 'mmap', 'mremap', 'shmat'])

/** `left {tv_sec=0, tv_nsec=5}`: what the kernel left of the timeout. */
function left({ read }: Call, address: bigint): string[] {
  const bytes = view(read, address, 16)
  return bytes ? [`left ${STRUCTS.timespec!.print(bytes)}`] : []
}

function polled(call: Call): string {
  const [address = 0n, count = 0n, timeout = 0n] = call.args
  const size = STRUCTS.pollfdOut!.size
  const bytes = view(call.read, address, Number(BigInt.asUintN(16, count)) * size)
  const ready = Array.from({ length: (bytes?.byteLength ?? 0) / size }, (_, i) => i)
    .filter(i => bytes!.getUint16(i * size + 6, true) !== 0)
    .map(i => STRUCTS.pollfdOut!.print(new DataView(bytes!.buffer, bytes!.byteOffset + i * size, size)))
  return [`[${ready.join(', ')}]`, ...left(call, timeout)].join(', ')
}

function selected(call: Call): string {
  const limit = int(call.args[0]!)
  const sets = (['in', 'out', 'except'] as const).flatMap((name, i) => {
    const found = descriptorSet(call.read, call.args[i + 1]!, limit)
    return found && found.length > 0 ? [`${name} [${found.join(' ')}]`] : []
  })
  return [...sets, ...left(call, call.args[4]!)].join(', ')
}

function controlled(call: Call, result: number): string {
  switch (flagName('fcntl', int(call.args[1]!))) {
    case 'F_GETFD':
      return result === 0 ? '0' : `${hex(result)} (flags ${result === 1 ? 'FD_CLOEXEC' : hex(result)})`
    case 'F_GETFL':
      return `${hex(result)} (flags ${printFlags('open', result)})`
    case 'F_GET_SEALS':
      return result === 0 ? '0' : `${hex(result)} (seals ${printFlags('seals', result)})`
    case 'F_GETSIG':
      return result === 0 ? '0' : `${result} (${printSignal(result)})`
    case 'F_GETLEASE':
      return `${hex(result)} (${printFlags('lockType', result)})`
    default:
      return String(result)
  }
}

const NAMED: Readonly<Record<string, (call: Call, result: bigint) => string>> = {
  umask: (_, result) => octal(result),
  personality: (_, result) => `${hex(result)} (${printFlags('personality', int(result))})`,
  sched_getscheduler: (_, result) => `${result} (${printFlags('scheduler', int(result))})`,
  ioprio_get: (_, result) => `${result} (${printPriority(int(result))})`,
  rt_sigtimedwait: (_, result) => `${result} (${printSignal(int(result))})`,
  membarrier: ({ args }, result) =>
    int(args[0]!) === 0 ? `${hex(result)} (${printFlags('membarrierSet', int(result))})` : String(result),
  fcntl: (call, result) => controlled(call, int(result)),
  prctl: (call, result) =>
    flagName('prctl', int(call.args[0]!)) === 'PR_GET_DUMPABLE'
      ? `${result} (${printFlags('dumpable', int(result))})`
      : String(signed(result)),
  ppoll: (call, result) => `${result} (${result === 0n ? 'Timeout' : polled(call)})`,
  pselect6: (call, result) => `${result} (${result === 0n ? 'Timeout' : selected(call)})`,
}

const EINTR = 4
/** HOST_CALL_NOT_STARTED of the executor. */
const NOT_STARTED = -513n
/** Calls that the kernel starts again when no handler was entered, and those that it goes on with. */
const NO_HANDLER = new Set(['rt_sigsuspend', 'ppoll', 'pselect6'])
const GOES_ON = new Set(['nanosleep', 'clock_nanosleep'])

/** What the kernel answers inside where the program sees EINTR, or nothing because the call starts again. */
function printInterruption({ name, interruption }: SystemCall): string {
  if (NO_HANDLER.has(name)) return '? ERESTARTNOHAND (To be restarted if no handler)'
  if (GOES_ON.has(name)) return '? ERESTART_RESTARTBLOCK (Interrupted by signal)'
  if (interruption === 'restart') return '? ERESTARTSYS (To be restarted if SA_RESTART is set)'
  return `-1 ${printError(EINTR)}`
}

/** The text of a result. */
export function printResult(call: Call, result: bigint): string {
  const { name } = call.row
  if (signed(result) === NOT_STARTED) return '? ERESTARTNOINTR (To be restarted)'
  if (signed(result) === -BigInt(EINTR)) return printInterruption(call.row)
  if (failed(result)) return `-1 ${printError(Number(-signed(result)))}`
  if (POINTERS.has(name)) return hex(result)
  return NAMED[name]?.(call, result) ?? String(signed(result))
}
