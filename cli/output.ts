/** Files that results are written to. */
import { openSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'

/** Opens a file anew, before the work whose result it is for. @throws FerryError output-unwritable */
export function openOutput(path: string): number {
  try {
    return openSync(path, 'w')
  } catch (error) {
    throw new FerryError('output-unwritable', { path, reason: (error as Error).message })
  }
}
