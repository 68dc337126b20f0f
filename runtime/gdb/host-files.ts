/**
 * Files that gdb reads through the stub (GDB manual, appendix E.8, "Host I/O Packets"): the program and its libraries, as
 * the guest names them. Nothing can be written.
 */
import { closeSync, fstatSync, openSync, readlinkSync, readSync, type Stats } from 'node:fs'
import { constants } from 'node:os'
import { fromHex, LARGEST_PACKET } from './packet.ts'

/** File I/O numbers of errors (appendix E.13.8) are Linux' for those that it has. */
const UNKNOWN_ERROR = 9999
const KNOWN_ERRORS =
  'EPERM ENOENT EINTR EBADF EACCES EFAULT EBUSY EEXIST ENODEV ENOTDIR EISDIR EINVAL ENFILE EMFILE EFBIG ENOSPC ESPIPE EROFS'.split(
    ' ',
  )
const ENAMETOOLONG = 91
const STAT_SIZE = 64

export class HostFiles {
  readonly #hostPath: (path: string) => string
  readonly #open = new Set<number>()

  /** @param hostPath the file of this machine that a path of the guest names. */
  constructor(hostPath: (path: string) => string) {
    this.#hostPath = hostPath
  }

  close(): void {
    for (const fd of this.#open) closeSync(fd)
    this.#open.clear()
  }

  /** @param text of the packet behind `vFile:` */
  answer(text: string): string {
    const [, operation, rest] = /^([a-z]+):(.*)$/s.exec(text) ?? []
    const words = (rest ?? '').split(',')
    const number = (index: number): number => Number.parseInt(words[index] ?? '', 16)
    const path = (): string => this.#hostPath(Buffer.from(fromHex(words[0]!)).toString())
    try {
      switch (operation) {
        case 'setfs':
          return 'F0'
        case 'open':
          return this.#openFile(path(), number(1))
        case 'close':
          return this.#closeFile(number(0))
        case 'pread':
          return this.#read(number(0), number(1), number(2))
        case 'fstat':
          return this.#stat(number(0))
        case 'readlink':
          return attachment(Buffer.from(readlinkSync(path())))
        default:
          return ''
      }
    } catch (error) {
      return failure((error as NodeJS.ErrnoException).code)
    }
  }

  #openFile(path: string, flags: number): string {
    if (flags !== 0) return failure('EROFS')
    const fd = openSync(path, 'r')
    this.#open.add(fd)
    return `F${fd.toString(16)}`
  }

  #closeFile(fd: number): string {
    if (!this.#open.delete(fd)) return failure('EBADF')
    closeSync(fd)
    return 'F0'
  }

  #stat(fd: number): string {
    return this.#open.has(fd) ? attachment(statOf(fstatSync(fd))) : failure('EBADF')
  }

  #read(fd: number, length: number, offset: number): string {
    if (!this.#open.has(fd)) return failure('EBADF')
    // Room for the header, and for the escape of every byte.
    const bytes = Buffer.alloc(Math.min(length, LARGEST_PACKET / 2 - 32))
    return attachment(bytes.subarray(0, readSync(fd, bytes, 0, bytes.length, offset)))
  }
}

const attachment = (bytes: Uint8Array): string =>
  `F${bytes.length.toString(16)};${Buffer.from(bytes).toString('latin1')}`

function failure(code: string | undefined): string {
  const number =
    code === 'ENAMETOOLONG'
      ? ENAMETOOLONG
      : KNOWN_ERRORS.includes(code ?? '')
        ? constants.errno[code as 'EPERM']
        : UNKNOWN_ERROR
  return `F-1,${number.toString(16)}`
}

/** struct stat of appendix E.13.10.4: big-endian; device, inode, mode, links, user, group, rdev, size, blksize, blocks, three times. */
function statOf(stat: Stats): Uint8Array {
  const bytes = new Uint8Array(STAT_SIZE)
  const view = new DataView(bytes.buffer)
  const { dev, ino, mode, nlink, uid, gid, rdev, size, blksize, blocks, atimeMs, mtimeMs, ctimeMs } = stat
  for (const [i, value] of [dev, ino, mode, nlink, uid, gid, rdev].entries()) view.setUint32(i * 4, value)
  for (const [i, value] of [size, blksize, blocks].entries()) view.setBigUint64(28 + i * 8, BigInt(value))
  for (const [i, value] of [atimeMs, mtimeMs, ctimeMs].entries()) view.setUint32(52 + i * 4, Math.floor(value / 1000))
  return bytes
}
