/**
 * The terminal that a run was started on. A guest that is killed can not undo what it made of it, and the one who waits for
 * ferry may not know that it has to.
 */
import { closeSync } from 'node:fs'
import { isatty } from 'node:tty'
import koffi from 'koffi'

const libc = koffi.load(null)
const ioctl = libc.func('int ioctl(int fd, unsigned long request, void *argument)')
const getpgid = libc.func('int getpgid(int pid)')
const signal = libc.func('void *signal(int number, intptr_t handler)')

/** ioctl_tty(2). */
const TCGETS = 0x5401
const TCSETS = 0x5402
const TIOCGPGRP = 0x540f
const SIG_IGN = 1
/** SIGTSTP, SIGTTIN, SIGTTOU. */
const STOPS = [20, 21, 22]
/** Bytes; the kernel's struct termios has 36. */
const SETTINGS = 64
const STANDARD = [0, 1, 2]

export class Terminal {
  /** The kernel's struct termios when the run began. */
  readonly settings: Uint8Array
  /** Process group of a shell that runs ferry as a job; 0: of none. */
  readonly shell: number
  readonly #fd: number

  private constructor(fd: number, settings: Uint8Array) {
    this.#fd = fd
    this.settings = settings
    const shell = getpgid(process.ppid)
    this.shell = shell === getpgid(0) ? 0 : Math.max(shell, 0)
  }

  /**
   * The terminal among the standard streams. What it sends to stop a job is the guest's from then on: when that has stopped, the
   * reaper stops this process.
   */
  static open(): Terminal | undefined {
    const settings = new Uint8Array(SETTINGS)
    const fd = STANDARD.find(fd => isatty(fd) && ioctl(fd, TCGETS, settings) === 0)
    if (fd === undefined) return undefined
    for (const number of STOPS) signal(number, SIG_IGN)
    return new Terminal(fd, settings)
  }

  /** Sets it to what it was, unless the shell has it already; it may be another group's. */
  restore(): void {
    const group = new Int32Array(1)
    if (ioctl(this.#fd, TIOCGPGRP, group) !== 0 || group[0] === this.shell) return
    ioctl(this.#fd, TCSETS, this.settings)
  }
}

/** Node sets terminals at its end to what they were at its start: what a guest such as stty did would be lost. Streams that it does not find are left alone. */
export function leaveTerminals(): void {
  for (const fd of STANDARD) if (isatty(fd)) closeSync(fd)
}
