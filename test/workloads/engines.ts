/** Runs a workload natively or under an emulator, in namespaces of its own. */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Sysroots } from '../../bench/debian/sysroot.ts'
import { input } from './inputs.ts'
import { describeTree } from './tree.ts'
import type { Workload } from './workload.ts'

const PROGRAMS = fileURLToPath(new URL('./programs/', import.meta.url))
const ENTER = fileURLToPath(new URL('./enter.sh', import.meta.url))
const FERRY = fileURLToPath(new URL('../../bin/ferry', import.meta.url))

/** Time of modification of the files that a workload finds, in seconds since 1970. */
const MODIFIED = 1_700_000_000

export const ENGINES = ['native', 'ferry', 'qemu'] as const
export type Engine = (typeof ENGINES)[number]

export interface Outcome {
  /** 128 + the signal's number when one ended it; null when it was still running at its time limit. */
  readonly status: number | null
  readonly stdout: Buffer
  readonly stderr: Buffer
  readonly files: ReadonlyMap<string, string>
  readonly seconds: number
}

const NAMESPACES = ['--mount', '--pid', '--ipc', '--fork', '--kill-child', '--mount-proc']
const ROOT = process.getuid?.() === 0
/** A process of another user id can not make namespaces but as root of a user namespace. */
const UNSHARE = [...(ROOT ? [] : ['--map-root-user']), ...NAMESPACES]
/**
 * The interpreter of the run's own binfmt_misc belongs to a user namespace. Root has all users there: the shell waits for
 * their map, made from outside.
 */
const UNSHARE_BINFMT = ROOT
  ? [
      '--user',
      'sh',
      '-c',
      'until read -r map </proc/self/gid_map; do :; done; exec unshare "$@"',
      'unshare',
      ...NAMESPACES,
    ]
  : UNSHARE

/** Why workloads can not run here; undefined when they can. */
export function whyNot(): string | undefined {
  const { status, error, stderr }: SpawnSyncReturns<string> = spawnSync('unshare', [...UNSHARE, 'true'], {
    encoding: 'utf8',
  })
  if (error) return `unshare: ${error.message}`
  if (status !== 0) return `no namespaces of one's own here (${stderr.trim()})`
  return undefined
}

/**
 * @param files new folder for what the run finds and leaves
 * @param seen the path by which it knows that folder; `seen`.root is used too
 * @param limit seconds after which every process of the run is killed
 */
export async function runWorkload(
  engine: Engine,
  workload: Workload,
  sysroots: Sysroots,
  { files, seen }: { readonly files: string; readonly seen: string },
  limit: number,
): Promise<Outcome> {
  for (const path of [files, seen, `${seen}.root`]) mkdirSync(path, { recursive: true })
  fill(files, workload)
  const sysroot = engine === 'native' ? sysroots.amd64 : sysroots.riscv64
  const unshare = engine === 'qemu' ? UNSHARE_BINFMT : UNSHARE
  const args = [...unshare, 'sh', ENTER, engine, sysroot, files, seen, ...commandLine(engine, workload, sysroot)]
  const stdin = openSync(workload.stdin ? join(files, workload.stdin) : '/dev/null', 'r')
  const start = performance.now()
  const child = spawn('unshare', args, {
    stdio: [stdin, 'pipe', 'pipe'],
    env: environment(seen),
    detached: true,
  })
  closeSync(stdin)
  if (engine === 'qemu' && ROOT) await mapUsers(child.pid!)
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout!.on('data', (chunk: Buffer) => stdout.push(chunk))
  child.stderr!.on('data', (chunk: Buffer) => stderr.push(chunk))
  let late = false
  const timer = setTimeout(() => {
    late = true
    // The first process of the pid namespace follows, and with it all others.
    child.kill('SIGKILL')
  }, limit * 1000)
  const [status] = (await once(child, 'close')) as [number | null]
  clearTimeout(timer)
  const seconds = (performance.now() - start) / 1000
  return {
    status: late ? null : status,
    stdout: Buffer.concat(stdout),
    stderr: Buffer.concat(stderr),
    files: describeTree(files),
    seconds,
  }
}

/** Words after those of enter.sh. Under ferry the program is found in the sysroot; native runs and qemu see that as `/`. */
function commandLine(engine: Engine, { command }: Workload, sysroot: string): readonly string[] {
  if (engine !== 'ferry') return command
  const [program, ...args] = command
  return [FERRY, 'run', '-L', sysroot, '-0', program!, join(sysroot, 'usr/bin', program!), ...args]
}

/** Every user and group of this machine is itself in the new user namespace of process `pid`. */
async function mapUsers(pid: number): Promise<void> {
  const own = readlinkSync('/proc/self/ns/user')
  while (readlinkSync(`/proc/${pid}/ns/user`) === own) await sleep(1)
  for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${pid}/${map}`, '0 0 65536\n')
}

function fill(folder: string, { name, inputs }: Workload): void {
  const programs = join(PROGRAMS, name.split('/')[0]!)
  if (existsSync(programs)) cpSync(programs, folder, { recursive: true })
  for (const file of inputs) writeFileSync(join(folder, file), input(file))
  mkdirSync(join(folder, 'tmp'))
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const path of paths) utimesSync(join(folder, path), MODIFIED, MODIFIED)
}

/** The same on both sides; what ferry reads from it included. */
function environment(seen: string): NodeJS.ProcessEnv {
  const { FERRY_CACHE, FERRY_CACHE_DIR, QEMU } = process.env
  return {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: seen,
    TMPDIR: `${seen}/tmp`,
    LC_ALL: 'C.UTF-8',
    TZ: 'UTC',
    ...(FERRY_CACHE === undefined ? {} : { FERRY_CACHE }),
    ...(FERRY_CACHE_DIR === undefined ? {} : { FERRY_CACHE_DIR }),
    ...(QEMU === undefined ? {} : { QEMU }),
  }
}
