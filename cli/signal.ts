/** Lets the guest's death by a signal be ferry's, so that shells and parents see what they would see without ferry. */
import { constants } from 'node:os'
import koffi from 'koffi'

/** prctl(2). */
const PR_SET_DUMPABLE = 4

/**
 * Ends this process by `signal` with its default action; returns only when the system did not end it, with the status
 * that a shell would report.
 */
export async function dieBySignal(signal: number): Promise<number> {
  // A core file of ferry's would say nothing of the guest.
  koffi.load('libc.so.6').func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')(
    PR_SET_DUMPABLE,
    0,
    0,
    0,
    0,
  )
  restoreDefaultAction(signal)
  process.kill(process.pid, signal)
  // Node hands signals that have a handler over asynchronously; the default action ends the process during this wait.
  await new Promise(resolve => setTimeout(resolve, 100))
  return 128 + signal
}

/** Node ignores SIGPIPE and handles some others; taking the last listener off sets the default action. */
function restoreDefaultAction(signal: number): void {
  const name = Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] as
    | NodeJS.Signals
    | undefined
  if (!name || name === 'SIGKILL' || name === 'SIGSTOP') return
  const listener = () => {}
  process.on(name, listener)
  process.removeAllListeners(name)
}
