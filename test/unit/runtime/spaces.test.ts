/** Who is in which space: processes without memory, a translator that only places. */
import { afterEach, describe, expect, it } from 'vitest'
import { CacheFull } from '../../../emulator/code-memory.ts'
import { GuestProcess } from '../../../runtime/process.ts'
import type { Space } from '../../../runtime/space.ts'
import { Spaces } from '../../../runtime/spaces.ts'
import type { Translation } from '../../../runtime/translation.ts'
import { TreeMemory } from '../../../runtime/tree-memory.ts'
import { gates, retRegion } from '../emulator/cached.ts'

const CODE = 0x10000
const LIBRARY = 0x28_0000_0000
const LENGTH = 0x1000
let pids = 100
let made: { spaces: Spaces; memory: TreeMemory }[] = []
afterEach(() => {
  for (const { spaces, memory } of made) {
    spaces.dispose()
    memory.release()
  }
  made = []
})

function options(full = { now: false }, furnished: number[] = []) {
  const translation = {
    resolve: ({ cache }: Space, _: GuestProcess, pc: number) => {
      if (full.now) throw new CacheFull(0)
      return cache.offsetOf(pc) ?? cache.place(retRegion(pc))
    },
  }
  return {
    codeSize: 1 << 16,
    gates,
    translation: translation as unknown as Translation,
    furnish: (_: Space, { pid }: GuestProcess) => void furnished.push(pid),
  }
}

function tree() {
  const furnished: number[] = []
  const full = { now: false }
  const memory = new TreeMemory()
  const spaces = new Spaces({ ...options(full, furnished), memory })
  made.push({ spaces, memory })
  const start = (isPrivate = false): GuestProcess => {
    const process = new GuestProcess(pids++)
    spaces.enter(process, isPrivate)
    return process
  }
  const map = (process: GuestProcess, start: number, inode: number) =>
    spaces.mapped(process, {
      start,
      length: LENGTH,
      device: inode === 0 ? 0n : 1n,
      inode: BigInt(inode),
      time: 0n,
      offset: 0n,
    })
  const resolve = (process: GuestProcess, pc: number, changes = false) =>
    spaces.resolve(process, pc, pc, pc + LENGTH, changes)
  const fork = (parent: GuestProcess): GuestProcess => {
    const child = GuestProcess.forkOf(parent, pids++)
    spaces.fork(child, parent, parent.space!.number)
    return child
  }
  /** A program with a library, whose code is translated. */
  const program = (inode: number): GuestProcess => {
    const process = start()
    if (map(process, CODE, inode)) spaces.moved(process)
    map(process, LIBRARY, 99)
    resolve(process, CODE)
    resolve(process, LIBRARY)
    return process
  }
  return { spaces, memory, start, map, resolve, fork, program, furnished, full }
}

describe('processes of one program', () => {
  it('share a public space and its translations', () => {
    const { program } = tree()
    const [one, other] = [program(1), program(1)]
    expect(one.space).toBe(other.space)
    expect(one.space).toMatchObject({ kind: 'public', released: false })
    expect(one.space!.pids).toEqual(new Set([one.pid, other.pid]))
  })

  it('stay together after fork', () => {
    const { program, fork, spaces } = tree()
    const parent = program(1)
    const child = fork(parent)
    expect([child.space, child.next]).toEqual([parent.space, undefined])
    spaces.gone(parent)
    expect(child.space!.pids).toEqual(new Set([child.pid]))
  })
})

describe('another program at the same addresses', () => {
  it('replaces one that is gone', () => {
    const { program, spaces } = tree()
    const one = program(1)
    const { space } = one
    spaces.gone(one)
    const other = program(2)
    expect(other.space).toBe(space)
    expect(space!.facts.at(CODE)?.identity).toContain('1:2:')
  })

  it('goes to another public space, where the next of its kind join it', () => {
    const { program, spaces } = tree()
    const one = program(1)
    const [other, third] = [program(2), program(2)]
    expect(other.space).not.toBe(one.space)
    expect(other.space).toMatchObject({ kind: 'public' })
    expect(third.space).toBe(other.space)
    expect(one.space!.pids).toEqual(new Set([one.pid]))
    const { space } = other
    spaces.gone(other)
    expect(space!.released).toBe(false)
    spaces.gone(third)
    expect(space!.released).toBe(true)
  })

  it('every request gets the same move until it is made', () => {
    const { start, map, resolve, program, spaces } = tree()
    program(1)
    const process = start()
    const space = map(process, CODE, 2)
    expect(space).toBeDefined()
    expect(map(process, CODE, 2)).toBe(space)
    expect(resolve(process, CODE)).toBe(space)
    expect(spaces.invalidate(process, CODE, 4, false)).toBe(space)
    expect(process.space).not.toBe(space)
    spaces.moved(process)
    expect([process.space, process.next]).toEqual([space, undefined])
    expect(map(process, CODE, 2)).toBeUndefined()
    expect(resolve(process, CODE)).toBe(space!.cache.offsetOf(CODE))
  })
})

