/** The connection: acknowledgements, repetition, one gdb at a time. The program is fake-target.ts. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodePacket } from '../../../../runtime/gdb/packet.ts'
import { GdbServer } from '../../../../runtime/gdb/server.ts'
import { FakeTarget } from './fake-target.ts'

const STOP = { kind: 'stop', thread: 100, signal: 5 } as const
const STOPPED = encodePacket('T05thread:64;20:0000000000000000;02:0000000000000000;08:0000000000000000;')

let folder: string
let path: string
let target: FakeTarget
let server: GdbServer
let sockets: Socket[]
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-gdb-'))
  path = join(folder, 'socket')
  target = new FakeTarget()
  sockets = []
  server = await GdbServer.listen({ path }, target)
})
afterEach(async () => {
  for (const socket of sockets) socket.destroy()
  await server.close()
  rmSync(folder, { recursive: true })
})

/** A client that keeps what it hears. */
async function client() {
  const socket = connect(path).setEncoding('latin1')
  sockets.push(socket)
  const heard = { text: '', closed: false }
  socket.on('data', text => {
    heard.text += text
  })
  socket.on('close', () => {
    heard.closed = true
  })
  await new Promise(resolve => socket.once('connect', resolve))
  const until = async (done: () => boolean): Promise<void> => {
    while (!done()) await new Promise(resolve => setTimeout(resolve, 2))
  }
  return {
    heard,
    until,
    /** Sends bytes; what came back once that is as long as `expected`. */
    async exchange(text: string, expected: string): Promise<string> {
      heard.text = ''
      socket.write(text, 'latin1')
      await until(() => heard.text.length >= expected.length)
      return heard.text
    },
    socket,
  }
}

describe('a connection', () => {
  it('acknowledges packets until gdb wants that no more', async () => {
    server.report(STOP)
    const { exchange } = await client()
    const query = encodePacket('?')
    expect(await exchange(`+${query}`, `+${STOPPED}`)).toBe(`+${STOPPED}`)
    expect(await exchange(encodePacket('QStartNoAckMode'), '+$OK#9a')).toBe('+$OK#9a')
    expect(await exchange(`+${query}`, STOPPED)).toBe(STOPPED)
  })

  it('repeats what did not arrive, and asks for what did not', async () => {
    server.report(STOP)
    const { exchange } = await client()
    const query = encodePacket('?')
    expect(await exchange(query, `+${STOPPED}`)).toBe(`+${STOPPED}`)
    expect(await exchange('-', STOPPED)).toBe(STOPPED)
    expect(await exchange('$?#00', '-')).toBe('-')
  })

  it('hears of nothing before the program stands still', async () => {
    const { exchange, heard, until } = await client()
    target.stopped = false
    expect(heard.text).toBe('')
    server.report(STOP)
    expect(await exchange(encodePacket('?'), `+${STOPPED}`)).toBe(`+${STOPPED}`)
    await until(() => server.connected)
  })

  it('interrupts, and tells of stops and of the end', async () => {
    server.report(STOP)
    const { exchange, heard, until, socket } = await client()
    expect(await exchange(encodePacket('c'), '+')).toBe('+')
    expect(target.calls).toEqual(['resume'])
    socket.write('\x03')
    await until(() => target.calls.includes('interrupt'))
    heard.text = ''
    server.report({ kind: 'stop', thread: 100, signal: 2 })
    await until(() => heard.text.length === STOPPED.length)
    expect(heard.text).toMatch(/^\$T02thread:64;/)
    server.report({ kind: 'exited', value: 3 })
    await until(() => heard.text.endsWith(encodePacket('W03')))
    await server.close()
    await until(() => heard.closed)
  })

  it('stops a program that runs when it begins', async () => {
    target.stopped = false
    server.report(STOP)
    await client()
    while (!target.calls.includes('interrupt')) await new Promise(resolve => setTimeout(resolve, 2))
    expect(target.calls).toEqual(['interrupt'])
  })

  it('ends with detach', async () => {
    server.report(STOP)
    const { exchange, heard, until } = await client()
    expect(await exchange(encodePacket('D'), '+$OK#9a')).toBe('+$OK#9a')
    await until(() => heard.closed)
    expect(target.calls).toEqual(['detach'])
  })

  it('is one at a time; then comes the next', async () => {
    let lost = 0
    server.onLost = () => lost++
    server.report(STOP)
    const first = await client()
    expect(await first.exchange(encodePacket('?'), `+${STOPPED}`)).toBe(`+${STOPPED}`)
    const second = await client()
    await second.until(() => second.heard.closed)
    expect([first.heard.closed, lost]).toEqual([false, 0])
    first.socket.end()
    await first.until(() => lost === 1)
    expect(server.connected).toBe(false)
    const third = await client()
    expect(await third.exchange(encodePacket('?'), `+${STOPPED}`)).toBe(`+${STOPPED}`)
  })
})

describe('listening', () => {
  it('takes the place of a socket that was left behind', async () => {
    const left = join(folder, 'left')
    const old = await GdbServer.listen({ path: left }, target)
    const next = await GdbServer.listen({ path: left }, target)
    expect(next.address).toBe(left)
    await old.close()
    await next.close()
  })

  it('removes nothing else', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    await expect(GdbServer.listen({ path: file }, target)).rejects.toThrow(
      `--gdb: can not listen on ${file}: it is in use. Give another port, or the path of a socket in a folder that you can write to.`,
    )
  })

  it('needs the folder', async () => {
    const inside = join(folder, 'none', 'socket')
    await expect(GdbServer.listen({ path: inside }, target)).rejects.toThrow(
      `--gdb: can not listen on ${inside}: no such file or folder.`,
    )
  })
})
