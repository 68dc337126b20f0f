/** The commands of the protocol against a program that does nothing (fake-target.ts). */
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CPU_STATE } from '../../../../base/layout.ts'
import { REGISTERS, registerOf } from '../../../../runtime/gdb/registers.ts'
import { Stub } from '../../../../runtime/gdb/stub.ts'
import { FakeTarget, MEMORY_START } from './fake-target.ts'

const [MAIN, OTHER] = [100, 101]
const hex = (text: string): string => Buffer.from(text).toString('hex')

let target: FakeTarget
let stub: Stub
beforeEach(() => {
  target = new FakeTarget()
  stub = new Stub(target, { kind: 'stop', thread: MAIN, signal: 5 })
})

const set = (thread: number, name: string, value: bigint): void =>
  REGISTERS.find(register => register.name === name)!.write(target.state(thread)!, value)
const get = (thread: number, name: string): bigint =>
  REGISTERS.find(register => register.name === name)!.read(target.state(thread)!)

describe('registers', () => {
  it('are numbered as gdb numbers them', () => {
    const numbers = Object.fromEntries(REGISTERS.map(({ name, number }) => [name, number]))
    expect(numbers).toMatchObject({ zero: 0, ra: 1, sp: 2, fp: 8, a0: 10, t6: 31, pc: 32 })
    expect(numbers).toMatchObject({ ft0: 33, fa0: 43, ft11: 64, fflags: 66, frm: 67, fcsr: 68 })
  })

  it('are read and written together', () => {
    set(MAIN, 'ra', 0x10n)
    set(MAIN, 'pc', 0x123456789an)
    set(MAIN, 'ft11', 2n ** 63n)
    set(MAIN, 'fcsr', 0xe1n)
    const all = stub.answer('g')!
    expect(all).toHaveLength(2 * (32 * 8 + 8 + 32 * 8 + 3 * 4))
    expect(all.slice(16, 32)).toBe('1000000000000000')
    expect(all.slice(32 * 16, 33 * 16)).toBe('9a78563412000000')
    expect(all.slice(-40)).toBe('0000000000000080010000000700000' + '0e1000000')
    target.states.set(MAIN, new DataView(new ArrayBuffer(CPU_STATE.size)))
    expect(stub.answer(`G${all}`)).toBe('OK')
    expect(stub.answer('g')).toBe(all)
  })

  it('are read and written one by one', () => {
    expect(stub.answer('Pa=0807060504030201')).toBe('OK')
    expect(get(MAIN, 'a0')).toBe(0x0102030405060708n)
    expect(stub.answer('pa')).toBe('0807060504030201')
    expect(stub.answer('P44=ff000000')).toBe('OK')
    expect([get(MAIN, 'fflags'), get(MAIN, 'frm')]).toEqual([0x1fn, 7n])
  })

  it('x0 stays zero', () => {
    expect(stub.answer('P0=0100000000000000')).toBe('OK')
    expect(stub.answer('p0')).toBe('0000000000000000')
  })

  it('of another thread', () => {
    set(OTHER, 'a0', 7n)
    expect(stub.answer('Hg65')).toBe('OK')
    expect(stub.answer('pa')).toBe('0700000000000000')
  })

  it.each(['p41', 'pzz', 'P41=00', 'Pa=00'])('refuses %s', packet => {
    expect(stub.answer(packet)).toBe('E16')
  })

  it('keeps what a G packet marks as unavailable', () => {
    set(MAIN, 'ra', 5n)
    expect(stub.answer(`G${'x'.repeat(32)}`)).toBe('OK')
    expect(get(MAIN, 'ra')).toBe(5n)
  })
})

describe('memory', () => {
  it('is read', () => {
    target.memory.set([1, 2, 0xff])
    expect(stub.answer('m10000,3')).toBe('0102ff')
  })

  it('is read as far as it goes', () => {
    expect(stub.answer('m1003e,10')).toBe('0000')
    expect(stub.answer('m10,4')).toBe('E0e')
    expect(stub.answer('m10000,0')).toBe('')
    expect(stub.answer('mffffffffffffffff,1')).toBe('E0e')
  })

  it('is written as digits and as bytes', () => {
    expect(stub.answer('M10001,2:a1b2')).toBe('OK')
    expect(stub.answer('X10003,3:\x00\xff\n')).toBe('OK')
    expect([...target.memory.slice(0, 6)]).toEqual([0, 0xa1, 0xb2, 0, 0xff, 10])
  })

  it('that can not be written', () => {
    expect(stub.answer('M10,1:00')).toBe('E0e')
    expect(stub.answer('X10,0:')).toBe('OK')
  })
})

