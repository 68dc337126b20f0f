/** Lets the guest's death by a signal be ferry's, so that shells and parents see what they would see without ferry. */
import { constants } from 'node:os'
import koffi from 'koffi'

/** prctl(2). */
const PR_SET_DUMPABLE = 4
/** How long the signal may take to arrive, in milliseconds. */
const PATIENCE = 1000

/**
 * Ends this process by `signal` with its default action. Returns only when the system did not end it, with the status
 * that a shell would report.
 */
export async function dieBySignal(signal: NodeJS.Signals): Promise<number> {
  // A core file of ferry's would say nothing of the guest.
  const prctl = koffi
    .load('libc.so.6')
    .func('int prctl(int, unsigned long, unsigned long, unsigned long, unsigned long)')
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
  restoreDefaultAction(signal)
  process.kill(process.pid, signal)
  await new Promise(resolve => setTimeout(resolve, PATIENCE))
  return 128 + constants.signals[signal]
}

/** Node ignores SIGPIPE and handles others; when the last listener is taken off, it sets the default action. */
function restoreDefaultAction(signal: NodeJS.Signals): void {
  if (signal === 'SIGKILL' || signal === 'SIGSTOP') return
  process.on(signal, () => {})
  process.removeAllListeners(signal)
}
