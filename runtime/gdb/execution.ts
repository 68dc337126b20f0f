/** How threads go on when they can not just be released: one that steps, and all of them while data is watched. */
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises'
import type { GuestProcess } from '../process.ts'
import { SIGTRAP } from './signals.ts'
import { interpretSteps, type Stepped, type Watchpoint } from './step.ts'
import type { Action, Stop } from './target.ts'
import type { DebuggedThread } from './thread.ts'
import type { Threads } from './threads.ts'

/** Most steps that one thread makes before the others get a turn, and the turn's length in milliseconds. */
const STEPS = 2000
const TURN = 2
/** A thread may have to be released again: the first look at code that is not translated enters the executor. */
const TRIES = 4

/** What goes on between two stops that gdb hears of. */
export interface Execution {
  readonly threads: Threads
  readonly process: GuestProcess
  readonly watchpoints: readonly Watchpoint[]
  /** Steps since the other threads had a turn. */
  readonly since: { steps: number }
  /** Nothing has stopped it. */
  current(): boolean
  stop(stop: Stop): void
}

export type ThreadAction = Omit<Action, 'thread'> & { readonly thread: DebuggedThread }

const stepStop = ({ id }: DebuggedThread): Stop => ({ kind: 'stop', thread: id, signal: SIGTRAP })

/** Executes instructions of a thread, by the interpreter as far as it can. */
function interpret(
  execution: Execution,
  thread: DebuggedThread,
  limit: number,
  done: (pc: number) => boolean,
): Stepped {
  const { process, watchpoints } = execution
  return interpretSteps(thread.slot.state, { pid: process.pid, memory: process.memory, watchpoints, limit, done })
}

/** Whether the action has brought its thread where it should be. */
function isDone({ process: { breakpoints } }: Execution, { kind, start = 0, end = 0 }: ThreadAction) {
  return (pc: number): boolean => {
    if (kind === 'continue') return breakpoints.has(pc)
    return kind === 'step' || pc < start || pc >= end || breakpoints.has(pc)
  }
}

/**
 * Steps one thread while the others stand still; they get a turn now and then, because the thread may wait for them.
 * @param releaseOthers lets those others go on that should
 */
export async function step(execution: Execution, action: ThreadAction, releaseOthers: () => void): Promise<void> {
  const { thread, kind } = action
  const done = isDone(execution, action)
  const others = (): void => {
    execution.since.steps = 0
    releaseOthers()
  }
  if (!thread.held) {
    // in a system call: the step ends where that returns
    others()
    await thread.stands()
    return execution.current() ? execution.stop(stepStop(thread)) : undefined
  }
  if (!(await deliverSignal(execution, action))) return
  for (let tries = 0; ; ) {
    const { pc } = thread
    const limit = kind === 'step' ? 1 : STEPS
    const outcome = interpret(execution, thread, limit, done)
    execution.since.steps += limit
    if (outcome === 'executor') {
      others()
      const stands = thread.stands()
      thread.releaseOnce()
      await stands
      if (!execution.current()) return
      if (thread.pc === pc && ++tries < TRIES) continue
    } else if (execution.since.steps >= STEPS) {
      others()
      await sleep(TURN)
      if (!execution.current()) return
    }
    if (outcome === 'done' || done(thread.pc)) return execution.stop(stepStop(thread))
    tries = 0
    await execution.threads.stop(() => execution.current())
    await nextTurn()
    if (!execution.current()) return
  }
}

/** Gives the thread its signal, if there is one; then the step is over. False when there is nothing more to do. */
async function deliverSignal(execution: Execution, { thread, signal }: ThreadAction): Promise<boolean> {
  if (thread.signal === 0 && signal === 0) return true
  const stands = thread.stands()
  thread.deliver(signal)
  await stands
  if (!execution.current()) return false
  if (signal !== 0) execution.stop(stepStop(thread))
  return signal === 0
}

/**
 * Interprets all threads in turn, so that nothing that is watched changes unseen but by system calls.
 * @param actions of the threads that go on; new threads continue
 */
export async function interpretAll(execution: Execution, actions: readonly ThreadAction[]): Promise<void> {
  const { threads } = execution
  const still = new Set(threads.list.map(({ id }) => id))
  for (const { thread } of actions) still.delete(thread.id)
  for (const { thread, signal } of actions)
    if (thread.held && (thread.signal !== 0 || signal !== 0)) thread.deliver(signal)
  /** Where threads were when the executor got them. */
  const left = new Map<number, number>()
  while (execution.current()) {
    const held = threads.list.filter(thread => thread.held && !still.has(thread.id))
    for (const thread of held) {
      const action = actions.find(known => known.thread.id === thread.id) ?? { thread, kind: 'continue', signal: 0 }
      const outcome = turnOf(execution, action, left.get(thread.id))
      left.delete(thread.id)
      if (outcome === 'executor') {
        left.set(thread.id, thread.pc)
        thread.releaseOnce()
      } else if (outcome !== 'limit') return execution.stop(stopOf(execution, thread, outcome))
    }
    await (held.length > 0 ? nextTurn() : sleep(TURN))
  }
}

/** @param left where the thread was when the executor got it, if that had it last */
function turnOf(execution: Execution, action: ThreadAction, left: number | undefined): Stepped {
  const { thread, kind } = action
  const done = isDone(execution, action)
  const moved = left !== undefined && left !== thread.pc
  if ((moved || kind === 'continue') && done(thread.pc)) return 'done'
  return interpret(execution, thread, kind === 'step' ? 1 : STEPS, done)
}

function stopOf({ process }: Execution, thread: DebuggedThread, outcome: Exclude<Stepped, 'executor' | 'limit'>): Stop {
  const stop = stepStop(thread)
  if (typeof outcome === 'object') {
    return { ...stop, reason: { kind: outcome.watchpoint.kind, at: outcome.address.toString(16) } }
  }
  return process.breakpoints.has(thread.pc) ? { ...stop, reason: { kind: 'swbreak' } } : stop
}
