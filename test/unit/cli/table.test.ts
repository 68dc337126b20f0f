import { expect, it } from 'vitest'
import { formatTable } from '../../../cli/table.ts'

it('columns are as wide as their widest cell, and lines have no blanks at their end', () => {
  const text = formatTable(
    ['name', 'n', 'note'],
    [
      ['a', '10', ''],
      ['longer', '5', 'x'],
    ],
    ['left', 'right'],
  )
  expect(text.split('\n')).toEqual(['name     n  note', 'a       10', 'longer   5  x'])
})

it('a row may be shorter than the header', () => {
  expect(formatTable(['a', 'b'], [['x']])).toBe('a  b\nx')
})
