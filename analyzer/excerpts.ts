/** Source text of functions, found with tree-sitter's C grammar. */
import { readFile } from 'node:fs/promises'
import type { Node } from 'web-tree-sitter'
import type { Analysis, FunctionAnalysis } from './analysis.ts'
import { cGrammar } from './grammar.ts'

export interface Excerpt {
  /** First and last line in the file, from 1. */
  readonly firstLine: number
  readonly lastLine: number
  readonly text: string
}

/** A function definition in a source file. */
interface Definition extends Excerpt {
  readonly name: string | undefined
}

/** All function definitions of C source text, in order. The text is not preprocessed: a definition made by a macro is not seen. */
export async function functionDefinitions(text: string): Promise<Definition[]> {
  const tree = (await cGrammar()).parser.parse(text)
  if (!tree) return []
  const definitions = tree.rootNode.descendantsOfType('function_definition').map(node => ({
    name: declaredName(node),
    firstLine: node.startPosition.row + 1,
    lastLine: node.endPosition.row + 1,
    text: node.text,
  }))
  tree.delete()
  return definitions
}

/** The identifier inside nested declarators: pointer, parenthesised, function. */
function declaredName(definition: Node): string | undefined {
  let node = definition.childForFieldName('declarator')
  while (node && node.type !== 'identifier')
    node = node.childForFieldName('declarator') ?? node.namedChildren.find(c => c?.type.endsWith('declarator')) ?? null
  return node?.text
}

/**
 * The definition of a function: of its name and around the line that the debug information gives (the line of the name,
 * which a return type on its own line comes before); failing that, whatever definition is around the line.
 */
export async function functionExcerpt(text: string, name: string, line: number): Promise<Excerpt | undefined> {
  return pick(await functionDefinitions(text), name, line)
}

function pick(definitions: readonly Definition[], name: string, line: number): Excerpt | undefined {
  const around = definitions.filter(d => d.firstLine <= line && line <= d.lastLine)
  const found = around.find(d => d.name === name) ?? around.at(-1) ?? definitions.find(d => d.name === name)
  return found && { firstLine: found.firstLine, lastLine: found.lastLine, text: found.text }
}

/** Adds to each function its source text; a file that can not be read adds nothing. */
export async function withExcerpts(analysis: Analysis): Promise<Analysis> {
  const files = new Set(analysis.functions.map(f => f.path).filter(file => file !== undefined))
  const definitions = new Map<string, readonly Definition[]>()
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => undefined)
    if (text !== undefined) definitions.set(file, await functionDefinitions(text))
  }
  const functions = analysis.functions.map((f): FunctionAnalysis => {
    const excerpt = f.line === undefined ? undefined : pick(definitions.get(f.path!) ?? [], f.sourceName, f.line)
    return excerpt ? { ...f, excerpt } : f
  })
  return { ...analysis, functions }
}
