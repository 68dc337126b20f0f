/** The structures of msgctl, semctl and shmctl, as strace shows them (asm-generic layouts: msgbuf.h, sembuf.h, shmbuf.h). */
import { flagName } from './flags.ts'
import { type ReadMemory, view } from './memory.ts'
import { type Field, fieldsOf, record, type Struct } from './structs.ts'
import { int, pointer } from './text.ts'

export type IpcKind = 'msg' | 'sem' | 'shm'

const owner: readonly Field[] = [
  ['uid', 4, 'u32'],
  ['gid', 8, 'u32'],
  ['mode', 20, 'octal'],
]
const permission = record(48, [...owner, ['key', 0, 'u32'], ['cuid', 12, 'u32'], ['cgid', 16, 'u32']])
const settable = record(48, owner)

const STATUS: Readonly<Record<IpcKind, Struct>> = {
  msg: record(120, [
    ['msg_perm', 0, permission],
    ['msg_stime', 48, 'u64'],
    ['msg_rtime', 56, 'u64'],
    ['msg_ctime', 64, 'u64'],
    ['msg_qnum', 80, 'u64'],
    ['msg_qbytes', 88, 'u64'],
    ['msg_lspid', 96, 'i32'],
    ['msg_lrpid', 100, 'i32'],
  ]),
  sem: record(88, [
    ['sem_perm', 0, permission],
    ['sem_otime', 48, 'u64'],
    ['sem_ctime', 56, 'u64'],
    ['sem_nsems', 64, 'u64'],
  ]),
  shm: record(112, [
    ['shm_perm', 0, permission],
    ['shm_segsz', 48, 'u64'],
    ['shm_cpid', 80, 'i32'],
    ['shm_lpid', 84, 'i32'],
    ['shm_nattch', 88, 'u64'],
    ['shm_atime', 56, 'u64'],
    ['shm_dtime', 64, 'u64'],
    ['shm_ctime', 72, 'u64'],
  ]),
}

const SET: Readonly<Record<IpcKind, Struct>> = {
  msg: record(120, [
    ['msg_perm', 0, settable],
    ['msg_qbytes', 88, 'u64'],
  ]),
  sem: record(88, [['sem_perm', 0, settable]]),
  shm: record(112, [['shm_perm', 0, settable]]),
}

const integers = (names: string): Struct => {
  const fields = names.split(' ').map((name, i): Field => [name, i * 4, 'i32'])
  return { size: fields.length * 4, print: bytes => `{${fieldsOf(bytes, fields).join(', ')}}` }
}
const messages = record(32, [
  ...'msgpool msgmap msgmax msgmnb msgmni msgssz msgtql'.split(' ').map((name, i): Field => [name, i * 4, 'i32']),
  ['msgseg', 28, { size: 2, print: bytes => String(bytes.getUint16(0, true)) }],
])
const semaphores = integers('semmap semmni semmns semmnu semmsl semopm semume semusz semvmx semaem')

const INFORMATION: Readonly<Record<string, Struct>> = {
  'msg IPC_INFO': messages,
  'msg MSG_INFO': messages,
  'sem IPC_INFO': semaphores,
  'sem SEM_INFO': semaphores,
  'shm IPC_INFO': record(
    72,
    ['shmmax', 'shmmin', 'shmmni', 'shmseg', 'shmall'].map((name, i): Field => [name, i * 8, 'u64']),
  ),
  'shm SHM_INFO': record(48, [
    ['used_ids', 0, 'i32'],
    ['shm_tot', 8, 'u64'],
    ['shm_rss', 16, 'u64'],
    ['shm_swp', 24, 'u64'],
    ['swap_attempts', 32, 'u64'],
    ['swap_successes', 40, 'u64'],
  ]),
}

const COMMANDS = { msg: 'ipcControl', sem: 'semControl', shm: 'shmControl' } as const

const commandName = (kind: IpcKind, command: bigint): string => flagName(COMMANDS[kind], int(command)) ?? ''

/** Whether the kernel fills what the last argument points to. */
export const fillsIpcBuffer = (kind: IpcKind, command: bigint): boolean =>
  /_(STAT|STAT_ANY|INFO)$/.test(commandName(kind, command))

/** The last argument of a control call, which has `succeeded`, or has not ended. */
export function printIpcBuffer(
  kind: IpcKind,
  command: bigint,
  { read, address, succeeded }: { read: ReadMemory; address: bigint; succeeded: boolean },
): string {
  const name = commandName(kind, command)
  const filled = fillsIpcBuffer(kind, command)
  const struct =
    name === 'IPC_SET' ? SET[kind] : filled && succeeded ? (INFORMATION[`${kind} ${name}`] ?? STATUS[kind]) : undefined
  const bytes = struct && view(read, address, struct.size)
  return bytes && struct ? struct.print(bytes) : pointer(address)
}
