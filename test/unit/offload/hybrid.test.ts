import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { checkOutput, digest, place } from '../../../offload/hybrid.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-hybrid-'))
  writeFileSync(join(work, 'program'), 'new')
})
afterAll(() => rmSync(work, { recursive: true }))

describe('the output', () => {
  test('is placed with mode 755 over an older one', () => {
    const output = join(work, 'app')
    writeFileSync(output, 'old')
    chmodSync(output, 0o600)
    place(join(work, 'program'), output)
    expect(readFileSync(output, 'utf8')).toBe('new')
    expect(statSync(output).mode & 0o777).toBe(0o755)
  })

  test('that can not be written leaves nothing behind', () => {
    mkdirSync(join(work, 'folder'))
    expect(() => place(join(work, 'program'), join(work, 'folder'))).toThrow(/folder: can not be written/)
    expect(readdirSync(work).filter(name => name.startsWith('.'))).toEqual([])
  })

  test('is checked before the work starts', () => {
    expect(() => checkOutput(join(work, 'missing/app'))).toThrow('the directory does not exist')
    expect(() => checkOutput(join(work, 'program/app'))).toThrow('its parent is not a directory')
    expect(() => checkOutput(work)).toThrow('it is a directory')
    expect(() => checkOutput(join(work, 'app'))).not.toThrow()
  })
})

test('a digest is SHA-256 in hex', () => {
  expect(digest(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  )
})
