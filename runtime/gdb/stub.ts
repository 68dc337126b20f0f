/**
 * The commands of the GDB remote serial protocol (GDB manual, appendix E.2 to E.4) over a {@link Target}, in all-stop mode.
 * One packet in, at most one out: what lets the program run is answered when it stops again.
 */
import { DataCommands } from './data.ts'
import { DOCUMENT_FEATURES, Documents } from './documents.ts'
import { eventText } from './event.ts'
import { HostFiles } from './host-files.ts'
import { INVALID, LARGEST_PACKET, OK, parseHex, toHex } from './packet.ts'
import { registerOf } from './registers.ts'
import { parseActions } from './resume.ts'
import { fromGdbSignal } from './signals.ts'
import type { End, Stop, Target } from './target.ts'
import { formatThread, parseThread } from './thread-id.ts'

const UNSUPPORTED = ''
const FEATURES = [
  `PacketSize=${LARGEST_PACKET.toString(16)}`,
  ...['QStartNoAckMode', 'QPassSignals', 'vContSupported', 'multiprocess', 'swbreak', 'exec-events'].map(
    name => `${name}+`,
  ),
  ...DOCUMENT_FEATURES.map(name => `${name}+`),
].join(';')

type Command = (rest: string) => string | undefined

const hex = (value: number): string => value.toString(16)

export class Stub {
  readonly #target: Target
  readonly #files: HostFiles
  #last: Stop | End
  /** Thread of register packets (Hg). */
  #current: number
  /** Thread of s and c (Hc), 0 = any. */
  #resumed = 0
  /** What gdb knows (`qSupported`). */
  #known: ReadonlySet<string> = new Set()
  readonly #documents: Documents
  readonly data: DataCommands

  /** @param stop why the program stands still now. */
  constructor(target: Target, stop: Stop) {
    this.#target = target
    this.#last = stop
    this.#current = stop.thread
    this.#files = new HostFiles(path => target.hostPath(path))
    this.#documents = new Documents(
      target,
      () => this.#current,
      thread => this.#idOf(thread),
    )
    this.data = new DataCommands(target, () => this.#current)
  }

  /** Closes what gdb opened. */
  close(): void {
    this.#files.close()
  }

  /** What to tell gdb when the program stops or ends. */
  report(event: Stop | End): string {
    this.#last = event
    if (event.kind === 'stop') {
      this.#current = event.thread
      this.#resumed = 0
    }
    return this.#lastEvent()
  }

  /** The answer to a packet; undefined when it comes later, or never. */
  answer(packet: string): string | undefined {
    const known = COMMANDS.find(([prefix]) => packet.startsWith(prefix))
    if (known === undefined) return UNSUPPORTED
    const [prefix, method] = known
    return method(this)(packet.slice(prefix.length))
  }

  #lastEvent(): string {
    const last = this.#last
    const state = last.kind === 'stop' ? this.#target.state(last.thread) : undefined
    const idOf = (thread: number): string => this.#idOf(thread)
    return eventText(last, { state, idOf, known: this.#known, pid: this.#target.pid })
  }

  #idOf(thread: number): string {
    return formatThread(this.#known.has('multiprocess') ? this.#target.pid : undefined, thread)
  }

  readonly commands = {
    lastEvent: (): string => this.#lastEvent(),

    insert: (rest: string): string => {
      const [kind, address, length] = rest.split(';')[0]!.split(',').map(parseHex)
      if (!Number.isSafeInteger(address)) return INVALID
      return this.#target.insert(kind!, address!, length!) ? OK : UNSUPPORTED
    },
    remove: (rest: string): string => {
      const [kind, address, length] = rest.split(',').map(parseHex)
      if (!Number.isSafeInteger(address)) return INVALID
      this.#target.remove(kind!, address!, length!)
      return OK
    },

    /** vCont;action[:thread]… */
    resume: (rest: string): string | undefined => {
      const ids = this.#target.threads().map(({ id }) => id)
      const actions = parseActions(rest, ids)
      if (actions === undefined) return INVALID
      this.#target.resume(actions)
      return undefined
    },
    /** s, c [address] and S, C signal[;address]: the thread of Hc (or of the last stop) does it, the others go on. */
    resumeOne: (rest: string, kind: 'step' | 'continue', signalled: boolean): string | undefined => {
      const [first = '', second] = rest.split(';')
      const address = signalled ? second : first
      const thread = this.#resumed > 0 ? this.#resumed : this.#current
      const state = this.#target.state(thread)
      if (!state) return INVALID
      if (address) registerOf(32)!.write(state, BigInt(`0x${address}`))
      const signal = signalled ? fromGdbSignal(parseHex(first)) : 0
      const others = this.#target.threads().filter(({ id }) => id !== thread)
      this.#target.resume([
        { thread, kind, signal },
        ...others.map(({ id }) => ({ thread: id, kind: 'continue' as const, signal: 0 })),
      ])
      return undefined
    },

