/** Lines on standard error, and in the file of --log-file, that are out before the guest goes on. */
import { writeSync } from 'node:fs'

export const STANDARD_ERROR = 2
/** How long to wait for the reader of a full pipe before the next try, in milliseconds. */
const PAUSE = 1
const pause = new Int32Array(new SharedArrayBuffer(4))

/** Writes all of it. What can not be written (nobody reads the pipe, the disk is full) is no error: nobody could be told. */
export function toStandardError(text: string): void {
  writeAll(STANDARD_ERROR, text)
}

/** As {@link toStandardError}, to any descriptor. */
export function writeAll(descriptor: number, text: string): void {
  let bytes: Uint8Array = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(descriptor, bytes))
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      // The pipe does not block and is full.
      if (code !== 'EAGAIN' && code !== 'EINTR') return
      Atomics.wait(pause, 0, 0, PAUSE)
    }
  }
}
