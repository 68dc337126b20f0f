/**
 * The commands of the GDB remote serial protocol (GDB manual, appendix E.2 to E.4) over a {@link Target}, in all-stop mode.
 * One packet in, at most one out: what lets the program run is answered when it stops again.
 */
import { HostFiles } from './host-files.ts'
import { fromHex, LARGEST_PACKET, toBytes, toHex, valueFromHex, valueToHex } from './packet.ts'
import { REGISTERS, registerOf, targetDescription } from './registers.ts'
import { parseActions } from './resume.ts'
import { fromGdbSignal, toGdbSignal } from './signals.ts'
import type { End, Stop, Target } from './target.ts'

const OK = 'OK'
const UNSUPPORTED = ''
/** Error numbers mean nothing to gdb; these are Linux' EINVAL and EFAULT. */
const INVALID = 'E16'
const FAULT = 'E0e'
/** Registers that every stop carries, so that gdb need not ask: pc, sp, fp. */
const EXPEDITED = [32, 2, 8]
const FEATURES = [
  `PacketSize=${LARGEST_PACKET.toString(16)}`,
  ...['QStartNoAckMode', 'QPassSignals', 'vContSupported', 'swbreak', 'exec-events', 'qXfer:features:read'],
  ...['qXfer:auxv:read', 'qXfer:exec-file:read', 'qXfer:threads:read', 'qXfer:siginfo:read'],
]

type Command = (rest: string) => string | undefined

const hex = (value: number): string => value.toString(16)
const parseHex = (digits: string): number => (/^[0-9a-f]+$/i.test(digits) ? Number.parseInt(digits, 16) : Number.NaN)

export class Stub {
  readonly #target: Target
  readonly #files: HostFiles
  #last: Stop | End
  /** Thread of register packets (Hg). */
  #current: number
  /** Thread of s and c (Hc), 0 = any. */
  #resumed = 0
  readonly #documents: Readonly<Record<string, (annex: string) => string | undefined>>

  /** @param stop why the program stands still now. */
  constructor(target: Target, stop: Stop) {
    this.#target = target
    this.#last = stop
    this.#current = stop.thread
    this.#files = new HostFiles(path => target.hostPath(path))
    this.#documents = {
      features: annex => (annex === 'target.xml' ? targetDescription() : undefined),
      auxv: () => Buffer.from(target.auxiliaryVector()).toString('latin1'),
      'exec-file': () => toBytes(target.path),
      threads: () => this.#threadsDocument(),
      siginfo: () => {
        const info = target.signalInfo(this.#current)
        return info && Buffer.from(info).toString('latin1')
      },
    }
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
    if (last.kind !== 'stop') {
      const value = last.kind === 'exited' ? last.value & 255 : toGdbSignal(last.value)
      return `${last.kind === 'exited' ? 'W' : 'X'}${hex(value).padStart(2, '0')}`
    }
    const state = this.#target.state(last.thread)
    const registers = state
      ? EXPEDITED.map(number => {
          const { read, size } = registerOf(number)!
          return `${hex(number).padStart(2, '0')}:${valueToHex(read(state), size)};`
        })
      : []
    const why = last.reason ? `${last.reason.kind}:${this.#reasonText(last.reason)};` : ''
    const signal = hex(toGdbSignal(last.signal)).padStart(2, '0')
    return `T${signal}thread:${hex(last.thread)};${why}${registers.join('')}`
  }

