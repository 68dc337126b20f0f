import { readSync, writeSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CONTROL, MAILBOX, PLACES, REQUEST } from '../../../base/layout.ts'
import { DispatchTable } from '../../../runtime/dispatch-table.ts'
import { GuestMemory } from '../../../runtime/guest-memory.ts'
import { ControlBlock } from '../../../runtime/mailbox.ts'
import { futexWait, futexWaitAsync, futexWake, SharedMemory } from '../../../runtime/shared-memory.ts'
import { TreeMemory } from '../../../runtime/tree-memory.ts'

const wordsOf = ({ buffer, byteOffset, length }: Uint8Array) => new Int32Array(buffer, byteOffset, length / 4)

describe('shared memory', () => {
  it('is one file seen through several mappings', () => {
    const memory = new SharedMemory('test', 8192)
    const [a, b] = [memory.map(0, 8192).bytes, memory.map(4096, 4096).bytes]
    a[4100] = 77
    const bytes = new Uint8Array(1)
    readSync(memory.fd, bytes, 0, 1, 4100)
    expect([b[4], bytes[0]]).toEqual([77, 77])
    memory.release()
  })

  it('holds bytes', () => {
    const memory = SharedMemory.holding('test', new Uint8Array([1, 2, 3]))
    expect([...memory.map().bytes]).toEqual([1, 2, 3])
    memory.release()
  })

  it('says what the system refuses', () => {
    expect(() => new SharedMemory('odd', -1)).toThrow(/no shared memory for odd: ftruncate failed \(errno 22\)/)
    const memory = new SharedMemory('test', 4096)
    expect(() => memory.map(1)).toThrow(/no shared memory for test: mmap failed \(errno 22\)/)
    memory.release()
  })

  it('wakes who sleeps on a word', async () => {
    const memory = new SharedMemory('test', 4096)
    const { address, bytes } = memory.map()
    const word = wordsOf(bytes)
    futexWait(address, 1, 60_000)
    futexWait(address, 0, 5)
    const waiting = futexWaitAsync(address, 0, 60_000)
    word[0] = 1
    futexWake(address)
    await waiting
    await futexWaitAsync(address, 0, 60_000)
    expect(word[0]).toBe(1)
    memory.release()
  })
})

describe('the memory of a tree', () => {
  it('gives spaces of their own, and takes them back', () => {
    const tree = new TreeMemory()
    const [a, b] = [tree.take(), tree.take()]
    expect([a.number, b.number]).toEqual([1, 2])
    const words = [a, b].map(space => wordsOf(space.map(PLACES.DISPATCH_SIZE, 4096).bytes))
    words[0]![5] = 1
    words[1]![5] = 2
    b.write(new Uint8Array([7, 8]))
    const bytes = Buffer.alloc(4)
    readSync(tree.fd, bytes, 0, 4, 2 * PLACES.SPACE_SIZE + PLACES.DISPATCH_SIZE + 20)
    expect(bytes.readUInt32LE()).toBe(2)
    expect([...b.map(0, 4096).bytes.subarray(0, 3)]).toEqual([7, 8, 0])
    b.release()
    b.release()
    expect(words[0]![5]).toBe(1)
    const again = tree.take()
    expect(again.number).toBe(2)
    expect(wordsOf(again.map(PLACES.DISPATCH_SIZE, 4096).bytes)[5]).toBe(0)
    expect(tree.take().number).toBe(3)
    tree.release()
  })
})

describe('the dispatch table', () => {
  let tree: TreeMemory
  beforeEach(() => {
    tree = new TreeMemory()
  })
  afterEach(() => tree.release())

  it('has an entry for every even pc, and 0 where nothing was set', () => {
    const table = new DispatchTable(tree.take())
    const last = PLACES.GUEST_END - 2
    table.set(0x10000, 64)
    table.set(0x10002, 0xffff_ffff)
    table.set(last, 128)
    expect([0x10000, 0x10002, 0x10004, last, last - 2, 0x2000_0000].map(pc => table.get(pc))).toEqual([
      64, 0xffff_ffff, 0, 128, 0, 0,
    ])
    const bytes = Buffer.alloc(8)
    readSync(tree.fd, bytes, 0, 8, PLACES.SPACE_SIZE + 0x10000 * 2)
    expect([bytes.readUInt32LE(0), bytes.readUInt32LE(4)]).toEqual([64, 0xffff_ffff])
  })

  it('drops ranges, over the bounds of its windows', () => {
    const table = new DispatchTable(tree.take())
    const bound = 2 << 20
    const places = [bound - 4, bound - 2, bound, bound + 2, bound + 4]
    for (const pc of places) table.set(pc, pc)
    table.clear(bound - 2, 4)
    expect(places.map(pc => table.get(pc))).toEqual([bound - 4, 0, 0, bound + 2, bound + 4])
    table.clear(0, PLACES.GUEST_END)
    expect(places.map(pc => table.get(pc))).toEqual([0, 0, 0, 0, 0])
  })
})