describe('breakpoints', () => {
  it('are set and taken back', () => {
    expect(stub.answer('Z0,10100,4')).toBe('OK')
    expect(stub.answer('Z0,10102,2;X1,0')).toBe('OK')
    expect(target.points).toEqual(['0 10100 4', '0 10102 2'])
    expect(stub.answer('z0,10100,4')).toBe('OK')
    expect(target.points).toEqual(['0 10102 2'])
  })

  it('of a kind that there is not', () => {
    expect(stub.answer('Z2,10100,8')).toBe('')
  })
})

describe('going on', () => {
  it.each([
    ['c', 'continue', 0],
    ['s', 'step', 0],
    ['C0b', 'continue', 11],
    ['S1e', 'step', 10],
  ])('%s: the thread does it, the others continue', (packet, kind, signal) => {
    expect(stub.answer(packet)).toBeUndefined()
    expect(target.actions).toEqual([
      { thread: MAIN, kind, signal },
      { thread: OTHER, kind: 'continue', signal: 0 },
    ])
  })

  it('at another address', () => {
    stub.answer('c10200')
    expect(get(MAIN, 'pc')).toBe(0x10200n)
    stub.answer('S0b;10204')
    expect(get(MAIN, 'pc')).toBe(0x10204n)
  })

  it('of the thread that Hc names', () => {
    stub.answer('Hc65')
    stub.answer('s')
    expect(target.actions[0]).toEqual({ thread: OTHER, kind: 'step', signal: 0 })
  })

  it.each([
    ['c', ['100 continue 0', '101 continue 0']],
    ['s:64;c', ['100 step 0', '101 continue 0']],
    ['s:65', ['101 step 0']],
    ['C0b:64;c:-1', ['100 continue 11', '101 continue 0']],
    ['r10100,10108:64;c', ['100 range 0 10100 10108', '101 continue 0']],
  ])('vCont;%s', (text, expected) => {
    expect(stub.answer(`vCont;${text}`)).toBeUndefined()
    const described = target.actions.map(({ thread, kind, signal, start, end }) =>
      [thread, kind, signal, start?.toString(16), end?.toString(16)].filter(word => word !== undefined).join(' '),
    )
    expect(described).toEqual(expected)
  })

  it('vCont with what there is not', () => {
    expect(stub.answer('vCont;t')).toBe('E16')
    expect(target.calls).toEqual([])
  })

  it('says what vCont can do', () => {
    expect(stub.answer('vCont?')).toBe('vCont;c;C;s;S;r')
  })

  it('passes signals that gdb does not want to see', () => {
    expect(stub.answer('QPassSignals:e;14;1e')).toBe('OK')
    expect([...target.passed]).toEqual([14, 17, 10])
  })

  it('stops, ends and lets go', () => {
    expect(['vCtrlC', 'k', 'vKill;64', 'D'].map(packet => stub.answer(packet))).toEqual(['OK', 'OK', 'OK', 'OK'])
    expect(target.calls).toEqual(['interrupt', 'kill', 'kill', 'detach'])
  })
})

