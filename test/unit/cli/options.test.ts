import { describe, expect, it } from 'vitest'
import { cliDocument } from '../../../cli/document.ts'
import { COMMANDS, optionKey } from '../../../cli/options.ts'
import { parseOptimizations } from '../../../emulator/options.ts'
import { LOG_CATEGORIES } from '../../../runtime/log.ts'

const rows = Object.entries(COMMANDS).flatMap(([command, { options }]) => options.map(row => ({ command, row })))
const choicesOf = (flag: string) =>
  COMMANDS.run.options.find(({ flags }) => flags.startsWith(flag))!.choices!.map(([name]) => name)

describe('the rows', () => {
  it.each(rows)('$command $row.flags has a unique name, a text, and choices when it needs them', ({ command, row }) => {
    const same = rows.filter(other => other.command === command && optionKey(other.row) === optionKey(row))
    expect(same).toHaveLength(1)
    expect(row.doc).toMatch(/^\S.*[^.]$/s)
    expect(row.choices !== undefined).toBe(row.kind === 'one' || row.kind === 'list')
    if (row.kind !== undefined) expect(row.flags).toContain('<')
  })

  it('name the optimisations that the emulator reads', () => {
    for (const name of choicesOf('--optimize'))
      expect(Object.values(parseOptimizations(name)).includes(false)).toBe(name !== 'all')
  })

  it('name the log categories of the runtime', () => {
    expect([...choicesOf('--log')].sort()).toEqual([...LOG_CATEGORIES].sort())
  })
})

describe('optionKey', () => {
  it.each([
    ['-o, --output <file>', 'output'],
    ['--stack-size <bytes>', 'stackSize'],
    ['--host-libm', 'hostLibm'],
    ['-0, --argv0 <name>', 'argv0'],
  ])('%s is %s', (flags, key) => {
    expect(optionKey({ flags, doc: '' })).toBe(key)
  })
})

describe('the document', () => {
  const text = cliDocument()

  it('has every command, option and example', () => {
    for (const [name, row] of Object.entries(COMMANDS)) {
      expect(text).toContain(`## ferry ${name}\n`)
      for (const { flags } of row.options) expect(text).toContain(`\`${flags}\``)
      for (const [line] of row.examples) expect(text).toContain(line)
    }
  })

  it('keeps its tables whole: each row has two cells', () => {
    const lines = text.split('\n').filter(line => line.startsWith('|'))
    for (const line of lines) expect(line.replaceAll('\\|', '').split('|')).toHaveLength(4)
  })
})
