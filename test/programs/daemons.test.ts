/**
 * Processes that outlive the first: `ferry run` ends with its status at once, and they go on with another translator, until they
 * end or that is killed.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { makeSysroots } from '../../bench/debian/sysroot.ts'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { type Build, build, GUEST_ENGINE } from './probe.ts'

const FOLDER = join(tmpdir(), `ferry-daemons-${process.pid}`)
const MARK = `FERRY_DAEMONS=${process.pid}.`
const LOST = 'ferry: the translator was killed; the guest can not go on without it\n'
const KILLED =
  'ferry: the guest was killed by signal 9 (SIGKILL); another process or the out-of-memory killer sent it\n'

let programs: Record<'native' | 'static' | 'dynamic', string>
let started = 0

beforeAll(() => {
  mkdirSync(FOLDER, { recursive: true })
  const make = (kind: Build) => build('daemons', 'daemon', kind)
  programs = { native: make('native'), static: make('static'), dynamic: make('dynamic') }
})
afterEach(async () => {
  for (const pid of marked()) process.kill(pid, 'SIGKILL')
})
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }))

type Kind = keyof typeof programs

const commandOf = (kind: Kind): string[] => (kind === 'native' ? [programs.native] : [...GUEST_ENGINE, programs[kind]])

interface Started {
  readonly status: number | null
  readonly signal: string | null
  /** What came out so far, of both streams. */
  readonly text: () => string
  readonly closed: Promise<void>
  readonly socket: string
}

/** Starts a daemon that keeps these of its standard descriptors, and waits for the end of what was started. */
async function start(command: readonly string[], keep = '-', args?: readonly string[]): Promise<Started> {
  const socket = join(FOLDER, `${started++}`)
  const child = spawn(command[0]!, [...command.slice(1), ...(args ?? [socket, keep])], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, FERRY_DAEMONS: `${process.pid}.` },
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', part => {
      text += part
    })
  const closed = new Promise<void>(resolve => child.once('close', () => resolve()))
  const { status, signal } = await ended(child)
  return { status, signal, text: () => text, closed, socket }
}

function ended(child: ChildProcess): Promise<{ status: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (status, signal) => resolve({ status, signal }))
  })
}

/** The daemon's answers to lines. */
async function ask(socket: string, ...lines: readonly string[]): Promise<string[]> {
  const connection = connect(socket)
  connection.setEncoding('utf8')
  connection.end(lines.map(line => `${line}\n`).join(''))
  let text = ''
  for await (const part of connection) text += part
  return text.split('\n').slice(0, -1)
}

/** Pids of this file's processes that have not ended. */
function marked(): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .filter(pid => {
      try {
        return Number(pid) !== process.pid && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(MARK)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

async function expectNothingLeft(): Promise<void> {
  for (let i = 0; i < 250 && marked().length > 0; i++) await sleep(20)
  expect(marked().map(pid => readFileSync(`/proc/${pid}/cmdline`, 'latin1'))).toEqual([])
}

const translators = () => marked().filter(pid => /node/.test(readlinkSync(`/proc/${pid}/exe`)))

const LINES = [
  ...['ticks', 'old 2', 'code 5', 'fault', 'threads', 'child', 'program', 'system', 'parent', 'old 3', 'code 50'],
  'write WRITTEN',
]
/** Everything that the daemon is asked, in two programs. */
async function talk({ socket }: Started): Promise<string[]> {
  const file = `${socket}.written`
  const lines = LINES.map(line => line.replace('WRITTEN', file))
  const answers = [await ask(socket, ...lines), await ask(socket, 'become'), await ask(socket, ...lines, 'end')].flat()
  return [...answers, `${existsSync(file)}`]
}

describe.each(['static', 'dynamic'] as const)('a daemon, %s', kind => {
  test('does what it does on this machine', async () => {
    const outcomes: unknown[] = []
    for (const each of ['native', kind] as const) {
      const run = await start(commandOf(each))
      await run.closed
      outcomes.push([run.status, run.text(), await talk(run)])
      await expectNothingLeft()
    }
    expect(outcomes[0]).toEqual([7, 'started\n', expect.arrayContaining(['ends', 'true', 'becomes another'])])
    expect(outcomes[1]).toEqual(outcomes[0])
  })

  test('of which there are five', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => start(commandOf(kind))))
    expect(translators().length).toBe(5)
    const answers = await Promise.all(runs.map(talk))
    for (const { status, text } of runs) expect([status, text()]).toEqual([7, 'started\n'])
    for (const answer of answers) expect(answer).toEqual(answers[0])
    await expectNothingLeft()
  })
})

