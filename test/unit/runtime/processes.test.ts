import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildExecutor, PROGRAM, ROOT, Workshop } from './scripted-guest.ts'

const workshop = new Workshop()
const bundle = join(ROOT, 'dist', `lone-session-${process.pid}.mjs`)
let program: string

beforeAll(async () => {
  buildExecutor()
  writeFileSync(workshop.path('stubs'), workshop.stubs())
  program = workshop.program('sleeper', PROGRAM)
  await build({
    entryPoints: [join(ROOT, 'test/unit/runtime/lone-session.ts')],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    external: ['koffi'],
    logLevel: 'warning',
  })
})
afterAll(() => {
  rmSync(bundle, { force: true })
  workshop.dispose()
})

interface Lone {
  readonly translator: ChildProcess
  /** Pid of the executor. */
  readonly executor: number
  /** All lines after the first, when the translator is gone. */
  readonly rest: Promise<string>
  readonly ended: Promise<{ status: number | null; signal: string | null }>
}

async function start(): Promise<Lone> {
  const translator = spawn(process.execPath, [bundle, program, workshop.path('stubs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<{ status: number | null; signal: string | null }>(resolve =>
    translator.once('exit', (status, signal) => resolve({ status, signal })),
  )
  let text = ''
  const first = new Promise<void>((resolve, reject) => {
    translator.stdout!.on('data', chunk => {
      text += chunk
      if (text.includes('\n')) resolve()
    })
    ended.then(() => reject(new Error(`no executor: ${text}`)), reject)
  })
  const rest = new Promise<string>(resolve =>
    translator.stdout!.once('close', () => resolve(text.split('\n')[1] ?? '')),
  )
  await first
  return { translator, executor: Number.parseInt(text, 10), rest, ended }
}

/** Whether the process ends within two seconds. A zombie that nobody has waited for has ended. */
async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 200; i++) {
    if (!existsSync(`/proc/${pid}`) || /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))) return true
    await sleep(10)
  }
  return false
}

describe('two processes', () => {
  it.each(['SIGKILL', 'SIGSEGV'] as const)('end both when the translator gets %s', async signal => {
    const { translator, executor, ended } = await start()
    expect(existsSync(`/proc/${executor}`)).toBe(true)
    translator.kill(signal)
    expect((await ended).signal).toBe(signal)
    expect(await gone(executor)).toBe(true)
  })

  it('end both when the executor is killed, with a line that says so', async () => {
    const { executor, rest, ended } = await start()
    process.kill(executor, 'SIGKILL')
    expect(JSON.parse(await rest)).toEqual({
      status: null,
      signal: 'SIGKILL',
      message: expect.stringMatching(/^ferry: the guest was killed by signal 9 \(SIGKILL\)/),
    })
    expect((await ended).status).toBe(0)
  })

  it.each(['SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2', 'SIGALRM'] as const)(
    'end by %s to the translator, which the guest gets',
    async signal => {
      const { translator, executor, rest } = await start()
      translator.kill(signal)
      expect(JSON.parse(await rest)).toEqual({ status: null, signal })
      expect(await gone(executor)).toBe(true)
    },
  )

  it('do not end by SIGINT to the translator alone', async () => {
    const { translator, executor, rest } = await start()
    translator.kill('SIGINT')
    translator.kill('SIGQUIT')
    await sleep(100)
    expect(existsSync(`/proc/${executor}`)).toBe(true)
    process.kill(executor, 'SIGINT')
    expect(JSON.parse(await rest)).toEqual({ status: null, signal: 'SIGINT' })
  })

  it('leave the guest the name of its program, and no descriptor of theirs but one', async () => {
    const { translator, executor, ended } = await start()
    expect(readFileSync(`/proc/${executor}/comm`, 'utf8')).toBe('sleeper\n')
    const targets = readdirSync(`/proc/${executor}/fd`).map(fd => readlinkSync(`/proc/${executor}/fd/${fd}`))
    expect(targets.filter(target => target.includes('memfd') || target === program)).toEqual(['/memfd:ferry (deleted)'])
    translator.kill('SIGKILL')
    await ended
  })
})
