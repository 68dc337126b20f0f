import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WorkFolder } from '../../../runtime/report/folder.ts'
import { runProcess } from '../../../runtime/report/process.ts'
import { calibrate, ticks } from '../../../runtime/report/ticks.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const streams = (stdin = '/dev/null') => ({ stdin, stdout: join(folder, 'out'), stderr: join(folder, 'err') })
const shell = (script: string) => ({ file: '/bin/sh', args: ['-c', script] })

describe('a run', () => {
  it('keeps what it writes and tells how it ended', async () => {
    const result = await runProcess(shell('echo out; echo err >&2; exit 3'), streams())
    expect(result).toMatchObject({ status: 3, signal: null })
    expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('out\n')
    expect(readFileSync(join(folder, 'err'), 'utf8')).toBe('err\n')
    expect(await runProcess(shell('kill -ABRT $$'), streams())).toMatchObject({ status: null, signal: 'SIGABRT' })
  })

  it('reads its input from the start each time', async () => {
    const input = join(folder, 'in')
    writeFileSync(input, 'line\n')
    for (let i = 0; i < 2; i++) {
      await runProcess(shell('cat'), streams(input))
      expect(readFileSync(join(folder, 'out'), 'utf8')).toBe('line\n')
    }
  })

  it('has the CPU time of its descendants and no more on the clock than passed', async () => {
    const start = performance.now()
    // the work is done by a grandchild
    const { wall, user, system } = await runProcess(
      shell('sh -c "i=0; while [ \\$i -lt 200000 ]; do i=\\$((i+1)); done"; true'),
      streams(),
    )
    expect(wall).toBeLessThanOrEqual((performance.now() - start) / 1000)
    expect(user).toBeGreaterThan(0)
    expect(user + system).toBeLessThanOrEqual(wall * 1.5 + 0.05)
  })

  it('says what can not be started, read or written', async () => {
    await expect(runProcess({ file: join(folder, 'none'), args: [] }, streams())).rejects.toMatchObject({
      id: 'report-failed',
    })
    await expect(runProcess(shell('true'), streams(join(folder, 'none')))).rejects.toMatchObject({
      id: 'input-unreadable',
    })
    await expect(runProcess(shell('true'), { ...streams(), stdout: join(folder, 'none/out') })).rejects.toMatchObject({
      id: 'output-unwritable',
    })
  })
})

describe('the work folder', () => {
  const original = process.env.TMPDIR
  beforeEach(() => {
    process.env.TMPDIR = folder
  })
  afterEach(() => {
    if (original === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = original
  })

  it('goes away with its files', () => {
    const work = new WorkFolder()
    writeFileSync(work.file('emulated.stdout'), '')
    work.close()
    expect(readdirSync(folder)).toEqual([])
  })

  it('stays with the files that are kept', () => {
    const work = new WorkFolder()
    const { stdout, stderr } = work.streams('hybrid', '/dev/null')
    for (const path of [stdout, stderr, work.file('hybrid.json'), work.file('native')]) writeFileSync(path, '')
    work.keep('hybrid')
    work.close()
    expect(readdirSync(join(folder, readdirSync(folder)[0]!)).sort()).toEqual(['hybrid.stderr', 'hybrid.stdout'])
  })

  it('needs a folder for temporary files', () => {
    process.env.TMPDIR = join(folder, 'none')
    expect(() => new WorkFolder()).toThrow(/none: no temporary files can be written there/)
  })
})

describe('the time-stamp counter', () => {
  it('rises', () => {
    const first = ticks()
    expect(ticks()).toBeGreaterThan(first)
  })

  it('has a frequency that two calibrations agree on', async () => {
    const [outer, inner] = [calibrate(), calibrate()]
    await new Promise(resolve => setTimeout(resolve, 50))
    const [a, b] = [inner(), outer()]
    expect(a).toBeGreaterThan(1e8)
    expect(Math.abs(a / b - 1)).toBeLessThan(0.01)
  })
})
