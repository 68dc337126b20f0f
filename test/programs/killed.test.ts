/**
 * kill -9 of the translator, of the reaper or of the guest's first process in the middle of what it does: no process of the tree is left, nothing
 * in TMPDIR or the folder of translations, a terminal as it was, and a line that says what happened.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { FERRY_COMMAND } from '../diff/engines.ts'
import { build, SYSROOT, WORK } from './probe.ts'

const FOLDER = join(WORK, 'killed')
const TERMINAL = join(FOLDER, 'terminal')
const HYBRID = join(FOLDER, 'hybrid')
const CACHE = join(FOLDER, 'cache')
const source = (name: string) => fileURLToPath(new URL(`./killed/${name}`, import.meta.url))

/** What `busy` does, by its argument; how many processes of the tree there are at least, the translator and the reaper counted. */
const MODES: readonly (readonly [name: string, processes: number])[] = [
  ['compute', 3],
  ['calls', 3],
  ['threads', 3],
  ['tree', 9],
  ['pipeline', 7],
  ['read', 3],
  ['sleep', 3],
  ['epoll', 3],
  ['code', 3],
  ['signals', 3],
  ['vfork', 4],
  ['shell', 4],
  ['replaced', 3],
]
const LOST = 'ferry: the translator was killed; the guest can not go on without it\n'
const KILLED =
  'ferry: the guest was killed by signal 9 (SIGKILL); another process or the out-of-memory killer sent it\n'

let busy: string
let runs = 0

beforeAll(() => {
  mkdirSync(CACHE, { recursive: true })
  busy = build('killed', 'busy', 'dynamic')
  execFileSync('gcc', ['-O2', '-w', source('terminal.c'), '-o', TERMINAL, '-lutil'])
  execFileSync(FERRY_COMMAND, ['build', '--offload=all', '-O2', '-w', source('hybrid.c'), '-o', HYBRID])
})
afterAll(() => rmSync(join(FOLDER, 'tmp'), { recursive: true, force: true }))

interface Tree {
  readonly child: ChildProcess
  readonly mark: string
  readonly temporary: string
  text(): string
  readonly end: Promise<{ status: number | null; signal: string | null }>
}

/** Starts a command and waits until it has printed `ready`. All of its processes have a mark in their environment. */
async function start(command: readonly string[]): Promise<Tree> {
  const mark = `FERRY_PROBE=${process.pid}.${runs++}.`
  const temporary = join(FOLDER, 'tmp', String(runs))
  mkdirSync(temporary, { recursive: true })
  const [name, value] = mark.split('=') as [string, string]
  const child = spawn(command[0]!, command.slice(1), {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, [name]: value, TMPDIR: temporary, FERRY_CACHE_DIR: CACHE },
  })
  let text = ''
  for (const stream of [child.stdout!, child.stderr!])
    stream.setEncoding('utf8').on('data', part => {
      text += part
    })
  const end = new Promise<{ status: number | null; signal: string | null }>(resolve =>
    child.once('close', (status, signal) => resolve({ status, signal })),
  )
  while (!text.includes('ready')) await sleep(5)
  return { child, mark, temporary, text: () => text, end }
}

/** Pids with the mark, translators first. Zombies have no environment. */
function marked({ mark }: Tree): number[] {
  const found: number[] = []
  for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name)))
    try {
      if (readFileSync(`/proc/${pid}/environ`, 'latin1').includes(mark)) found.push(Number(pid))
    } catch {
      // it has ended
    }
  return found
}

const isNode = (pid: number) => /node/.test(readlinkSync(`/proc/${pid}/exe`))
const childrenOf = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number)
const VICTIMS = ['translator', 'reaper', 'executor'] as const
/** The translator, its first child, and the first guest process. */
function victims(tree: Tree): Record<(typeof VICTIMS)[number], number> {
  const translator = marked(tree).find(isNode)!
  const reaper = Math.min(...childrenOf(translator))
  return { translator, reaper, executor: Math.min(...childrenOf(reaper)) }
}

async function expectNothingLeft(tree: Tree): Promise<void> {
  let left = marked(tree)
  for (let i = 0; i < 250 && left.length > 0; i++) {
    await sleep(20)
    left = marked(tree)
  }
  const names = left.map(pid => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ')}`)
  for (const pid of left) process.kill(pid, 'SIGKILL')
  expect(names).toEqual([])
  expect(readdirSync(tree.temporary)).toEqual([])
  for (const name of readdirSync(CACHE)) expect(name).toMatch(/\.kept$/)
}

const guest = (mode: string) => [FERRY_COMMAND, 'run', '-L', SYSROOT, '--', busy, mode]

describe.each(MODES)('%s', (mode, processes) => {
  test.each(VICTIMS)('kill -9 of the %s', async victim => {
    const tree = await start(guest(mode))
    // Children may still be on their way.
    for (let i = 0; i < 200 && marked(tree).length < processes; i++) await sleep(10)
    expect(marked(tree).length).toBeGreaterThanOrEqual(processes)
    process.kill(victims(tree)[victim], 'SIGKILL')
    expect((await tree.end).signal).toBe('SIGKILL')
    expect(tree.text().replace(/^(ready\n)+/, '')).toBe(victim === 'translator' ? LOST : KILLED)
    await expectNothingLeft(tree)
  })
})

describe('in offloaded code', () => {
  test.each(VICTIMS)('kill -9 of the %s', async victim => {
    const tree = await start([FERRY_COMMAND, 'run', HYBRID])
    await sleep(100)
    process.kill(victims(tree)[victim], 'SIGKILL')
    expect((await tree.end).signal).toBe('SIGKILL')
    expect(tree.text()).toBe(`ready\n${victim === 'translator' ? LOST : KILLED}`)
    await expectNothingLeft(tree)
  })
})

describe('on a terminal in raw mode', () => {
  test.each(VICTIMS)('kill -9 of the %s', async victim => {
    const tree = await start([TERMINAL, ...guest('terminal')])
    process.kill(victims(tree)[victim], 'SIGKILL')
    expect(await tree.end).toEqual({ status: 0, signal: null })
    const lines = tree.text().replaceAll('\r', '').split('\n')
    expect(lines).toContain((victim === 'translator' ? LOST : KILLED).trim())
    expect(lines.slice(-3)).toEqual(['status 137', 'terminal restored', ''])
    await expectNothingLeft(tree)
  })
})

describe('one process of a tree', () => {
  test('that is killed is its parent’s affair', async () => {
    const tree = await start(guest('tree'))
    for (let i = 0; i < 200 && marked(tree).length < 9; i++) await sleep(10)
    const { executor } = victims(tree)
    process.kill(childrenOf(executor)[0]!, 'SIGKILL')
    await sleep(300)
    expect(existsSync(`/proc/${executor}`)).toBe(true)
    expect(tree.text()).toBe('ready\n')
    process.kill(executor, 'SIGKILL')
    await tree.end
    await expectNothingLeft(tree)
  })
})

test.each([
  ['by a signal', 'SIGTERM', 143],
  ['by itself', 'SIGUSR1', 0],
] as const)('a guest that ends %s leaves the terminal as it made it', async (_, signal, status) => {
  const tree = await start([TERMINAL, ...guest('terminal')])
  process.kill(victims(tree).executor, signal)
  await tree.end
  const lines = tree.text().replaceAll('\r', '').split('\n')
  expect(lines.slice(-3)).toEqual([`status ${status}`, 'terminal changed', ''])
  await expectNothingLeft(tree)
})
