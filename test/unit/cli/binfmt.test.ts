/** `ferry binfmt` against a folder that stands for the file system of binfmt_misc. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Registry, registrationLine } from '../../../cli/binfmt.ts'
import { command } from '../../../cli/commands/binfmt.ts'
import { ferryRoot } from '../../../cli/root.ts'

const INTERPRETER = join(ferryRoot(), 'bin/ferry-binfmt')
const MAGIC = '7f454c460201010000000000000000000200f300'

let folder: string
let stdout: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ferry-binfmt-'))
  writeFileSync(join(folder, 'register'), '')
  writeFileSync(join(folder, 'status'), 'enabled\n')
  stdout = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    stdout += text
    return true
  })
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

const file = (name: string): string => readFileSync(join(folder, name), 'utf8')
const register = (name: string, interpreter: string, magic = MAGIC, state = 'enabled'): void =>
  writeFileSync(join(folder, name), `${state}\ninterpreter ${interpreter}\nflags: P\noffset 0\nmagic ${magic}\n`)

describe('the line', () => {
  it('has the magic of riscv64 ELF files, EXEC and DYN, for any OS ABI', () => {
    const [, name, type, offset, magic, mask, interpreter, flags] = registrationLine('/opt/ferry-binfmt').split(':')
    const bytes = (text: string) => Buffer.from(text.replaceAll('\\x', ''), 'hex')
    expect([name, type, offset, interpreter, flags]).toEqual(['ferry-riscv64', 'M', '', '/opt/ferry-binfmt', 'P'])
    const matches = (header: Buffer) => header.every((byte, i) => ((byte ^ bytes(magic!)[i]!) & bytes(mask!)[i]!) === 0)
    const header = (abi: number, type: number, machine: number) =>
      Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, abi, 0, 0, 0, 0, 0, 0, 0, 0, type, 0, machine, 0])
    expect(bytes(magic!)).toHaveLength(20)
    expect(bytes(mask!)).toHaveLength(20)
    expect([header(0, 2, 243), header(0, 3, 243), header(3, 3, 243)].map(matches)).toEqual([true, true, true])
    expect([header(0, 1, 243), header(0, 4, 243), header(0, 2, 62)].map(matches)).toEqual([false, false, false])
  })

  it('separates its fields by a character that the path does not have', () => {
    expect(registrationLine('/a:b/ferry')).toMatch(/^;ferry-riscv64;M;;\S+;\/a:b\/ferry;P$/)
  })

  it('is what the command prints', async () => {
    expect(await command([], { folder: '/nowhere' })).toBe(0)
    expect(stdout).toBe(`${registrationLine(INTERPRETER)}\n`)
  })
})

describe('--install', () => {
  it('writes the line', async () => {
    expect(await command([], { install: true, folder })).toBe(0)
    expect(file('register')).toBe(registrationLine(INTERPRETER))
    expect(stdout).toContain(INTERPRETER)
  })

  it('takes an earlier registration of ferry back first, and no other', async () => {
    register('ferry-riscv64', '/old')
    register('qemu-riscv64', '/usr/bin/qemu-riscv64')
    const before = file('qemu-riscv64')
    await command([], { install: true, folder })
    expect(file('ferry-riscv64')).toMatch(/^-1/)
    expect(file('qemu-riscv64')).toBe(before)
  })

  it('says what to do when binfmt_misc is not mounted', async () => {
    await expect(command([], { install: true, folder: join(folder, 'none') })).rejects.toThrow(
      `${folder}/none: binfmt_misc is not mounted there. Mount it as root: mount -t binfmt_misc binfmt_misc ${folder}/none`,
    )
  })

  it('says what to do when it may not write', () => {
    const registry = new Registry(folder)
    // not even root can write to a folder
    rmSync(join(folder, 'register'))
    mkdirSync(join(folder, 'register'))
    expect(() => registry.install(INTERPRETER)).toThrow(
      `${folder}/register: can not be written: it is a folder. Registering and removing need root: sudo ferry binfmt.`,
    )
  })
})

describe('--remove', () => {
  it('takes the registration back', async () => {
    register('ferry-riscv64', INTERPRETER)
    expect(await command([], { remove: true, folder })).toBe(0)
    expect(file('ferry-riscv64')).toMatch(/^-1/)
    expect(stdout).toBe('ferry-riscv64: removed\n')
  })

  it('has nothing to do when there is none', async () => {
    expect(await command([], { remove: true, folder })).toBe(0)
    expect(stdout).toBe('ferry-riscv64: was not registered\n')
  })
})

describe('--status', () => {
  it.each([
    ['nothing', () => {}, 1, 'ferry-riscv64: not registered\n'],
    [
      'this ferry',
      () => register('ferry-riscv64', INTERPRETER),
      0,
      `ferry-riscv64: enabled, interpreter ${INTERPRETER}\n`,
    ],
    [
      'this ferry, disabled',
      () => register('ferry-riscv64', INTERPRETER, MAGIC, 'disabled'),
      1,
      `ferry-riscv64: disabled, interpreter ${INTERPRETER}\n`,
    ],
    [
      'another ferry',
      () => register('ferry-riscv64', '/old'),
      1,
      `ferry-riscv64: enabled, interpreter /old\nthis ferry would register ${INTERPRETER}\n`,
    ],
    [
      'others',
      () => {
        register('qemu-riscv64', '/usr/bin/qemu-riscv64')
        register('qemu-arm', '/usr/bin/qemu-arm', '7f454c46010101')
      },
      1,
      'qemu-riscv64: enabled, interpreter /usr/bin/qemu-riscv64\nferry-riscv64: not registered\n',
    ],
  ])('tells of %s', async (_, arrange, status, text) => {
    arrange()
    expect(await command([], { status: true, folder })).toBe(status)
    expect(stdout).toBe(text)
  })
})

it('does one thing at a time', async () => {
  await expect(command([], { install: true, remove: true, folder })).rejects.toThrow(
    '--install, --remove: give one of them.',
  )
})