  #reasonText({ kind, at = '' }: NonNullable<Stop['reason']>): string {
    return kind === 'exec' ? toHex(Buffer.from(at)) : at
  }

  readonly commands = {
    lastEvent: (): string => this.#lastEvent(),

    readRegisters: (): string => {
      const state = this.#target.state(this.#current)
      return state ? REGISTERS.map(({ read, size }) => valueToHex(read(state), size)).join('') : INVALID
    },
    writeRegisters: (rest: string): string => {
      const state = this.#target.state(this.#current)
      if (!state) return INVALID
      let at = 0
      for (const { write, size } of REGISTERS) {
        const digits = rest.slice(at, at + size * 2)
        if (/^[0-9a-f]+$/i.test(digits) && digits.length === size * 2) write(state, valueFromHex(digits))
        at += size * 2
      }
      return OK
    },
    readRegister: (rest: string): string => {
      const state = this.#target.state(this.#current)
      const register = registerOf(parseHex(rest))
      return state && register ? valueToHex(register.read(state), register.size) : INVALID
    },
    writeRegister: (rest: string): string => {
      const [number, value] = rest.split('=')
      const state = this.#target.state(this.#current)
      const register = registerOf(parseHex(number!))
      if (!state || !register || value?.length !== register.size * 2) return INVALID
      register.write(state, valueFromHex(value))
      return OK
    },

    readMemory: (rest: string): string => {
      const [address, length] = rest.split(',').map(parseHex)
      if (!Number.isSafeInteger(address) || !Number.isSafeInteger(length)) return FAULT
      const bytes = this.#target.readMemory(address!, Math.min(length!, LARGEST_PACKET / 2))
      return bytes.length === 0 && length! > 0 ? FAULT : toHex(bytes)
    },
    writeMemory: (rest: string): string => {
      const [, address, digits] = /^([^,]*),[^:]*:(.*)$/s.exec(rest) ?? []
      return this.#writeMemory(address, fromHex(digits ?? ''))
    },
    writeBinary: (rest: string): string => {
      const [, address, text] = /^([^,]*),[^:]*:(.*)$/s.exec(rest) ?? []
      return this.#writeMemory(address, Buffer.from(text ?? '', 'latin1'))
    },

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
      const thread = rest.slice(1).startsWith('-') ? 0 : parseHex(rest.slice(1))
      if (thread > 0 && !this.#alive(thread)) return INVALID
      if (rest[0] === 'g' && thread > 0) this.#current = thread
      if (rest[0] === 'c') this.#resumed = thread
      return OK
    },
    alive: (rest: string): string => (this.#alive(parseHex(rest)) ? OK : INVALID),
    current: (): string => `QC${hex(this.#current)}`,
    threads: (): string =>
      `m${this.#target
        .threads()
        .map(({ id }) => hex(id))
        .join(',')}`,
    threadName: (rest: string): string => {
      const id = parseHex(rest)
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
    /** qXfer:object:read:annex:offset,length */
    transfer: (rest: string): string => {
      const [, object, annex, offset, length] = /^([^:]*):read:(.*):([^:,]*),([^:,]*)$/.exec(rest) ?? []
      const document = this.#documents[object ?? '']?.(annex!)
      if (document === undefined) return object !== undefined && object in this.#documents ? 'E00' : UNSUPPORTED
      const start = parseHex(offset!)
      const part = document.slice(start, start + Math.min(parseHex(length!), LARGEST_PACKET - 1))
      return `${start + part.length < document.length ? 'm' : 'l'}${part}`
    },
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
    features: (): string => FEATURES.map(name => (name.includes('=') ? name : `${name}+`)).join(';'),
  }

  #alive(thread: number): boolean {
    return this.#target.threads().some(({ id }) => id === thread)
  }

  #writeMemory(digits: string | undefined, bytes: Uint8Array): string {
    const address = parseHex(digits ?? '')
    if (!Number.isSafeInteger(address)) return FAULT
    return bytes.length === 0 || this.#target.writeMemory(address, bytes) ? OK : FAULT
  }

  #threadsDocument(): string {
    const rows = this.#target.threads().map(({ id, name }) => `<thread id="${hex(id)}" name="${escapeXml(name)}"/>`)
    return toBytes(`<?xml version="1.0"?>\n<threads>\n${rows.join('\n')}\n</threads>\n`)
  }
}

const escapeXml = (text: string): string => text.replace(/[&<>"]/g, character => `&#${character.charCodeAt(0)};`)

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
  ['g', ({ commands }) => commands.readRegisters],
  ['G', ({ commands }) => commands.writeRegisters],
  ['p', ({ commands }) => commands.readRegister],
  ['P', ({ commands }) => commands.writeRegister],
  ['m', ({ commands }) => commands.readMemory],
  ['M', ({ commands }) => commands.writeMemory],
  ['X', ({ commands }) => commands.writeBinary],
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