    selectThread: (rest: string): string => {
      const thread = Math.max(parseThread(rest.slice(1)), 0)
      if (Number.isNaN(thread) || (thread > 0 && !this.#alive(thread))) return INVALID
      if (rest[0] === 'g' && thread > 0) this.#current = thread
      if (rest[0] === 'c') this.#resumed = thread
      return OK
    },
    alive: (rest: string): string => (this.#alive(parseThread(rest)) ? OK : INVALID),
    current: (): string => `QC${this.#idOf(this.#current)}`,
    threads: (): string =>
      `m${this.#target
        .threads()
        .map(({ id }) => this.#idOf(id))
        .join(',')}`,
    threadName: (rest: string): string => {
      const id = parseThread(rest)
      const name = this.#target.threads().find(thread => thread.id === id)?.name
      return name === undefined ? INVALID : toHex(Buffer.from(name))
    },

    passSignals: (rest: string): string => {
      this.#target.passSignals(new Set(rest.split(';').map(digits => fromGdbSignal(parseHex(digits)))))
      return OK
    },
    offsets: (): string => {
      const bias = hex(this.#target.bias)
      return `Text=${bias};Data=${bias};Bss=${bias}`
    },
    transfer: (rest: string): string => this.#documents.answer(rest),
    file: (rest: string): string => this.#files.answer(rest),

    interrupt: (): string => {
      this.#target.interrupt()
      return OK
    },
    kill: (): string => {
      this.#target.kill()
      return OK
    },
    detach: (): string => {
      this.#target.detach()
      return OK
    },
    /** qSupported:feature+;feature-;name=value… */
    features: (rest: string): string => {
      const words = rest.slice(1).split(';')
      this.#known = new Set(words.filter(word => word.endsWith('+')).map(word => word.slice(0, -1)))
      return FEATURES
    },
  }

  #alive(thread: number): boolean {
    return this.#target.threads().some(({ id }) => id === thread)
  }
}

/** What a packet starts with, and what answers the rest. The first that fits counts. */
const COMMANDS: readonly (readonly [prefix: string, command: (stub: Stub) => Command])[] = [
  ['?', ({ commands }) => commands.lastEvent],
  ['QStartNoAckMode', () => () => OK],
  ['QPassSignals:', ({ commands }) => commands.passSignals],
  ['qSupported', ({ commands }) => commands.features],
  ['qSymbol', () => () => OK],
  ['qAttached', () => () => '0'],
  ['qOffsets', ({ commands }) => commands.offsets],
  ['qfThreadInfo', ({ commands }) => commands.threads],
  ['qsThreadInfo', () => () => 'l'],
  ['qThreadExtraInfo,', ({ commands }) => commands.threadName],
  ['qXfer:', ({ commands }) => commands.transfer],
  [
    'qC',
    ({ commands }) =>
      rest =>
        rest === '' ? commands.current() : UNSUPPORTED,
  ],
  ['vCont?', () => () => 'vCont;c;C;s;S;r'],
  ['vCont;', ({ commands }) => commands.resume],
  [
    'vCtrlC',
    ({ commands }) =>
      rest =>
        rest === '' ? commands.interrupt() : UNSUPPORTED,
  ],
  ['vFile:', ({ commands }) => commands.file],
  ['vKill', ({ commands }) => commands.kill],
  ['vMustReplyEmpty', () => () => UNSUPPORTED],
  [
    'g',
    ({ data }) =>
      () =>
        data.readRegisters(),
  ],
  [
    'G',
    ({ data }) =>
      rest =>
        data.writeRegisters(rest),
  ],
  [
    'p',
    ({ data }) =>
      rest =>
        data.readRegister(rest),
  ],
  [
    'P',
    ({ data }) =>
      rest =>
        data.writeRegister(rest),
  ],
  [
    'm',
    ({ data }) =>
      rest =>
        data.readMemory(rest),
  ],
  [
    'M',
    ({ data }) =>
      rest =>
        data.writeMemory(rest),
  ],
  [
    'X',
    ({ data }) =>
      rest =>
        data.writeBinary(rest),
  ],
  ['Z', ({ commands }) => commands.insert],
  ['z', ({ commands }) => commands.remove],
  [
    's',
    ({ commands }) =>
      rest =>
        commands.resumeOne(rest, 'step', false),
  ],
  [
    'c',
    ({ commands }) =>
      rest =>
        commands.resumeOne(rest, 'continue', false),
  ],
  [
    'S',
    ({ commands }) =>
      rest =>
        commands.resumeOne(rest, 'step', true),
  ],
  [
    'C',
    ({ commands }) =>
      rest =>
        commands.resumeOne(rest, 'continue', true),
  ],
  ['H', ({ commands }) => commands.selectThread],
  ['T', ({ commands }) => commands.alive],
  ['D', ({ commands }) => commands.detach],
  ['k', ({ commands }) => commands.kill],
]
