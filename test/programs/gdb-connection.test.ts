/** `ferry run --gdb`: gdb comes, goes and comes back. */
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Debugging, freePort, missing, TIMEOUT, transcript } from './gdb/gdb.ts'

const gdb = new Debugging('gdb-connection')
beforeAll(() => gdb.make())
afterAll(() => gdb.dispose())

describe.skipIf(missing)('gdb', { timeout: TIMEOUT }, () => {
  let program: string
  beforeAll(() => {
    program = gdb.build('arguments')
  })

  it('lets the program go', async () => {
    const { lines, ferry } = await gdb.debug([program, '3', '4'], ['break add', 'continue', 'detach'])
    expect(lines.at(-1)).toBe('[Inferior 1 (process N) detached]')
    expect(ferry).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
  })

  it('ends the program', async () => {
    const { lines, ferry } = await gdb.debug([program, '3', '4'], ['break add', 'continue', 'kill'])
    expect(lines.at(-1)).toBe('[Inferior 1 (process N) killed]')
    expect(ferry).toMatchObject({ stdout: '', status: null, signal: 'SIGKILL' })
    expect(ferry.stderr).not.toContain('killed')
  })

  it('comes back after it was gone', async () => {
    const { ferry, socket } = await gdb.waiting([program, '3', '4'])
    const first = await gdb.gdb(program, socket, ['break add', 'continue', 'disconnect']).ended
    expect(transcript(first.stdout)).toContain('Breakpoint 1, add (a=0, b=3) at arguments.c:10')
    await ferry.says('waits for gdb', 2)
    const second = await gdb.gdb(program, socket, ['print b', 'continue']).ended
    expect(transcript(second.stdout)).toEqual([
      'add (a=0, b=3) at arguments.c:10',
      '10\t  calls++;',
      '$1 = 3',
      '[Inferior 1 (process N) exited with code 07]',
    ])
    expect(await ferry.ended).toMatchObject({ stdout: 'total 7, half 3.5\n', status: 7 })
  })

  it('connects to a port', async () => {
    const port = await freePort()
    const ferry = gdb.ferry(['-g', `${port}`, program, '5'])
    await ferry.says(`waits for gdb: target remote localhost:${port}`)
    const session = await gdb.gdb(program, `:${port}`, ['break half', 'continue', 'continue']).ended
    expect(transcript(session.stdout)).toContain('Breakpoint 1, half (value=5) at arguments.c:6')
    expect(await ferry.ended).toMatchObject({ status: 5 })
  })
})

describe('without gdb', { timeout: TIMEOUT }, () => {
  let program: string
  beforeAll(() => {
    program = gdb.build('arguments')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('%s ends a program that waits', async signal => {
    const { ferry } = await gdb.waiting([program])
    ferry.child.kill(signal)
    expect(await ferry.ended).toMatchObject({ stdout: '', status: null, signal })
  })

  it('says which address can not be had', async () => {
    const { ferry } = await gdb.waiting([program])
    const path = gdb.socket('none/socket')
    expect(await gdb.ferry(['-g', path, program]).ended).toMatchObject({
      stderr: `ferry: --gdb: can not listen on ${path}: no such file or folder. Give another port, or the path of a socket in a folder that you can write to.\n`,
      status: 1,
    })
    const server = createServer().listen(0, '127.0.0.1')
    const { port } = await new Promise<{ port: number }>(resolve => {
      server.once('listening', () => resolve(server.address() as { port: number }))
    })
    const busy = await gdb.ferry(['-g', `${port}`, program]).ended
    server.close()
    expect(busy.stderr).toMatch(/^ferry: --gdb: can not listen on localhost:\d+: .*in use/)
    expect(busy.status).toBe(1)
    ferry.child.kill('SIGINT')
    await ferry.ended
  })
})
