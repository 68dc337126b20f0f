/** The objects with bitcode among the files that the linker took. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { parseElf } from '../../base/elf/read.ts'
import { type Member, readArchive } from './archive.ts'

/** Sections of an object that `ferry cc` compiled. */
const BITCODE = '.llvmbc'
const COMMAND = '.llvmcmd'
const RELOCATABLE = 1
const TYPE_AT = 16

export interface BitcodeObject {
  /** As the linker names it; of an archive when there is a member. */
  readonly path: string
  /** Index of the member in the archive. */
  readonly member?: number
  /** For messages. */
  readonly name: string
  readonly bitcode: Uint8Array
  /** The command line of clang's compiler proper. */
  readonly command: readonly string[]
}

export interface TakenObjects {
  readonly objects: readonly BitcodeObject[]
  /** Archives that objects are members of. */
  readonly archives: ReadonlyMap<string, readonly Member[]>
}

/** @param trace what the linker printed under --trace: `path`, or `archive(member)`, a line */
export function takenObjects(trace: readonly string[]): TakenObjects {
  const objects: BitcodeObject[] = []
  const archives = new Map<string, readonly Member[]>()
  const taken = new Map<string, string[]>()
  for (const line of new Set(trace)) {
    const inArchive = /^(.*)\((.*)\)$/.exec(line)
    if (isFile(line)) {
      const found = isRelocatable(line) ? bitcodeOf(readFileSync(line), line) : undefined
      if (found) objects.push({ path: line, name: line, ...found })
    } else if (inArchive && isFile(inArchive[1]!)) {
      const [, archive, member] = inArchive
      taken.set(archive!, [...(taken.get(archive!) ?? []), member!])
    }
  }
  for (const [path, names] of taken) {
    const members = readArchive(path)
    if (members === undefined) continue
    const found = names.flatMap(name => memberObject(path, members, name))
    if (found.length > 0) archives.set(path, members)
    objects.push(...found)
  }
  return { objects, archives }
}

/** Which of several members of one name the linker took is not known: they stay as they are. */
function memberObject(path: string, members: readonly Member[], name: string): BitcodeObject[] {
  const member = members.findIndex(other => other.name === name)
  if (member < 0 || members.some((other, i) => i > member && other.name === name)) return []
  const label = `${path}(${name})`
  const found = bitcodeOf(members[member]!.bytes(), label)
  return found ? [{ path, member, name: label, ...found }] : []
}

function bitcodeOf(bytes: Uint8Array, name: string): Pick<BitcodeObject, 'bitcode' | 'command'> | undefined {
  try {
    const image = parseElf(bytes, name)
    const bitcode = image.sectionBytes(BITCODE)
    const command = image.sectionBytes(COMMAND)
    if (!bitcode?.length || !command?.length) return undefined
    return { bitcode, command: Buffer.from(command).toString().split('\0').filter(Boolean) }
  } catch {
    return undefined
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true
}

/** Without reading all of it: shared libraries are large. */
function isRelocatable(path: string): boolean {
  const fd = openSync(path, 'r')
  try {
    const header = Buffer.alloc(TYPE_AT + 2)
    return readSync(fd, header) === header.length && header.readUInt16LE(TYPE_AT) === RELOCATABLE
  } finally {
    closeSync(fd)
  }
}
