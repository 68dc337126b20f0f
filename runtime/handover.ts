/**
 * When the first process of a tree has ended and others go on, `ferry run` ends as well, and a translator without standard
 * streams takes its place (successor.ts). It inherits the shared memory and the memory files of the processes, and learns
 * what this one knew from a file without a name. Executors go on all the time: who asks something meanwhile waits for the
 * new translator.
 */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { serialize } from 'node:v8'
import type { ControlBlock } from './mailbox.ts'
import type { OffloadChoice } from './offload.ts'
import type { GuestProcess, ProcessState } from './process.ts'
import type { ProcessTable } from './process-table.ts'
import { SharedMemory } from './shared-memory.ts'
import type { Spaces, SpacesState } from './spaces.ts'
import type { TreeMemoryState } from './tree-memory.ts'

/** Descriptors of the successor: the shared memory, the state, then those of TreeState.descriptors. */
export const MEMORY_DESCRIPTOR = 3
export const STATE_DESCRIPTOR = 4
export const FIRST_DESCRIPTOR = 5

/** What the translator was told to do. */
export interface TreeOptions {
  readonly optimize: string
  readonly offload: OffloadChoice
  /** Bytes of a code cache. */
  readonly codeSize: number
  /** Host code of the gates: another build of ferry has others. */
  readonly gates: Uint8Array
}

export interface KnownProcess extends ProcessState {
  readonly living: boolean
  /** Index into TreeState.programs. */
  readonly program: number | undefined
  /** Numbers of its spaces. */
  readonly space: number | undefined
  readonly next: number | undefined
  /** Descriptor of its memory in the successor. */
  readonly memory: number | undefined
  readonly hostObject: { readonly number: number; readonly length: number } | undefined
}

/** What a translator knows of a tree, as values that `serialize` takes. */
export interface TreeState {
  readonly options: TreeOptions
  readonly memory: TreeMemoryState
  readonly spaces: SpacesState
  /** Host paths. */
  readonly programs: readonly string[]
  /** Oldest first. */
  readonly processes: readonly KnownProcess[]
  /** Image numbers of the processes that used each slot last. */
  readonly last: readonly (number | undefined)[]
}

export interface Tree {
  readonly control: ControlBlock
  readonly processes: ProcessTable
  readonly spaces: Spaces
  readonly last: readonly GuestProcess[]
}

/** The state, and the descriptors that the successor needs besides it, in their order. */
export function stateOf(
  { control, processes, spaces, last }: Tree,
  options: TreeOptions,
): { readonly state: TreeState; readonly descriptors: readonly number[] } {
  const programs: string[] = []
  const descriptors: number[] = []
  const indexOf = (path: string): number => {
    const index = programs.indexOf(path)
    return index >= 0 ? index : programs.push(path) - 1
  }
  const known = [...processes.known.values()].map((process): KnownProcess => {
    const { pid, program, space, next, memory, hostObject } = process
    const living = processes.get(pid) === process
    return {
      ...process.state,
      living,
      program: program && indexOf(program.path),
      space: space?.released ? undefined : space?.number,
      next: next?.number,
      memory: memory.fd < 0 ? undefined : FIRST_DESCRIPTOR + descriptors.push(memory.fd) - 1,
      hostObject: hostObject && { number: hostObject.memory.number, length: hostObject.length },
    }
  })
  const state: TreeState = {
    ...{ options, programs, processes: known },
    memory: control.memory.state,
    spaces: spaces.state,
    last: Array.from(last, process => process?.image),
  }
  return { state, descriptors }
}

/** Starts the successor: false when that fails, and this translator has to go on. */
export function handOver(tree: Tree, options: TreeOptions): boolean {
  const program = findSuccessor()
  if (!existsSync(program)) return false
  const { state, descriptors } = stateOf(tree, options)
  const file = SharedMemory.holding('ferry-state', serialize(state))
  try {
    const child = spawn(process.execPath, [...process.execArgv, program], {
      stdio: ['ignore', 'ignore', 'ignore', tree.control.memory.fd, file.fd, ...descriptors],
      detached: true,
      cwd: '/',
    })
    // pid is undefined when there is no room for a process, which comes as an event as well
    child.once('error', () => {})
    child.unref()
    if (child.pid === undefined) return false
    // the terminal is its next user's
    tree.control.set('terminal_kept', 0)
    tree.control.set('translator_pid', child.pid)
    return true
  } catch {
    return false
  } finally {
    file.close()
  }
}

/** dist/ferry-successor.js, from the sources (runtime/) and from the bundle (dist/). */
function findSuccessor(): string {
  const here = dirname(fileURLToPath(import.meta.url))
  return here.endsWith('runtime') ? join(here, '..', 'dist', 'ferry-successor.js') : join(here, 'ferry-successor.js')
}
