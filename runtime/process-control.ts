/** What Node has no function for: adopting orphans, and waiting for a child that Node did not start. */
import koffi from 'koffi'

const libc = koffi.load(null)
const prctl = libc.func('int prctl(int option, unsigned long value)')
const waitpid = libc.func('int waitpid(int pid, void *status, int options)')
const tgkill = libc.func('int tgkill(int pid, int tid, int signal)')

const PR_SET_CHILD_SUBREAPER = 36
const WNOHANG = 1

let adopters = 0

/**
 * Processes below this one whose parent ends become children of this one, instead of init's, until the returned function is
 * called: so they stay below it, which ptrace scopes ask for (/proc/pid/mem), and can be found.
 */
export function adoptOrphans(): () => void {
  if (adopters++ === 0) prctl(PR_SET_CHILD_SUBREAPER, 1)
  return () => {
    if (--adopters === 0) prctl(PR_SET_CHILD_SUBREAPER, 0)
  }
}

/** Sends a signal to one thread; to none when it is gone. */
export function signalThread(pid: number, tid: number, signal: number): void {
  tgkill(pid, tid, signal)
}

/** Takes the exit status of a child that has ended. Nothing happens for other processes. */
export function reap(pid: number): void {
  waitpid(pid, null, WNOHANG)
}
