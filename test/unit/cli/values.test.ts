import { describe, expect, it } from 'vitest'
import { gdbAddress, guestEnvironment, offloadChoice, runOptions } from '../../../cli/run-options.ts'
import { readValue, splitList } from '../../../cli/values.ts'

const bytes = { flags: '--stack-size <bytes>', doc: '', kind: 'bytes' } as const
const count = { flags: '--runs <n>', doc: '', kind: 'count' } as const
const names = [
  ['a', ''],
  ['b', ''],
] as const
const list = { flags: '--log <names>', doc: '', kind: 'list', choices: names } as const
const one = { flags: '--offload <choice>', doc: '', kind: 'one', choices: names } as const
const assignment = { flags: '-E, --set-env <variable=value>', doc: '', kind: 'assignment' } as const
const variable = { flags: '-U, --unset-env <variable>', doc: '', kind: 'variable' } as const
const text = { flags: '--host-cpu <name>', doc: '' } as const

describe('readValue', () => {
  it.each([
    [bytes, '65536', 65536],
    [bytes, '64k', 65536],
    [bytes, '8M', 8 << 20],
    [bytes, '1G', 2 ** 30],
    [count, '7', 7],
    [list, 'b,,a', ['b', 'a']],
    [list, '', []],
    [one, 'a', 'a'],
    [text, 'x86-64-v3', 'x86-64-v3'],
    [assignment, 'A=b=c,D=e', ['A=b=c,D=e']],
    [assignment, 'A=', ['A=']],
    [variable, 'A', ['A']],
  ])('%o reads %s', (row, word, value) => {
    expect(readValue(row, word)).toEqual(value)
  })

  it.each([
    [bytes, '0', '--stack-size=0: give bytes below 4G, for example 64M.'],
    [bytes, '4G', '--stack-size=4G: give bytes below 4G, for example 64M.'],
    [bytes, '1.5M', '--stack-size=1.5M: give bytes below 4G, for example 64M.'],
    [bytes, '', '--stack-size=: give bytes below 4G, for example 64M.'],
    [count, '0', '--runs=0: give a number from 1 on.'],
    [count, '-3', '--runs=-3: give a number from 1 on.'],
    [list, 'a,c', '--log=c: choose from a, b.'],
    [one, 'A', '--offload=A: choose from a, b.'],
    [assignment, 'A', '--set-env=A: give VARIABLE=VALUE, for example LANG=C.'],
    [assignment, '=a', '--set-env==a: give VARIABLE=VALUE, for example LANG=C.'],
    [variable, 'A=1', '--unset-env=A=1: give the name of a variable, for example LD_PRELOAD.'],
    [variable, '', '--unset-env=: give the name of a variable, for example LD_PRELOAD.'],
  ])('%o refuses %s', (row, word, message) => {
    expect(() => readValue(row, word)).toThrow(expect.objectContaining({ id: 'option-value', status: 2, message }))
  })
})

it('splitList drops blanks and empty names', () => {
  expect(splitList(' a, b ,,c,')).toEqual(['a', 'b', 'c'])
})

describe('offloadChoice', () => {
  it.each([
    [undefined, 'on'],
    ['on', 'on'],
    ['all', 'on'],
    ['off', 'off'],
    ['none', 'off'],
    ['f', ['f']],
    ['f, g', ['f', 'g']],
  ])('%s is %j', (word, choice) => {
    expect(offloadChoice(word)).toEqual(choice)
  })

  it('refuses a list without names', () => {
    expect(() => offloadChoice(',')).toThrow(
      '--offload=,: give on, off, or names of functions with commas between them.',
    )
  })
})

describe('runOptions', () => {
  it('leaves the runtime its standard values', () => {
    expect(runOptions(['./app'], {})).toEqual({
      program: './app',
      arguments: [],
      offload: 'on',
      log: [],
      optimize: '',
      profile: false,
      stackSize: 0,
      perfMap: false,
    })
  })

  it('hands everything on', () => {
    const options = {
      offload: 'f',
      log: ['ir'],
      optimize: ['no-ras', 'no-chain'],
      profile: true,
      argv0: '',
      gdb: '1234',
    }
    expect(runOptions(['app', '-x', ''], { ...options, stackSize: 4096 })).toEqual({
      program: 'app',
      arguments: ['-x', ''],
      offload: ['f'],
      log: ['ir'],
      optimize: 'no-ras,no-chain',
      profile: true,
      argv0: '',
      gdb: { port: 1234 },
      perfMap: false,
      stackSize: 4096,
    })
  })

  it('makes the environment only when it is to be another one', () => {
    const { env } = runOptions(['app'], { setEnv: ['FERRY_TEST=1'] })
    expect(env).toEqual({ ...process.env, FERRY_TEST: '1' })
  })
})

describe('guestEnvironment', () => {
  const own = { A: '1', B: '2', C: undefined }
  it.each([
    [[], [], { A: '1', B: '2' }],
    [['A=3', 'D=x=y', 'E='], [], { A: '3', B: '2', D: 'x=y', E: '' }],
    [['A=3', 'A=4'], [], { A: '4', B: '2' }],
    [[], ['A', 'none'], { B: '2' }],
    [['A=3'], ['A', 'B'], { A: '3' }],
  ])('sets %j and takes out %j', (set, unset, expected) => {
    expect(guestEnvironment(own, set, unset)).toEqual(expected)
  })
})

describe('gdbAddress', () => {
  it.each([
    ['1234', { port: 1234 }],
    [':65535', { port: 65535 }],
    ['./socket', { path: './socket' }],
    ['/run/1234', { path: '/run/1234' }],
  ])('%s is %j', (text, address) => {
    expect(gdbAddress(text)).toEqual(address)
  })

  it.each(['', '0', '65536', ':99999'])('refuses %j', text => {
    expect(() => gdbAddress(text)).toThrow(`--gdb=${text}: give a port from 1 to 65535, or the path of a socket.`)
  })
})