test('a hybrid program goes on with its host functions', async () => {
  const source = fileURLToPath(new URL('./daemons/hybrid.c', import.meta.url))
  const [native, hybrid] = [join(FOLDER, 'hybrid.native'), join(FOLDER, 'hybrid')]
  execFileSync('gcc', ['-O1', '-w', '-pthread', source, '-o', native])
  execFileSync(FERRY_COMMAND, ['build', '--offload=all', '-O1', '-w', source, '-o', hybrid])
  const outcomes = []
  for (const command of [[native], [FERRY_COMMAND, 'run', hybrid]]) {
    const { status, closed, text } = await start(command, '', [])
    await closed
    outcomes.push([status, text().split('\n')])
    await expectNothingLeft()
  }
  expect(outcomes[0]).toEqual([3, expect.arrayContaining([expect.stringMatching(/^another child: [0-9a-f]{8}$/)])])
  expect(outcomes[1]).toEqual(outcomes[0])
})

describe('the streams of the first process', () => {
  test('are closed when the survivors have closed them', async () => {
    const run = await start(['sh', '-c', `${commandOf('dynamic').join(' ')} "$@" | cat`, 'sh'])
    expect([run.status, run.text()]).toEqual([0, 'started\n'])
    await run.closed
    expect(await ask(run.socket, 'end')).toEqual(['ends'])
    await expectNothingLeft()
  })

  test('stay open for survivors that keep them', async () => {
    const run = await start(commandOf('static'), '1')
    let open = true
    void run.closed.then(() => {
      open = false
    })
    expect(await ask(run.socket, 'code 1')).toHaveLength(1)
    expect(open).toBe(true)
    await ask(run.socket, 'end')
    await run.closed
    await expectNothingLeft()
  })

  test('and other files of ferry are not open in what it leaves', async () => {
    const run = await start(commandOf('static'))
    await ask(run.socket, 'code 1')
    const [translator] = translators()
    const files = [0, 1, 2].map(fd => readlinkSync(`/proc/${translator}/fd/${fd}`))
    expect(files).toEqual(['/dev/null', '/dev/null', '/dev/null'])
    expect(readlinkSync(`/proc/${translator}/cwd`)).toBe('/')
    expect(readFileSync(`/proc/${translator}/comm`, 'utf8')).toBe('ferry\n')
    await ask(run.socket, 'end')
    await expectNothingLeft()
  })
})

test('a web server of Debian’s busybox serves after its start', async ({ skip }) => {
  let sysroot: string
  try {
    sysroot = makeSysroots().riscv64
  } catch (error) {
    return skip(`no sysroots: ${(error as Error).message}`)
  }
  writeFileSync(join(FOLDER, 'page'), 'the page\n')
  const port = await freePort()
  const busybox = join(sysroot, 'usr/bin/busybox')
  const script = `busybox httpd -p 127.0.0.1:${port} -h ${FOLDER}; echo done; exit 3`
  const run = await start([FERRY_COMMAND, 'run', '-L', sysroot, busybox, 'sh', '-c', script], '', [])
  await run.closed
  expect([run.status, run.text()]).toEqual([3, 'done\n'])
  for (let i = 0; i < 3; i++) expect(await (await fetch(`http://127.0.0.1:${port}/page`)).text()).toBe('the page\n')
  const servers = marked().filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes('httpd'))
  expect(servers).not.toEqual([])
  for (const pid of servers)
    try {
      process.kill(pid)
    } catch {
      // a process for one of the connections, which has ended
    }
  await expectNothingLeft()
}, 900_000)

describe('an end by force', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)('of the translator by %s is the end of all', async signal => {
    const run = await start(commandOf('dynamic'), '2')
    await ask(run.socket, 'ticks')
    const [translator, ...others] = translators()
    expect(others).toEqual([])
    process.kill(translator!, signal)
    await run.closed
    expect(run.text()).toBe(`started\n${LOST}`)
    await expectNothingLeft()
  })

  test('of the first process is the end of all', async () => {
    const run = await start(commandOf('static'), '', ['orphans'])
    expect(run.signal).toBe('SIGKILL')
    await run.closed
    expect(run.text()).toBe(KILLED)
    await expectNothingLeft()
  })

  test('of the parent of all is that as well', async () => {
    const run = await start(commandOf('static'), '2')
    await ask(run.socket, 'ticks')
    const [reaper] = marked().filter(pid => readFileSync(`/proc/${pid}/cmdline`, 'latin1') === 'ferry\0')
    process.kill(reaper!, 'SIGKILL')
    await run.closed
    await expectNothingLeft()
  })
})