describe('code that is in no file', () => {
  it('takes its process to a private space with what it has translated', () => {
    const { program, map, resolve, spaces } = tree()
    const [process, other] = [program(1), program(1)]
    const before = process.space!
    const space = map(process, 0x5000_0000, 0)!
    expect(space).toMatchObject({ kind: 'private' })
    spaces.moved(process)
    expect(map(process, 0x5000_0000, 0)).toBeUndefined()
    expect(space.cache.offsetOf(LIBRARY)).toBe(before.cache.offsetOf(LIBRARY))
    expect(resolve(process, 0x5000_0000, true)).toBe(space.cache.offsetOf(0x5000_0000))
    expect(before.pids).toEqual(new Set([other.pid]))
    spaces.gone(process)
    expect(space.released).toBe(true)
  })

  it('also when it was never told of', () => {
    const { program, resolve, spaces } = tree()
    const process = program(1)
    const space = resolve(process, 0x5000_0000, true)
    expect(space).toMatchObject({ kind: 'private' })
    spaces.moved(process)
    expect(resolve(process, 0x5000_0000, true)).toBeTypeOf('number')
  })

  it('is not shared with a child', () => {
    const { program, fork, map, resolve, spaces } = tree()
    const parent = program(1)
    map(parent, 0x5000_0000, 0)
    spaces.moved(parent)
    resolve(parent, 0x5000_0000, true)
    const child = fork(parent)
    expect(child.next).toMatchObject({ kind: 'private' })
    expect(child.next).not.toBe(parent.space)
    expect(child.next!.cache.offsetOf(LIBRARY)).toBe(parent.space!.cache.offsetOf(LIBRARY))
    spaces.gone(parent)
    spaces.moved(child)
    expect(child.space).toMatchObject({ kind: 'private', released: false })
  })
})

describe('code that changes', () => {
  it('is dropped when no other process has it', () => {
    const { program, spaces } = tree()
    const process = program(1)
    expect(spaces.invalidate(process, CODE, 4, false)).toBeUndefined()
    expect(process.space!.cache.offsetOf(CODE)).toBeUndefined()
    expect(process.space!.cache.offsetOf(LIBRARY)).toBeDefined()
  })

  it('takes its process away from the others', () => {
    const { program, spaces } = tree()
    const [process, other] = [program(1), program(1)]
    const space = spaces.invalidate(process, CODE, 4, false)
    expect(space).toMatchObject({ kind: 'private' })
    spaces.moved(process)
    spaces.invalidate(process, CODE, 4, false)
    expect(space!.cache.offsetOf(CODE)).toBeUndefined()
    expect(other.space!.cache.offsetOf(CODE)).toBeDefined()
  })

  it('stays for the others where one process unmaps it, and where it is no code', () => {
    const { program, spaces } = tree()
    const [process, other] = [program(1), program(1)]
    expect(spaces.invalidate(process, CODE, LENGTH, true)).toBeUndefined()
    expect(spaces.invalidate(process, 0x5000_0000, LENGTH, false)).toBeUndefined()
    expect(other.space!.cache.offsetOf(CODE)).toBeDefined()
    expect(process.space).toBe(other.space)
  })
})

describe('a code cache that is full', () => {
  it('gives way to a fresh one of its kind, and is released when nobody has it', () => {
    const { program, resolve, spaces, full, furnished } = tree()
    const [one, other] = [program(1), program(1)]
    const first = one.space
    full.now = true
    const second = resolve(one, CODE + 4) as Space
    expect(second).toMatchObject({ kind: 'public' })
    expect(second.cache.offsetOf(CODE)).toBeUndefined()
    full.now = false
    spaces.moved(one)
    expect(resolve(one, CODE)).toBe(second.cache.offsetOf(CODE))
    // the others follow when they need something
    expect(resolve(other, CODE + 8)).toBe(second)
    spaces.moved(other)
    expect([first!.pids.size, second.pids.size]).toEqual([0, 2])
    full.now = true
    const third = resolve(one, CODE + 12) as Space
    spaces.moved(one)
    resolve(other, CODE + 16)
    spaces.moved(other)
    expect([second.released, third.pids.size]).toEqual([true, 2])
    expect(furnished).toEqual([])
  })

  it('a private one is furnished anew', () => {
    const { start, resolve, spaces, full, furnished } = tree()
    const process = start(true)
    const first = process.space
    full.now = true
    expect(resolve(process, CODE)).toMatchObject({ kind: 'private' })
    expect(furnished).toEqual([process.pid])
    spaces.moved(process)
    expect(process.space).not.toBe(first)
  })
})

describe('a tree that another translator takes over', () => {
  it('has the spaces with their numbers, and nobody moves', () => {
    const one = tree()
    const [first, conflicting] = [one.program(1), one.program(2)]
    const alone = one.start(true)
    one.spaces.places.place(1n, 2n, 3n, 4096)
    const state = structuredClone(one.spaces.state)
    const inherited = { fd: one.memory.fd, state: structuredClone(one.memory.state) }
    const spaces = new Spaces({ ...options(), memory: new TreeMemory(inherited) })
    const byNumber = spaces.restore(state)
    expect([...byNumber.keys()]).toEqual([first, conflicting, alone].map(({ space }) => space!.number))
    expect(spaces.places.place(1n, 2n, 3n, 4096)).toBe(one.spaces.places.place(1n, 2n, 3n, 4096))
    const known = [first, conflicting].map(process => {
      const own = new GuestProcess(process.pid, process.state)
      spaces.enterKnown(own, byNumber.get(process.space!.number)!, undefined)
      return own
    })
    spaces.prune()
    expect([...byNumber.values()].map(({ released }) => released)).toEqual([false, false, true])
    expect(known.map(({ space }) => space!.cache.offsetOf(CODE))).toEqual(
      [first, conflicting].map(({ space }) => space!.cache.offsetOf(CODE)),
    )
    expect(known.map(({ image, facts }) => [image, facts])).toEqual(
      [first, conflicting].map(({ image, facts }) => [image, facts]),
    )
    // the next of its kind joins it, and the number of the space that is gone is used again
    const next = new GuestProcess(pids++)
    expect(spaces.enter(next, true).number).toBe(alone.space!.number)
    const child = GuestProcess.forkOf(known[1]!, pids++)
    expect(spaces.fork(child, known[1]!, known[1]!.space!.number)).toBeUndefined()
    expect(child.space).toBe(known[1]!.space)
  })
})
