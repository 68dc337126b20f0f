/** The requests of the executors: whose they are, and what the handlers' answers are in words. */
import { existsSync } from 'node:fs'
import type { FerryError } from '../base/diagnostics.ts'
import { PLACES, REQUEST, TRAP } from '../base/layout.ts'
import { type Death, deathOf } from './death.ts'
import { failureOf, type SessionHandlers } from './handlers.ts'
import type { ControlBlock } from './mailbox.ts'
import { GuestProcess } from './process.ts'
import type { ProcessTable } from './process-table.ts'
import type { Space } from './space.ts'
import { toStandardError } from './standard-error.ts'
import type { ThreadSlot } from './thread-slot.ts'

/** Until the end of a process that has said so is looked at, in milliseconds. */
const EXIT_PAUSE = 50

export class Requests {
  /** How many of each kind (REQUEST) were answered. */
  readonly counts = new Map<number, number>()
  /** What the first process died of. */
  death: Death | undefined
  /** Why the first process could not go on. */
  failure: FerryError | undefined
  /** The first program was loaded. */
  loaded = false
  /** The process that used each slot last: a vfork child uses its parent's. */
  readonly last: GuestProcess[] = []
  readonly #control: ControlBlock
  readonly #processes: ProcessTable
  readonly #handlers: SessionHandlers
  readonly #name: string

  /** @param name names the first program in messages */
  constructor(control: ControlBlock, processes: ProcessTable, handlers: SessionHandlers, name: string) {
    this.#control = control
    this.#processes = processes
    this.#handlers = handlers
    this.#name = name
  }

  /** Answers the request that waits in a slot. */
  handle(slot: ThreadSlot): void {
    this.counts.set(slot.kind, (this.counts.get(slot.kind) ?? 0) + 1)
    slot.clearResults()
    const process = this.#processOf(slot)
    try {
      this.#answer(slot, process)
    } catch (error) {
      // whoever is killed while it waits for an answer can not be looked at
      this.#processes.prune(this.#control)
      if (process === undefined || this.#processes.get(process.pid) === process) throw error
    }
  }

  /** Makes the translation that the thread of a slot wants. */
  want(slot: ThreadSlot): void {
    const process = this.#processes.get(slot.process)
    const [pc, start, end] = [0, 1, 2].map(index => slot.wanted(index)) as [number, number, number]
    if (process) this.#handlers.want?.(process, pc, start, end)
    slot.settle()
  }

  get #initial(): number {
    return this.#control.get('initial')
  }

