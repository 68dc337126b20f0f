/**
 * Functions from which code that changes the stack may be called (makecontext and its like). Native code returns by the host's call
 * stack, which the coroutines of a thread share: a native function that waits in one of them while another one runs would lose its
 * place there.
 */
import { SWITCHES_STACK } from '../obstacles.ts'
import { type CallGraph, callersIn } from './callgraph.ts'

export function switchingFunctions({ external, edges }: CallGraph): ReadonlySet<string> {
  const callers = callersIn(edges)
  const found = new Set([...external].filter(name => SWITCHES_STACK.test(name)))
  // a set is iterated in the order of insertion, what is added meanwhile included
  for (const name of found) for (const caller of callers.get(name) ?? []) found.add(caller)
  return found
}
