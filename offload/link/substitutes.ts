/** Objects that take the places of others on the linker's command line, and of members of its archives. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { archiveBytes, type Member } from './archive.ts'
import type { BitcodeObject } from './objects.ts'
import type { LinkWords } from './words.ts'

export interface Substitution {
  readonly object: BitcodeObject
  /** Path of the object that takes its place. */
  readonly path: string
}

/** Of the objects, those that {@link substitute} can put others in place of. */
export function replaceable(objects: readonly BitcodeObject[], { words, inputs }: LinkWords): BitcodeObject[] {
  const named = new Set(inputs.map(index => words[index]!))
  /** Archives that the linker finds by their names: it can be led to one of each name. */
  const found = new Map<string, string>()
  for (const { path, member } of objects) {
    if (member !== undefined && !named.has(path) && !found.has(basename(path))) found.set(basename(path), path)
  }
  return objects.filter(
    ({ path, member }) => named.has(path) || (member !== undefined && found.get(basename(path)) === path),
  )
}

/** The linker's words, with what takes the places; `work` is a folder for archives. */
export function substitute(
  link: LinkWords,
  substitutions: readonly Substitution[],
  archives: ReadonlyMap<string, readonly Member[]>,
  work: string,
): LinkWords {
  const paths = new Map<string, string>()
  const folders: string[] = []
  for (const { object, path } of substitutions) if (object.member === undefined) paths.set(object.path, path)
  for (const archive of archives.keys()) {
    const changed = substitutions.filter(({ object }) => object.member !== undefined && object.path === archive)
    if (changed.length === 0) continue
    const members = archives.get(archive)!.map((member, index): Member => {
      const other = changed.find(({ object }) => object.member === index)
      return other ? { name: member.name, bytes: () => readFileSync(other.path) } : member
    })
    const folder = join(work, `archive${folders.length}`)
    mkdirSync(folder)
    folders.push(folder)
    // of the same name: options and scripts may name it
    const path = join(folder, basename(archive))
    writeFileSync(path, archiveBytes(members))
    paths.set(archive, path)
  }
  const inputs = new Set(link.inputs)
  const words = link.words.map((word, index) => (inputs.has(index) ? (paths.get(word) ?? word) : word))
  return { ...link, words: [...folders.map(folder => `-L${folder}`), ...words] }
}
