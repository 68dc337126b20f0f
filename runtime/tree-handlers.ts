/** The answers that are the same whoever runs a tree: what the spaces, the programs and the host functions say. */
import { FerryError } from '../base/diagnostics.ts'
import type { Hosted, SessionHandlers } from './handlers.ts'
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
  readonly bridges: Bridges
  /** Whether a program gets a private space although it has no host functions. */
  readonly alone?: (process: Parameters<SessionHandlers['program']>[0]) => boolean
}

/** What puts the bridges of a process into a space of its own. */
export interface Bridges {
  /** SpacesOptions.furnish */
  readonly all: (space: Space, process: GuestProcess) => void
  readonly program: (space: Space, process: GuestProcess) => void
  readonly library: (space: Space, process: GuestProcess, loaded: Hosted) => void
}

export function bridgesOf(offload: Offload, translation: Translation, control: ControlBlock): Bridges {
  const tlsOffset = () => control.getSigned('state_tls_offset')
  return {
    all: (space, process) => offload.install(translation, space, process, tlsOffset()),
    program: (space, process) => offload.installProgram(translation, space, process, tlsOffset()),
    library: (space, process, loaded) => offload.hosted(translation, space, process, loaded, tlsOffset()),
  }
}

export function treeHandlers({ control, spaces, programs, offload, bridges, alone }: TreeParts): SessionHandlers {
  return {
    program(process, path) {
      try {
        process.program = programs.open(path, process.pid)
        const hybrid = offload.wanted(process.program)
        // the space comes first: an executor without a translator has its first program's there
        const space = spaces.enter(process, hybrid !== undefined || alone?.(process) === true)
        return hybrid ? { space, references: offload.prepare(process, hybrid, control.memory) } : { space }
      } catch (error) {
        if (error instanceof FerryError) return error.message
        throw error
      }
    },
    ready: process => bridges.program(process.space!, process),
    mapped: (process, mapped) => spaces.mapped(process, mapped),
    library: (process, mapped) => offload.mapped(process, mapped, control.memory),
    hosted: (process, loaded) => spaces.hosted(process, space => bridges.library(space, process, loaded)),
    place: (device, inode, time, length) => spaces.places.place(device, inode, time, length),
    resolve: (...request) => spaces.resolve(...request),
    want: (...request) => spaces.want(...request),
    locate: ({ space }, offset) => locate(space, offset),
    invalidate(process, start, length, unmapped) {
      offload.unmapped(process, start, length)
      return spaces.invalidate(process, start, length, unmapped)
    },
    fork: (process, parent, mapped) => spaces.fork(process, parent, mapped),
    moved: process => spaces.moved(process),
    gone: process => spaces.gone(process),
    interpret: (process, state) => spaces.interpret(process, state, control.threadsOf(process.pid) <= 1),
    oddRounding: process => spaces.toOddRounding(process),
  }
}
