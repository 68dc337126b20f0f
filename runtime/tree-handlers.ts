/** The answers that are the same whoever runs a tree: what the spaces, the programs and the host functions say. */
import { FerryError } from '../base/diagnostics.ts'
import type { SessionHandlers } from './handlers.ts'
import type { ControlBlock } from './mailbox.ts'
import type { Offload } from './offload.ts'
import type { GuestProcess } from './process.ts'
import type { Programs } from './program.ts'
import type { Space } from './space.ts'
import type { Spaces } from './spaces.ts'
import { locate, type Translation } from './translation.ts'

export interface TreeParts {
  readonly control: ControlBlock
  readonly spaces: Spaces
  readonly programs: Programs
  readonly offload: Offload
  /** SpacesOptions.furnish */
  readonly furnish: (space: Space, process: GuestProcess) => void
  /** Whether a program gets a private space although it has no host functions. */
  readonly alone?: (process: Parameters<SessionHandlers['program']>[0]) => boolean
}

/** What puts the bridge of a process into a space of its own. */
export function furnishing(offload: Offload, translation: Translation, control: ControlBlock): TreeParts['furnish'] {
  return (space, process) => offload.install(translation, space, process, control.getSigned('state_tls_offset'))
}

export function treeHandlers({ control, spaces, programs, offload, furnish, alone }: TreeParts): SessionHandlers {
  return {
    program(process, path) {
      try {
        process.program = programs.open(path, process.pid)
        const references = offload.prepare(process, control.memory)
        const space = spaces.enter(process, references !== undefined || alone?.(process) === true)
        return references === undefined ? { space } : { space, references }
      } catch (error) {
        if (error instanceof FerryError) return error.message
        throw error
      }
    },
    ready: process => furnish(process.space!, process),
    mapped: (process, mapped) => spaces.mapped(process, mapped),
    place: (device, inode, time, length) => spaces.places.place(device, inode, time, length),
    resolve: (...request) => spaces.resolve(...request),
    locate: ({ space }, offset) => locate(space, offset),
    invalidate: (...request) => spaces.invalidate(...request),
    fork: (process, parent, mapped) => spaces.fork(process, parent, mapped),
    moved: process => spaces.moved(process),
    gone: process => spaces.gone(process),
    interpret: (process, state) => spaces.interpret(process, state, control.threadsOf(process.pid) <= 1),
    oddRounding: process => spaces.toOddRounding(process),
  }
}
