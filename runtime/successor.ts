/**
 * The translator of processes that outlived the first of their tree, in place of the one that `ferry run` was (handover.ts). It
 * has no standard streams, prints nothing, and ends with the last process. When it is killed, the reaper ends and the processes
 * do as well, as in every tree.
 */
import { readFileSync, statSync } from 'node:fs'
import { deserialize } from 'node:v8'
import { parseOptimizations } from '../emulator/options.ts'
import { GuestMemory } from './guest-memory.ts'
import { MEMORY_DESCRIPTOR, STATE_DESCRIPTOR, type TreeState } from './handover.ts'
import { ControlBlock } from './mailbox.ts'
import { Offload } from './offload.ts'
import { GuestProcess, processStat } from './process.ts'
import { ProcessTable } from './process-table.ts'
import { Program, Programs } from './program.ts'
import { Requests } from './requests.ts'
import { findExecutor } from './session.ts'
import { Spaces } from './spaces.ts'
import { Translation } from './translation.ts'
import { bridgesOf, treeHandlers } from './tree-handlers.ts'
import { TreeMemory } from './tree-memory.ts'

/** Between two looks for processes that are gone, in milliseconds. */
const PAUSE = 500

process.title = 'ferry'
const state = deserialize(readFileSync(STATE_DESCRIPTOR)) as TreeState
const { options } = state
const memory = new TreeMemory({ fd: MEMORY_DESCRIPTOR, state: state.memory })
const control = new ControlBlock(memory)
const translation = new Translation({ optimizations: parseOptimizations(options.optimize) })
const { gates } = translation.translator
if (Buffer.compare(gates.bytes, options.gates) !== 0) throw new Error('ferry was built anew meanwhile')
const offload = new Offload(options.offload, () => {})
const bridges = bridgesOf(offload, translation, control)
const spaces = new Spaces({ memory, codeSize: options.codeSize, gates, translation, furnish: bridges.all })
const handlers = treeHandlers({ control, spaces, programs: new Programs(), offload, bridges })
const processes = new ProcessTable(statSync(findExecutor()), handlers.gone)
const requests = new Requests(control, processes, handlers, '')

restore()
const reaper = control.get('reaper')
const birth = processStat(reaper)?.birth
const watching = setInterval(look, PAUSE)
await control.serve(requests).catch(() => processes.killAll(control))
clearInterval(watching)

function restore(): void {
  const byNumber = spaces.restore(state.spaces)
  const programs = state.programs.map(path => new Program(path))
  for (const known of state.processes) {
    const own = new GuestProcess(known.pid, known, new GuestMemory(known.memory))
    own.program = known.program === undefined ? undefined : programs[known.program]
    if (known.hostObject)
      own.hostObject = { memory: memory.taken(known.hostObject.number), length: known.hostObject.length }
    processes.restore(own, known.living)
    const [space, next] = [known.space, known.next].map(number =>
      number === undefined ? undefined : byNumber.get(number),
    )
    if (known.living && space) spaces.enterKnown(own, space, next)
    // while its file is what it was
    if (known.living) offload.load(own)
  }
  spaces.prune()
  for (const [slot, image] of state.last.entries())
    if (image !== undefined && processes.known.has(image)) requests.last[slot] = processes.known.get(image)!
}

async function look(): Promise<void> {
  processes.prune(control)
  const reaped = processStat(reaper)
  if (reaped === undefined || reaped.dead || reaped.birth !== birth) await processes.killAll(control)
  if (!processes.left(control)) control.stop()
}
