/** tree-sitter's parser for C (its own wasm; no native build), loaded once. */
import { createRequire } from 'node:module'
import { Language, Parser } from 'web-tree-sitter'

export interface Grammar {
  readonly parser: Parser
  readonly language: Language
}

let loaded: Promise<Grammar> | undefined

export function cGrammar(): Promise<Grammar> {
  loaded ??= (async () => {
    await Parser.init()
    const language = await Language.load(createRequire(import.meta.url).resolve('tree-sitter-c/tree-sitter-c.wasm'))
    return { parser: new Parser().setLanguage(language), language }
  })()
  return loaded
}
