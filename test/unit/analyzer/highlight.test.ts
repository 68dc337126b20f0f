import { describe, expect, it } from 'vitest'
import { highlight } from '../../../analyzer/highlight.ts'

describe('highlighting', () => {
  const text = '/* a\n b */ int f(int x) { return x + 10; }\n\nconst char *s = "µ";\n'

  it('keeps the text, line by line', async () => {
    const lines = await highlight(text)
    expect(lines.map(tokens => tokens.map(token => token.text).join('')).join('\n')).toBe(text)
  })

  it('knows comments over lines, keywords, types, functions, numbers and strings', async () => {
    const kinds = new Map((await highlight(text)).flat().map(({ text, kind }) => [text, kind]))
    expect(kinds.get('/* a')).toBe('comment')
    expect(kinds.get(' b */')).toBe('comment')
    expect(kinds.get('return')).toBe('keyword')
    expect(kinds.get('int')).toBe('type')
    expect(kinds.get('f')).toBe('function')
    expect(kinds.get('10')).toBe('number')
    expect(kinds.get('"µ"')).toBe('string')
  })
})
