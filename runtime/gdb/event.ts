/** Stop replies (GDB manual, appendix E.3): why the program stands still, or how it ended. */
import { toHex, valueToHex } from './packet.ts'
import { registerOf } from './registers.ts'
import { toGdbSignal } from './signals.ts'
import type { End, Stop } from './target.ts'

/** Registers that every stop carries, so that gdb need not ask: pc, sp, fp. */
const EXPEDITED = [32, 2, 8]

export interface EventContext {
  /** CPU state of the thread that stopped. */
  readonly state: DataView | undefined
  /** How packets name a thread. */
  readonly idOf: (thread: number) => string
  /** What gdb knows (`qSupported`). */
  readonly known: ReadonlySet<string>
  readonly pid: number
}

const byte = (value: number): string => value.toString(16).padStart(2, '0')

export function eventText(event: Stop | End, { state, idOf, known, pid }: EventContext): string {
  if (event.kind !== 'stop') {
    const process = known.has('multiprocess') ? `;process:${pid.toString(16)}` : ''
    const exited = event.kind === 'exited'
    return `${exited ? 'W' : 'X'}${byte(exited ? event.value & 255 : toGdbSignal(event.value))}${process}`
  }
  const registers = EXPEDITED.map(number => {
    const { read, size } = registerOf(number)!
    return state ? `${byte(number)}:${valueToHex(read(state), size)};` : ''
  })
  const thread = `thread:${idOf(event.thread)};`
  return `T${byte(toGdbSignal(event.signal))}${thread}${reasonText(event, known)}${registers.join('')}`
}

/** Empty for a reason that gdb does not know: then it is the signal alone. */
function reasonText({ reason }: Stop, known: ReadonlySet<string>): string {
  if (reason === undefined) return ''
  const { kind, at = '' } = reason
  if (kind === 'exec') return known.has('exec-events') ? `exec:${toHex(Buffer.from(at))};` : ''
  return kind !== 'swbreak' || known.has('swbreak') ? `${kind}:${at};` : ''
}