describe('stops', () => {
  it('carry the thread, pc, sp and fp', () => {
    set(MAIN, 'pc', 0x10100n)
    expect(stub.answer('?')).toBe('T05thread:64;20:0001010000000000;02:0000000000000000;08:0000000000000000;')
  })

  it.each([
    [{ kind: 'stop', thread: OTHER, signal: 11 }, /^T0bthread:65;20:/],
    [{ kind: 'stop', thread: OTHER, signal: 10 }, /^T1ethread:65;20:/],
    [{ kind: 'stop', thread: MAIN, signal: 5, reason: { kind: 'swbreak' } }, /^T05thread:64;swbreak:;20:/],
    [
      { kind: 'stop', thread: MAIN, signal: 5, reason: { kind: 'watch', at: '10008' } },
      /^T05thread:64;watch:10008;20:/,
    ],
    [
      { kind: 'stop', thread: MAIN, signal: 5, reason: { kind: 'exec', at: '/bin/é' } },
      /^T05thread:64;exec:2f62696e2fc3a9;/,
    ],
    [{ kind: 'exited', value: 300 }, /^W2c$/],
    [{ kind: 'killed', value: 11 }, /^X0b$/],
  ] as const)('%j', (event, text) => {
    stub.answer('qSupported:swbreak+;exec-events+')
    expect(stub.report(event)).toMatch(text)
    expect(stub.answer('?')).toMatch(text)
  })

  it('have no reason that gdb does not know', () => {
    for (const kind of ['swbreak', 'exec'] as const) {
      expect(stub.report({ kind: 'stop', thread: MAIN, signal: 5, reason: { kind, at: '/a' } })).toMatch(
        /^T05thread:64;20:/,
      )
    }
  })

  it('make their thread the current one', () => {
    stub.report({ kind: 'stop', thread: OTHER, signal: 5 })
    expect(stub.answer('qC')).toBe('QC65')
  })
})

describe('threads', () => {
  it('are listed with their names', () => {
    expect(stub.answer('qfThreadInfo')).toBe('m64,65')
    expect(stub.answer('qsThreadInfo')).toBe('l')
    expect(stub.answer('qThreadExtraInfo,64')).toBe(hex('main'))
    expect(stub.answer('qXfer:threads:read::0,1000')).toContain('<thread id="65" name="a&#60;b&#62;&#38;&#34;c&#34;"/>')
  })

  it('are alive or not', () => {
    expect(stub.answer('T65')).toBe('OK')
    expect(stub.answer('T66')).toBe('E16')
    expect(stub.answer('Hg66')).toBe('E16')
    expect(stub.answer('Hg0')).toBe('OK')
    expect(stub.answer('Hc-1')).toBe('OK')
    expect(stub.answer('qThreadExtraInfo,66')).toBe('E16')
  })
})

describe('threads of processes', () => {
  beforeEach(() => stub.answer('qSupported:multiprocess+;xmlRegisters=i386'))

  it('are named so', () => {
    expect(stub.answer('qC')).toBe('QCp64.64')
    expect(stub.answer('qfThreadInfo')).toBe('mp64.64,p64.65')
    expect(stub.answer('qXfer:threads:read::0,1000')).toContain('<thread id="p64.64" name="main"/>')
    expect(stub.report({ kind: 'stop', thread: OTHER, signal: 5 })).toMatch(/^T05thread:p64.65;20:/)
    expect(stub.report({ kind: 'exited', value: 1 })).toBe('W01;process:64')
    expect(stub.report({ kind: 'killed', value: 9 })).toBe('X09;process:64')
  })

  it('are understood', () => {
    expect(['Tp64.65', 'Tp64.66', 'Hgp64.65', 'Hgp0.0', 'Hcp64.-1', 'Hgx'].map(packet => stub.answer(packet))).toEqual([
      ...['OK', 'E16', 'OK', 'OK', 'OK', 'E16'],
    ])
    expect(stub.answer('qThreadExtraInfo,p64.64')).toBe(hex('main'))
    stub.answer('vCont;s:p64.65;c:p64.-1')
    expect(target.actions.map(({ thread, kind }) => [thread, kind])).toEqual([
      [MAIN, 'continue'],
      [OTHER, 'step'],
    ])
    stub.answer('vCont;c:p64')
    expect(target.actions).toHaveLength(2)
    expect(['D;64', 'vKill;64', 'qAttached:64'].map(packet => stub.answer(packet))).toEqual(['OK', 'OK', '0'])
  })
})

