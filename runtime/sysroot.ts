/** The sysroot, which the executor looks at first for absolute paths (`executor/sysroot.c`), before the guest runs. */
import { existsSync, lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { describeSystemError } from '../base/system-error.ts'

/** Links on the way to a file, as the kernel counts them. */
const MOST_LINKS = 40

/** The canonical path of a sysroot, '' for the host's own root. @throws FerryError `sysroot-folder` */
export function openSysroot(path: string | undefined): string {
  if (path === undefined || path === '') return ''
  try {
    if (!statSync(path).isDirectory()) throw new FerryError('sysroot-folder', { path, reason: 'not a folder' })
    const real = realpathSync(path)
    return real === '/' ? '' : real
  } catch (error) {
    if (error instanceof FerryError) throw error
    throw new FerryError('sysroot-folder', { path, reason: describeSystemError(error) })
  }
}

/** The host path of what an absolute guest path names in the sysroot, all links resolved there; undefined: nothing. */
export function findInSysroot(sysroot: string, path: string): string | undefined {
  const found: string[] = []
  const names = path.split('/').reverse()
  for (let links = 0; names.length > 0; ) {
    const name = names.pop()!
    if (name === '' || name === '.') continue
    if (name === '..') {
      found.pop()
      continue
    }
    const place = join(sysroot, ...found, name)
    const target = linkTarget(place)
    if (target === undefined) return undefined
    if (target === '') {
      found.push(name)
      continue
    }
    if (++links > MOST_LINKS) return undefined
    if (isAbsolute(target)) found.length = 0
    names.push(...target.split('/').reverse())
  }
  return join(sysroot, ...found)
}

/** The host path of what a guest path names as the executor looks it up; undefined for what is the host's. */
export function lookUp(sysroot: string, path: string): string | undefined {
  if (sysroot === '' || !isAbsolute(path)) return undefined
  const found = findInSysroot(sysroot, path)
  if (found !== undefined || existsSync(path)) return found
  // A link of the sysroot to what only the host has.
  return existsSync(join(sysroot, path)) ? join(sysroot, path) : undefined
}

/** Where a symbolic link leads, '' for what is none, undefined for what can not be reached. */
function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : ''
  } catch {
    return undefined
  }
}