describe('guest memory', () => {
  /** This process's own memory, as another process would see it. */
  const own = new SharedMemory('own', 3 * 4096)
  const { address: start, bytes } = own.map()
  const address = Number(start)
  const memory = new GuestMemory()

  it('is not readable before the guest is there', () => {
    expect(memory.read(address, 16).length).toBe(0)
    expect(memory.codeHalf(address)).toBe(-1)
    memory.open(process.pid)
  })

  it('reads and writes what is mapped', () => {
    bytes.set(Buffer.from('text\0more'), 4090)
    expect(memory.readString(address + 4090)).toBe('text')
    expect(memory.write(address + 4094, Buffer.from('!!'))).toBe(2)
    expect(Buffer.from(bytes.subarray(4090, 4096)).toString()).toBe('text!!')
    expect(memory.read(16, 16).length).toBe(0)
    expect(memory.readString(16)).toBeUndefined()
    expect(memory.write(16, new Uint8Array(2))).toBe(0)
  })

  it('keeps pages of code until they are forgotten', () => {
    bytes[0] = 0x13
    expect(memory.codeHalf(address)).toBe(0x13)
    bytes[0] = 0x93
    expect(memory.codeHalf(address)).toBe(0x13)
    memory.forget(address + 100, 1)
    expect(memory.codeHalf(address)).toBe(0x93)
    bytes.set([1, 2, 3, 4], 2 * 4096 - 2)
    expect([...memory.code(address + 2 * 4096 - 2, 4)]).toEqual([1, 2, 3, 4])
    expect(memory.code(16, 4).length).toBe(0)
  })

  it('is not readable when the guest is gone', () => {
    memory.close()
    expect(memory.read(address, 1).length).toBe(0)
    own.release()
  })
})

describe('the mailbox', () => {
  it('moves words and text', () => {
    const control = new ControlBlock()
    const slot = control.slot(1)
    expect(slot.posted).toBe(false)
    slot.setResult(0, Number.MAX_SAFE_INTEGER)
    slot.text = 'x'.repeat(5000)
    expect(slot.text.length).toBe(2047)
    expect(slot.setWords(Array.from({ length: 600 }, (_, i) => i))).toBe(512)
    control.set('code_size', 2 ** 40)
    expect([control.get('code_size'), control.get('translator_pid')]).toEqual([2 ** 40, process.pid])
    control.setText('sysroot', '/a/sysroot')
    expect(() => control.setText('sysroot', 'x'.repeat(2048))).toThrow('sysroot is longer than 2047 bytes')
    const bytes = Buffer.alloc(11)
    readSync(control.memory.fd, bytes, 0, 11, CONTROL.at.sysroot)
    expect(bytes.toString()).toBe('/a/sysroot\0')
    control.memory.release()
  })

  it('has a slot for every thread that was ever there', () => {
    const control = new ControlBlock()
    expect([...control.slots()]).toEqual([])
    control.set('thread_count', 3)
    const word = new DataView(new ArrayBuffer(4))
    const own = (slot: number, field: 'owner' | 'process', value: number) => {
      word.setUint32(0, value, true)
      const at = PLACES.THREADS + slot * PLACES.THREAD_SIZE + PLACES.MAILBOX + MAILBOX.at[field]
      writeSync(control.memory.fd, new Uint8Array(word.buffer), 0, 4, at)
    }
    for (const slot of [0, 2]) {
      own(slot, 'owner', 100 + slot)
      own(slot, 'process', 100)
    }
    expect([...control.slots()].map(({ owner, process }) => [owner, process])).toEqual([
      [100, 100],
      [0, 0],
      [102, 100],
    ])
    expect([control.threadsOf(100), control.threadsOf(102)]).toEqual([2, 0])
    control.slot(2).free()
    expect([control.threadsOf(100), control.slot(2).owner, control.slot(2).process]).toEqual([1, 0, 0])
    control.memory.release()
  })

  it('stops when it is told, after what is posted', async () => {
    const control = new ControlBlock()
    const seen: number[] = []
    const served = control.serve({ handle: slot => void seen.push(slot.kind), want: () => {} })
    control.stop()
    await served
    expect(seen).toEqual([])
    expect(REQUEST.READY).toBe(1)
    control.memory.release()
  })
})