describe('what gdb asks about the program', () => {
  it('the features', () => {
    expect(stub.answer('qSupported:swbreak+;multiprocess+')).toMatch(/^PacketSize=4000;.*qXfer:features:read\+/)
  })

  it('the target description', () => {
    const whole = stub.answer('qXfer:features:read:target.xml:0,3fff')!
    expect(whole[0]).toBe('l')
    const rows = [...whole.matchAll(/<reg name="(\w+)" bitsize="(\d+)" type="\w+" regnum="(\d+)"/g)]
    expect(rows.map(([, name, bits, number]) => [name, Number(bits), Number(number)])).toEqual(
      REGISTERS.map(({ name, size, number }) => [name, size * 8, number]),
    )
    expect(stub.answer('qXfer:features:read:other.xml:0,10')).toBe('E00')
  })

  it('in pieces', () => {
    let text = ''
    for (;;) {
      const part = stub.answer(`qXfer:features:read:target.xml:${text.length.toString(16)},1f`)!
      text += part.slice(1)
      if (part[0] === 'l') break
      expect(part).toHaveLength(0x1f + 1)
    }
    expect(`l${text}`).toBe(stub.answer('qXfer:features:read:target.xml:0,3fff'))
  })

  it('its file, auxiliary vector and place', () => {
    expect(stub.answer('qXfer:exec-file:read:64:0,100')).toBe(`l${Buffer.from(target.path).toString('latin1')}`)
    expect(stub.answer('qXfer:auxv:read::0,100')).toBe('l\x01\x80\xff')
    expect(stub.answer('qXfer:siginfo:read::0,100')).toBe('l\x0b\xff')
    expect(stub.answer('qOffsets')).toBe('Text=2000;Data=2000;Bss=2000')
    expect(stub.answer('qAttached')).toBe('0')
  })

  it.each(['qXfer:statictrace:read::0,8', 'vMustReplyEmpty', 'qCRC:1,2', 'qTStatus', 'Z9,1,1', '!', 'QNonStop:0', ''])(
    'and what it has to do without: %s',
    packet => {
      expect(stub.answer(packet)).toBe('')
    },
  )
})

describe('files', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'ferry-gdb-'))
    writeFileSync(join(folder, 'library'), 'ELF\x00}#$')
    symlinkSync('library', join(folder, 'link'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  const open = (path: string, flags = '0'): string => stub.answer(`vFile:open:${hex(path)},${flags},1c0`)!

  it('are read where the guest path leads', () => {
    const fd = /^F([0-9a-f]+)$/.exec(open(`/guest${folder}/library`))![1]
    expect(stub.answer(`vFile:pread:${fd},100,0`)).toBe('F7;ELF\x00}#$')
    expect(stub.answer(`vFile:pread:${fd},2,1`)).toBe('F2;LF')
    expect(stub.answer(`vFile:pread:${fd},2,7`)).toBe('F0;')
    const stat = stub.answer(`vFile:fstat:${fd}`)!
    expect(stat).toMatch(/^F40;/)
    expect(Buffer.from(stat.slice(4), 'latin1').readBigUInt64BE(28)).toBe(7n)
    expect(stub.answer(`vFile:close:${fd}`)).toBe('F0')
    expect(stub.answer(`vFile:close:${fd}`)).toBe('F-1,9')
    expect(stub.answer(`vFile:pread:${fd},2,1`)).toBe('F-1,9')
  })

  it('links', () => {
    expect(stub.answer(`vFile:readlink:${hex(join(folder, 'link'))}`)).toBe('F7;library')
  })

  it('that can not be opened', () => {
    expect(open(join(folder, 'none'))).toBe('F-1,2')
    expect(open(join(folder, 'library'), '1')).toBe('F-1,1e')
    expect(open(`${folder}/${'x'.repeat(300)}`)).toBe('F-1,5b')
  })

  it('of the guest only', () => {
    expect(stub.answer('vFile:setfs:0')).toBe('F0')
    expect(stub.answer(`vFile:unlink:${hex(folder)}`)).toBe('')
    expect(stub.answer('vFile:pread:0,10,0')).toBe('F-1,9')
    expect(stub.answer('vFile:fstat:0')).toBe('F-1,9')
  })
})

it('a register has one number', () => {
  expect(new Set(REGISTERS.map(({ number }) => number)).size).toBe(REGISTERS.length)
  expect(registerOf(32)!.name).toBe('pc')
  expect(MEMORY_START).toBeLessThan(0x10100)
})