  #processOf(slot: ThreadSlot): GuestProcess | undefined {
    const known = this.#processes.get(slot.process) ?? this.last[slot.number]
    let process: GuestProcess | undefined = known
    if (slot.kind === REQUEST.PROGRAM) process = new GuestProcess(slot.process)
    else if (slot.kind === REQUEST.FORK) {
      const parent = this.#processes.parent(slot.arg(1), slot.arg(0))
      process = parent && GuestProcess.forkOf(parent, slot.process)
    }
    if (process === undefined) return undefined
    if (process !== known) this.#processes.add(process)
    this.last[slot.number] = process
    return process
  }

  #answer(slot: ThreadSlot, process: GuestProcess | undefined): void {
    if (slot.kind === REQUEST.FAILED) return this.#failed(slot, process)
    if (process === undefined) throw new RangeError(`request ${slot.kind} of process ${slot.process}, which is unknown`)
    const handlers = this.#handlers
    const number = (index: number): number => slot.arg(index)
    switch (slot.kind) {
      case REQUEST.PROGRAM:
        return this.#program(slot, process)
      case REQUEST.READY:
        return this.#ready(slot, process)
      case REQUEST.FORK:
        openMemory(process, slot)
        slot.setResult(3, process.image)
        return send(slot, handlers.fork(process, this.#processes.parent(slot.arg(1), slot.arg(0))!, number(2)))
      case REQUEST.MOVED:
        return handlers.moved(process)
      case REQUEST.MAPPED: {
        const [device, inode, time, offset] = [2, 3, 4, 5].map(index => slot.argBig(index)) as [
          bigint,
          bigint,
          bigint,
          bigint,
        ]
        const mapped = { start: number(0), length: number(1), device, inode, time, offset }
        send(slot, handlers.mapped(process, mapped))
        const references = handlers.library?.(process, mapped)
        slot.text = handlers.said?.() ?? ''
        return references === undefined ? undefined : offer(slot, process, references)
      }
      case REQUEST.HOSTED:
        process.releaseHostObject()
        return send(
          slot,
          handlers.hosted?.(process, { references: number(0), functions: number(1), thunks: number(2) }),
        )
      case REQUEST.PLACE:
        return slot.setResult(0, handlers.place(slot.argBig(0), slot.argBig(1), slot.argBig(2), number(3)))
      case REQUEST.RESOLVE: {
        const found = handlers.resolve(process, number(0), number(1), number(2), number(3) !== 0)
        if (typeof found === 'object') return send(slot, found)
        return slot.setResult(0, found < 0 ? 0 : PLACES.CODE_CACHE + found)
      }
      case REQUEST.LOCATE: {
        const location = handlers.locate(process, number(0) - PLACES.CODE_CACHE)
        const words = location?.fixups.map(({ register, kind, host }) => register | (kind << 8) | (host << 16)) ?? []
        slot.setResult(1, slot.setWords(words))
        return slot.setResult(0, location?.pc ?? 0)
      }
      case REQUEST.INVALIDATE:
        process.memory.forget(number(0), number(1))
        return send(slot, handlers.invalidate(process, number(0), number(1), number(2) === 1))
      case REQUEST.INTERPRET: {
        const result = handlers.interpret?.(process, slot.state) ?? { answer: TRAP.ILLEGAL }
        if (!('answer' in result)) return send(slot, result)
        slot.setResult(1, result.address ?? 0)
        return slot.setResult(0, result.answer)
      }
      case REQUEST.ROUNDING:
        return send(slot, handlers.oddRounding?.(process))
      case REQUEST.TRACE:
        return handlers.trace?.(
          process,
          Array.from({ length: 8 }, (_, index) => slot.argBig(index)),
          slot,
        )
      case REQUEST.DEBUG:
        return handlers.debug?.(process, slot)
      case REQUEST.DIFFERS:
        this.failure ??= handlers.differs?.(process, number(0), number(1), number(2))
        return
      case REQUEST.DIED: {
        const death = deathOf(slot, process.memory)
        if (slot.process === this.#initial) this.death = death
        slot.text = handlers.died?.(process, death) ?? ''
        return
      }
      case REQUEST.EXIT:
        slot.setResult(0, handlers.exit?.(process, number(0)) ? 1 : 0)
        if (this.#processes.plural) setTimeout(() => this.#processes.prune(this.#control), EXIT_PAUSE).unref()
        return
      default:
        throw new RangeError(`request ${slot.kind} of the executor is unknown`)
    }
  }

  #program(slot: ThreadSlot, process: GuestProcess): void {
    openMemory(process, slot)
    if (process.pid === this.#initial) this.death = undefined
    slot.setResult(3, process.image)
    const answer = this.#handlers.program(process, slot.text)
    if (typeof answer === 'string') return refuse(slot, answer)
    offer(slot, process, answer.references ?? 0)
    send(slot, answer.space)
  }

  #ready(slot: ThreadSlot, process: GuestProcess): void {
    const [pid, entry, functions, thunks, bias] = [0, 1, 2, 3, 4].map(index => slot.arg(index))
    if (process.pid === this.#initial) this.loaded = true
    process.info = { pid: pid!, entry: entry!, functions: functions!, thunks: thunks!, bias: bias! }
    process.releaseHostObject()
    const refusal = this.#handlers.ready(process, process.info)
    if (refusal !== undefined) refuse(slot, refusal)
  }

  #failed(slot: ThreadSlot, process: GuestProcess | undefined): void {
    const failure = failureOf(slot.text, this.#name)
    slot.text = `ferry: ${failure.message}`
    if (slot.process === this.#initial || process === undefined) this.failure ??= failure
    else toStandardError(`ferry: ${failure.message}\n`)
  }
}

/** Tells of the process's host object, and where its reference table is. */
function offer(slot: ThreadSlot, { hostObject }: GuestProcess, references: number): void {
  slot.setResult(1, hostObject?.memory.number ?? 0)
  slot.setResult(4, hostObject?.length ?? 0)
  slot.setResult(2, references)
}

/** By the thread that asks, when it is one of the process: the first one may have ended, and has no memory any more. */
function openMemory({ memory, pid }: GuestProcess, { owner }: ThreadSlot): void {
  memory.open(existsSync(`/proc/${pid}/task/${owner}`) ? owner : pid)
}

function refuse(slot: ThreadSlot, reason: string): void {
  slot.setResult(0, 1)
  slot.text = reason
}

/** The process has to go on in this space; undefined: where it is. */
function send(slot: ThreadSlot, space: Space | undefined): void {
  if (space === undefined) return
  for (const [index, word] of space.words.entries()) slot.setResult(6 + index, word)
}
