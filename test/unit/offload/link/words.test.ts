import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWords, splitWords, withOutput } from '../../../../offload/link/words.ts'

let work = ''
beforeAll(() => {
  work = mkdtempSync(join(tmpdir(), 'ferry-words-'))
})
afterAll(() => rmSync(work, { recursive: true }))

const inputs = (words: readonly string[]) => {
  const read = readWords(words)
  return read.inputs.map(index => read.words[index])
}

describe('words of the linker', () => {
  test('files are told from values of options', () => {
    const words = '-m elf64lriscv -o out a.o -L lib -lfoo -soname x.so b.a -T script.ld --version-script v.map c.o'
    expect(inputs(words.split(' '))).toEqual(['a.o', 'b.a', 'c.o'])
    expect(inputs(['--version-script=v.map', '-u', 'symbol', 'd.o'])).toEqual(['d.o'])
  })

  test.each([
    [['-o', 'x'], 'x'],
    [['-ox'], 'x'],
    [['--output=x'], 'x'],
    [[], 'a.out'],
  ])('output of %j', (words, output) => {
    expect(readWords(words).output).toBe(output)
    expect(withOutput(readWords([...words, 'a.o']), 'y')).toEqual(['a.o', '-o', 'y'])
  })

  test('kinds of outputs', () => {
    expect(readWords(['-shared', 'a.o'])).toMatchObject({ shared: true, whole: true })
    expect(readWords(['--relocatable', 'a.o'])).toMatchObject({ shared: false, whole: false })
    expect(readWords(['-t'])).toMatchObject({ traces: true })
    expect(readWords(['--wrap=f', '--wrap', 'g', '--defsym', 'h=f'])).toMatchObject({ redirected: ['f', 'g', 'h'] })
  })

  test('response files', () => {
    const path = join(work, 'response')
    writeFileSync(path, 'a.o "b c.o"\n-o \'the output\' d\\ e.o')
    expect(readWords([`@${path}`])).toMatchObject({
      output: 'the output',
      words: ['a.o', 'b c.o', '-o', 'the output', 'd e.o'],
    })
    expect(readWords(['@/none']).words).toEqual(['@/none'])
  })

  test('splitting', () => {
    expect(splitWords('--offload=all  --json=/a\\ b')).toEqual(['--offload=all', '--json=/a b'])
    expect(splitWords('')).toEqual([])
  })
})
