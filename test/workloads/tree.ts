/** What a folder holds, for comparison. */
import { createHash } from 'node:crypto'
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'

/** Path → type, permissions, size and digest or link target. Times and owners are left out, and sizes of folders. */
export function describeTree(folder: string): Map<string, string> {
  const rows = new Map<string, string>()
  const walk = (below: string) => {
    for (const name of readdirSync(join(folder, below)).sort()) {
      const path = join(below, name)
      rows.set(path, describeFile(join(folder, path)))
      if (lstatSync(join(folder, path)).isDirectory()) walk(path)
    }
  }
  walk('')
  return rows
}

function describeFile(path: string): string {
  const stat = lstatSync(path)
  const mode = (stat.mode & 0o7777).toString(8)
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`
  if (stat.isDirectory()) return `folder ${mode}`
  if (stat.isFIFO()) return `fifo ${mode}`
  if (stat.isSocket()) return `socket ${mode}`
  const digest = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
  return `file ${mode}, ${stat.size} bytes, ${stat.nlink} links, sha256 ${digest}`
}
