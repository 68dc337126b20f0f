/** System V shared memory (shmget(2)): as SharedMemory, for code caches that perf has to take for no file's. */
import koffi from 'koffi'
import { FerryError } from '../base/diagnostics.ts'

const libc = koffi.load(null)
const shmget = libc.func('int shmget(int key, size_t size, int flags)')
const shmat = libc.func('void *shmat(int id, void *address, int flags)')
const shmctl = libc.func('int shmctl(int id, int command, void *buffer)')
const shmdt = libc.func('int shmdt(void *address)')

const IPC_PRIVATE = 0
const IPC_CREAT = 0o1000
const IPC_RMID = 0
const SHM_NORESERVE = 0o10000
const OWNER_ALL = 0o700
const FAILED = 0xffff_ffff_ffff_ffffn

export class SystemVMemory {
  readonly id: number
  readonly buffer: ArrayBuffer
  readonly #address: bigint

  /**
   * Zeros that take no memory before they are written. The memory is gone when nobody has it attached.
   * @throws FerryError `shared-memory`
   */
  constructor(name: string, size: number) {
    const fail = (call: string): never => {
      throw new FerryError('shared-memory', { name, call, errno: koffi.errno() })
    }
    this.id = shmget(IPC_PRIVATE, size, IPC_CREAT | SHM_NORESERVE | OWNER_ALL)
    if (this.id < 0) fail('shmget')
    this.#address = shmat(this.id, null, 0)
    if (this.#address === FAILED) fail('shmat')
    // Linux lets others attach it still (shmctl(2)).
    shmctl(this.id, IPC_RMID, null)
    this.buffer = koffi.view(this.#address, size)
  }

  /** Detaches it: the buffer must not be touched any more. */
  release(): void {
    shmdt(this.#address)
  }
}
