import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { archiveBytes, readArchive } from '../../../../offload/link/archive.ts'

const FILES: Readonly<Record<string, string>> = {
  'a.o': 'first',
  'odd.o': 'odd',
  'a-name-longer-than-fifteen-bytes.o': 'second\n',
  'another-name-that-is-long.o': '',
}

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-archive-'))
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(work, name), text)
})
afterAll(() => rmSync(work, { recursive: true }))

const contents = (path: string) =>
  readArchive(path)?.map(({ name, bytes }) => [name, Buffer.from(bytes()).toString()] as const)

describe('archives', () => {
  test.each([
    ['llvm-ar-22', 'rcs'],
    ['llvm-ar-22', 'rcST'],
    ['riscv64-linux-gnu-ar', 'rcs'],
  ])('of %s %s', (tool, options) => {
    const path = join(work, `${tool}-${options}.a`)
    execFileSync(tool, [options, path, ...Object.keys(FILES)], { cwd: work })
    expect(contents(path)).toEqual(Object.entries(FILES))
  })

  test('that are written are read by ar', () => {
    const path = join(work, 'written.a')
    writeFileSync(
      path,
      archiveBytes(Object.entries(FILES).map(([name, text]) => ({ name, bytes: () => Buffer.from(text) }))),
    )
    expect(execFileSync('llvm-ar-22', ['t', path], { encoding: 'utf8' }).trim().split('\n')).toEqual(Object.keys(FILES))
    expect(execFileSync('llvm-ar-22', ['p', path, 'odd.o'], { encoding: 'utf8' })).toBe('odd')
    expect(contents(path)).toEqual(Object.entries(FILES))
  })

  test('what is none', () => {
    expect(readArchive(join(work, 'a.o'))).toBeUndefined()
  })
})
