import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FerryError } from '../../../base/diagnostics.ts'
import { findInSysroot, openSysroot } from '../../../runtime/sysroot.ts'

let root: string

beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'ferry-sysroot-')))
  mkdirSync(join(root, 'usr/bin'), { recursive: true })
  mkdirSync(join(root, 'etc/alternatives'), { recursive: true })
  writeFileSync(join(root, 'usr/bin/mawk'), '')
  symlinkSync('usr/bin', join(root, 'bin'))
  symlinkSync('/usr/bin/mawk', join(root, 'etc/alternatives/awk'))
  symlinkSync('/etc/alternatives/awk', join(root, 'usr/bin/awk'))
  symlinkSync('../../../../usr/bin', join(root, 'etc/above'))
  symlinkSync('loop', join(root, 'etc/loop'))
})
afterAll(() => rmSync(root, { recursive: true }))

describe('a path in a sysroot', () => {
  it.each([
    ['/usr/bin/mawk', 'usr/bin/mawk'],
    ['/bin/mawk', 'usr/bin/mawk'],
    ['/bin/awk', 'usr/bin/mawk'],
    ['/etc/above/awk', 'usr/bin/mawk'],
    ['//usr/./bin/../bin//mawk', 'usr/bin/mawk'],
    ['/../..', ''],
  ])('%s', (path, expected) => {
    expect(findInSysroot(root, path)).toBe(join(root, expected))
  })

  it.each(['/usr/bin/none', '/usr/bin/mawk/below', '/etc/loop', '/none/at/all'])('%s is not there', path => {
    expect(findInSysroot(root, path)).toBeUndefined()
  })
})

describe('a sysroot', () => {
  it('has a canonical path', () => {
    expect(openSysroot(join(root, 'bin/..', 'bin'))).toBe(join(root, 'usr/bin'))
  })

  it("is empty for the host's own root, and when none is given", () => {
    expect([openSysroot('/'), openSysroot(''), openSysroot(undefined)]).toEqual(['', '', ''])
  })

  it.each([
    ['bin/mawk', '-L {path}: not a folder.'],
    ['none', '-L {path}: no such file or folder.'],
  ])('is a folder, unlike %s', (name, message) => {
    const path = join(root, name)
    expect(() => openSysroot(path)).toThrow(FerryError)
    expect(() => openSysroot(path)).toThrow(message.replace('{path}', path))
  })
})
