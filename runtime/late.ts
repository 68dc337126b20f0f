/**
 * The translator of a program that was started without one (executor/lone.c): the executor starts it as its child when it
 * needs a translation that no earlier run has kept, and tells it what there is. It has no standard streams; what has to be said, the
 * executor prints. It ends with the last process.
 */
import { statSync } from 'node:fs'
import { CONTROL_FLAG } from '../base/layout.ts'
import { ALL_OPTIMIZATIONS } from '../emulator/options.ts'
import { type Death, deathMessage } from './death.ts'
import { KeptTranslations } from './kept.ts'
import { linesOf } from './lines.ts'
import { ControlBlock } from './mailbox.ts'
import { Offload } from './offload.ts'
import type { GuestProcess } from './process.ts'
import { ProcessTable } from './process-table.ts'
import { Programs } from './program.ts'
import { Requests } from './requests.ts'
import { findExecutor } from './session.ts'
import { Spaces } from './spaces.ts'
import { Translation } from './translation.ts'
import { bridgesOf, treeHandlers } from './tree-handlers.ts'
import { TreeMemory } from './tree-memory.ts'

/** The shared memory, and what was kept, when the program runs from that. */
const MEMORY_DESCRIPTOR = 3
const KEPT_DESCRIPTOR = 4
const FIRST_SPACE = 1
/** Between two looks for processes that are gone, and after the first one has said that it ends, in milliseconds. */
const PAUSE = 500
const END_PAUSE = 20

export async function serveLate(): Promise<void> {
  process.title = 'ferry'
  const memory = new TreeMemory({ fd: MEMORY_DESCRIPTOR, state: { next: FIRST_SPACE, free: [] } })
  const control = new ControlBlock(memory)
  const codeSize = control.get('code_size')
  const translation = new Translation({ optimizations: ALL_OPTIMIZATIONS })
  const { gates } = translation.translator
  const purpose = { codeSize, gates, cpu: () => control.cpu }
  const store = KeptTranslations.inherited(KEPT_DESCRIPTOR, control.getText('kept'), purpose)
  // the executor has filled the first space with what was kept; without knowing that, it is of no use
  if (store === undefined) memory.take()
  const said: string[] = []
  const isEmulated = (control.get('flags') & CONTROL_FLAG.EMULATED) !== 0
  const offload = new Offload(isEmulated ? 'off' : 'on', text => said.push(text))
  const bridges = bridgesOf(offload, translation, control)
  const spaces = new Spaces({ memory, codeSize, gates, translation, furnish: bridges.all, store })
  const initial = control.get('initial')
  /** The first process has said how it ends. */
  let told = false
  const handlers = {
    ...treeHandlers({ control, spaces, programs: new Programs(), offload, bridges }),
    said: () => said.splice(0).join('\n'),
    died(process: GuestProcess, death: Death) {
      told ||= process.pid === initial
      setTimeout(look, END_PAUSE)
      return deathMessage(death, pc => process.symbolAt(pc), linesOf(process, death))
    },
    exit(guest: GuestProcess) {
      told ||= guest.pid === initial
      processes.prune(control)
      // this process's parent is a child of the first one
      const last = processes.isLast(guest.pid, process.ppid)
      if (last) end()
      else setTimeout(look, END_PAUSE)
      return last
    },
  }
  const processes = new ProcessTable(statSync(findExecutor()), handlers.gone)
  const requests = new Requests(control, processes, handlers, '')
  let ended = false

  function end(): void {
    if (ended) return
    ended = true
    spaces.save()
    control.stop()
  }

  async function look(): Promise<void> {
    processes.prune(control)
    // as under a translator that was there first: whoever kills the first process wants an end to all of it
    if (!told && requests.loaded && processes.get(initial) === undefined) await processes.killAll(control)
    if (!processes.left(control)) end()
  }

  const watching = setInterval(look, PAUSE)
  control.serveLone()
  await control.serve(requests).catch(() => processes.killAll(control))
  clearInterval(watching)
  process.exit()
}
