/**
 * Where gdb connects: a TCP port of this machine or a Unix socket. One gdb at a time; when its connection is lost, the
 * program stays as it is, and another one may come.
 */
import { accessSync, constants, lstatSync, unlinkSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import { FerryError } from '../../base/diagnostics.ts'
import { describeSystemError } from '../../base/system-error.ts'
import { encodePacket, PacketReader } from './packet.ts'
import { Stub } from './stub.ts'
import type { End, Stop, Target } from './target.ts'

export type GdbAddress = { readonly port: number } | { readonly path: string }

const LOCALHOST = '127.0.0.1'
/** How long gdb may take to close the connection at the end, in milliseconds. */
const PATIENCE = 2000

export class GdbServer {
  readonly #server: Server
  readonly #address: GdbAddress
  readonly #target: Target
  #socket: Socket | undefined
  #stub: Stub | undefined
  /** What the program did last, before a gdb was there to be told. */
  #last: Stop | End | undefined
  #acknowledge = true
  #sent = ''

  /** Is told when a gdb is gone. */
  onLost: () => void = () => {}

  private constructor(server: Server, address: GdbAddress, target: Target) {
    this.#server = server
    this.#address = address
    this.#target = target
    server.on('connection', socket => this.#connected(socket))
  }

  /** @throws FerryError `gdb-listen` */
  static async listen(address: GdbAddress, target: Target): Promise<GdbServer> {
    const server = createServer({ noDelay: true })
    try {
      await listenOn(server, address)
    } catch (error) {
      const reason = describeSystemError(error)
      throw new FerryError('gdb-listen', { address: describeAddress(address), reason })
    }
    return new GdbServer(server, address, target)
  }

  /** How to connect, as gdb's `target remote` takes it. */
  get address(): string {
    return describeAddress(this.#address)
  }

  get connected(): boolean {
    return this.#socket !== undefined
  }

  /** The program stopped or ended. */
  report(event: Stop | End): void {
    this.#last = event
    if (!this.#socket) return
    if (this.#stub) this.#send(this.#stub.report(event))
    else if (event.kind === 'stop') this.#begin(this.#socket, event)
  }

  /** Nobody can connect any more; what was sent arrives. */
  async close(): Promise<void> {
    const socket = this.#socket
    this.#server.close()
    if (socket) {
      const impatient = setTimeout(() => socket.destroy(), PATIENCE)
      await new Promise<void>(resolve => socket.once('close', resolve).end())
      clearTimeout(impatient)
    }
    this.#stub?.close()
  }

  #connected(socket: Socket): void {
    if (this.#socket) return void socket.destroy()
    this.#socket = socket
    socket.on('error', () => {})
    socket.on('close', () => this.#lost())
    // what gdb says is read when the program stands still
    if (this.#target.stopped && this.#last?.kind === 'stop') this.#begin(socket, this.#last)
    else this.#target.interrupt()
  }

  #begin(socket: Socket, stop: Stop): void {
    const reader = new PacketReader()
    this.#acknowledge = true
    this.#stub = new Stub(this.#target, stop)
    socket.setEncoding('latin1').on('data', (text: string) => {
      for (const incoming of reader.read(text)) {
        if (incoming.kind === 'packet') this.#packet(incoming.payload)
        else if (incoming.kind === 'corrupt') this.#write('-')
        else if (incoming.kind === 'nak') this.#write(this.#sent)
        else if (incoming.kind === 'interrupt') this.#target.interrupt()
      }
    })
  }

  #packet(payload: string): void {
    if (this.#acknowledge) this.#write('+')
    const answer = this.#stub!.answer(payload)
    if (answer === undefined) return
    this.#send(answer)
    if (payload === 'QStartNoAckMode') this.#acknowledge = false
    if (payload.startsWith('D') || payload.startsWith('k')) this.#socket?.end()
  }

  #send(payload: string): void {
    this.#sent = encodePacket(payload)
    this.#write(this.#sent)
  }

  #write(text: string): void {
    this.#socket?.write(text, 'latin1')
  }

  #lost(): void {
    this.#stub?.close()
    this.#stub = undefined
    this.#socket = undefined
    this.onLost()
  }
}

function describeAddress(address: GdbAddress): string {
  return 'path' in address ? address.path : `localhost:${address.port}`
}

function listenOn(server: Server, address: GdbAddress): Promise<void> {
  if ('path' in address) makeRoom(address.path)
  return new Promise((resolve, reject) => {
    server.once('error', reject).once('listening', resolve)
    if ('path' in address) server.listen(address.path)
    else server.listen(address.port, LOCALHOST)
  })
}

/** Removes a socket that a run left behind; whatever else is there, listening fails on it. @throws when the folder is none to write to */
function makeRoom(path: string): void {
  accessSync(dirname(path), constants.W_OK)
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket()) unlinkSync(path)
}
