/** Which parts of C source text are what, by tree-sitter's grammar and the highlighting query that comes with it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Query } from 'web-tree-sitter'
import { cGrammar } from './grammar.ts'

/** A piece of a line. */
export interface Token {
  readonly text: string
  /** Name of the capture in the query: `keyword`, `string`, `comment`, `type`, `function`, `number`, …; undefined: plain. */
  readonly kind?: string
}

let query: Query | undefined

/** The tokens of each line, in order; together they are the text. */
export async function highlight(text: string): Promise<Token[][]> {
  const { parser, language } = await cGrammar()
  query ??= new Query(
    language,
    readFileSync(createRequire(import.meta.url).resolve('tree-sitter-c/queries/highlights.scm'), 'utf8'),
  )
  const tree = parser.parse(text)
  // what a later pattern says of a node counts, and an inner node's kind more than that of the node around it
  const kinds: (string | undefined)[] = new Array(text.length)
  const captures = tree ? query.captures(tree.rootNode) : []
  for (const { name, node } of captures) kinds.fill(name.split('.')[0], node.startIndex, node.endIndex)
  tree?.delete()
  const lines: Token[][] = [[]]
  for (let at = 0; at < text.length; ) {
    let end = at + 1
    if (text[at] === '\n') lines.push([])
    else {
      while (end < text.length && text[end] !== '\n' && kinds[end] === kinds[at]) end++
      const kind = kinds[at]
      lines.at(-1)!.push({ text: text.slice(at, end), ...(kind === undefined ? {} : { kind }) })
    }
    at = end
  }
  return lines
}
