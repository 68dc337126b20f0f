/** vCont packets (GDB manual, appendix E.2). */
import { fromGdbSignal } from './signals.ts'
import type { Action } from './target.ts'
import { parseThread } from './thread-id.ts'

/**
 * What each of `threads` does: the leftmost action that names it, or names no thread or all (-1), counts.
 * @param text `action[:thread];…`
 * @returns undefined when an action is unknown
 */
export function parseActions(text: string, threads: readonly number[]): Action[] | undefined {
  const clauses: Clause[] = []
  for (const part of text.split(';')) {
    const clause = parseClause(part)
    if (clause === undefined) return undefined
    clauses.push(clause)
  }
  return threads.flatMap(thread => {
    const clause = clauses.find(({ thread: named }) => named === undefined || named === thread)
    return clause ? [{ ...clause.action, thread }] : []
  })
}

interface Clause {
  readonly action: Omit<Action, 'thread'>
  /** Undefined for all. */
  readonly thread: number | undefined
}

function parseClause(text: string): Clause | undefined {
  const [action = '', id] = text.split(':')
  const named = id === undefined ? -1 : parseThread(id)
  const thread = named > 0 ? named : undefined
  const signal = action.length > 1 ? fromGdbSignal(Number.parseInt(action.slice(1), 16)) : 0
  switch (action[0]) {
    case 'c':
      return { thread, action: { kind: 'continue', signal: 0 } }
    case 'C':
      return { thread, action: { kind: 'continue', signal } }
    case 's':
      return { thread, action: { kind: 'step', signal: 0 } }
    case 'S':
      return { thread, action: { kind: 'step', signal } }
    case 'r': {
      const [start, end] = action
        .slice(1)
        .split(',')
        .map(digits => Number.parseInt(digits, 16))
      return { thread, action: { kind: 'range', signal: 0, start: start!, end: end! } }
    }
    default:
      return undefined
  }
}
