/** Runs a guest program: a session whose requests the translator answers. */
import { resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { CONTROL_FLAG, COUNTER, PLACES } from '../base/layout.ts'
import { parseOptimizations } from '../emulator/options.ts'
import { type Benchmark, Stopwatch } from './benchmark.ts'
import { readEdges } from './bridge/edges.ts'
import { difference } from './check.ts'
import { deathMessage, endMessage } from './death.ts'
import type { GdbAddress } from './gdb/server.ts'
import { handOver } from './handover.ts'
import { hostNames } from './hybrid.ts'
import { findProgram } from './initial-program.ts'
import { EMULATED, KeptTranslations } from './kept.ts'
import { linesOf } from './lines.ts'
import { TranslationLog } from './log.ts'
import { Offload, type OffloadChoice } from './offload.ts'
import { PerfMap } from './perf-map.ts'
import type { GuestProcess, ReadyInfo } from './process.ts'
import { makeProfile, type Profile } from './profile/profile.ts'
import { Program, Programs } from './program.ts'
import { type Crossing, namedCrossings } from './report/crossings.ts'
import { Session, type SessionResult } from './session.ts'
import { Spaces } from './spaces.ts'
import { STANDARD_ERROR, toStandardError, writeAll } from './standard-error.ts'
import { openSysroot } from './sysroot.ts'
import { Translation } from './translation.ts'
import { bridgesOf, treeHandlers } from './tree-handlers.ts'
import type { CallWatcher } from './verify/watcher.ts'

export interface RunOptions {
  readonly program: string
  readonly arguments: readonly string[]
  /** Which marked functions of a hybrid binary run on the host. */
  readonly offload: OffloadChoice
  /** Categories of --log. */
  readonly log: readonly string[]
  /** Call functions of a hybrid program that have no effects on both sides, and end when results differ. */
  readonly check?: boolean
  /** Follows the system calls; what is up to chance in a new process is the same in every such run. */
  readonly calls?: CallWatcher
  /** Words of --optimize. */
  readonly optimize: string
  /** Count executions of basic blocks and calls over the bridge, into the result; the guest runs slower. */
  readonly profile: boolean
  /** Bytes of the guest stack, 0 for the process's limit. */
  readonly stackSize: number
  readonly env?: Readonly<Record<string, string>>
  /** Where absolute guest paths are looked for first. */
  readonly sysroot?: string
  /** argv[0] of the guest; the program as given when missing. */
  readonly argv0?: string
  /** Descriptor that `log` is written to; standard error when missing. */
  readonly logTo?: number
  /** Count calls and time of every marked function, on the host and emulated, into the result. */
  readonly measure?: boolean
  /** Write /tmp/perf-<pid>.map for every process of the guest. */
  readonly perfMap?: boolean
  /**
   * End with the first process although others go on, which get another translator: not when anything is measured, logged
   * or debugged.
   */
  readonly leave?: boolean
  /** Where gdb connects to debug the first process; nothing of it is offloaded then. */
  readonly gdb?: GdbAddress
}

/** What was measured of one marked function. Ticks are those of the time-stamp counter. */
export interface Measurement {
  readonly name: string
  readonly source?: string
  readonly offloaded: boolean
  /** Calls that came through its guest address: all calls of an emulated function, the crossings of an offloaded one. */
  readonly calls: number
  /** Calls of them that ended while no other call of the function was under way. */
  readonly outermost: number
  /** Calls that did not return: left by exit or longjmp. */
  readonly open: number
  /** Inside outermost calls, callees included. */
  readonly ticks: number
}

export interface RunResult extends SessionResult {
  readonly measurements?: readonly Measurement[]
  /** Of the first program's bridge, with `measurements`. */
  readonly crossings?: readonly Crossing[]
  readonly profile?: Profile
  readonly benchmark: Benchmark
  /** Functions of the program or of a library ran natively, or could. */
  readonly native: boolean
}

function flagsOf(categories: ReadonlySet<string>, calls: CallWatcher | undefined): number {
  const { TRACE, REPEATABLE } = CONTROL_FLAG
  return calls ? TRACE | REPEATABLE : categories.has('strace') ? TRACE : 0
}

const { CODE_SIZE } = PLACES
const SMALLEST_CODE_SIZE = 64 << 10
const PAGE = 4096

/** Bytes of a code cache: a multiple of the page size that FERRY_CODE_CACHE_SIZE may set. @throws FerryError `option-value` */
function codeCacheSize(): number {
  const value = process.env.FERRY_CODE_CACHE_SIZE
  if (value === undefined || value === '') return CODE_SIZE
  const size = Number(value)
  if (!Number.isInteger(size) || size < SMALLEST_CODE_SIZE || size > CODE_SIZE || size % PAGE !== 0) {
    const advice = `give a number of bytes from ${SMALLEST_CODE_SIZE} to ${CODE_SIZE}, a multiple of ${PAGE}`
    throw new FerryError('option-value', { option: 'FERRY_CODE_CACHE_SIZE', value, advice })
  }
  return size
}

/** CONTROL.heat: what FERRY_HEAT says. @throws FerryError `option-value` */
function chosenHeat(): number {
  const value = process.env.FERRY_HEAT
  if (value === undefined || value === '') return PLACES.HEAT
  if (!/^\d{1,9}$/.test(value))
    throw new FerryError('option-value', {
      option: 'FERRY_HEAT',
      value,
      advice: 'give a number, 0 to translate everything at once',
    })
  return Number(value)
}

/**
 * @throws FerryError when the program can not be run; what the guest does is the result, and a signal that ends one of its
 * processes is named on stderr.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const stopwatch = new Stopwatch()
  const sysroot = openSysroot(options.sysroot)
  const { path, elf, words } = findProgram(options.program, sysroot)
  const program = new Program(path, elf)
  const measure = options.measure === true || (options.profile && options.offload !== 'off')
  const check = options.check === true
  const offload = new Offload(
    options.gdb ? 'off' : options.offload,
    text => toStandardError(`${text}\n`),
    { path: options.program, program },
    measure,
    check,
  )
  const categories = new Set(options.log)
  const codeSize = codeCacheSize()
  const heat = chosenHeat()
  const session = new Session({
    program: path,
    ...(words ? { name: resolve(options.program) } : {}),
    argv: [...(words ?? [options.argv0 ?? options.program]), ...options.arguments],
    env: options.env ?? (process.env as Record<string, string>),
    codeSize,
    stackSize: options.stackSize,
    sysroot,
    flags: flagsOf(categories, options.calls),
  })
  const { control } = session
  // what only few runs want is not loaded by the others
  const gdb = options.gdb && (await (await import('./gdb/gdb.ts')).Gdb.open(options.gdb, control, sysroot))
  const writeLog = (text: string): void => writeAll(options.logTo ?? STANDARD_ERROR, text)
  const logged = ['asm-in', 'asm-out', 'ir'].some(name => categories.has(name))
  const perfMap = options.perfMap ? new PerfMap() : undefined
  const optimizations = parseOptimizations(options.optimize)
  const translation = new Translation({
    // a debugger sees every instruction
    optimizations: gdb ? { ...optimizations, libc: false } : optimizations,
    profile: options.profile,
    log: logged ? new TranslationLog({ categories, write: writeLog }) : undefined,
    placed: perfMap && ((process, space, code) => perfMap.placed(process, space, code)),
  })
  const { gates } = translation.translator
  session.gates = gates
  const bridges = bridgesOf(offload, translation, control)
  // a run that is watched, or measured, translates everything, and anew
  const watched = measure || check || options.profile || logged || options.calls !== undefined
  control.set('heat', watched || gdb || perfMap ? 0 : heat)
  const isUsual = options.optimize === '' && typeof options.offload === 'string'
  const kind = isUsual
    ? { on: '', off: EMULATED }[options.offload]
    : JSON.stringify([options.optimize, options.offload])
  const store =
    watched || gdb || perfMap
      ? undefined
      : KeptTranslations.open(path, kind, {
          codeSize,
          gates,
          cpu: () => control.cpu,
        })
  const spaces = new Spaces({
    ...{
      memory: control.memory,
      codeSize,
      gates,
      translation,
      furnish: bridges.all,
      store,
      systemV: perfMap !== undefined,
    },
    attached: perfMap && ((process, space) => perfMap.attached(process, space)),
  })
  const programs = new Programs(program)
  /** Where the first program and its host object were loaded. */
  let loaded: ReadyInfo | undefined
  let native = offload.used
  const trace = categories.has('strace')
    ? new (await import('./syscalls/trace.ts')).SystemCallTrace(writeLog)
    : undefined
  const alone = (process: GuestProcess) => watched || gdb?.owns(process) === true
  const answers = treeHandlers({ control, spaces, programs, offload, bridges, alone })
  const survivors = (last: readonly GuestProcess[]): boolean => {
    const { optimize } = options
    const given = { optimize, offload: options.offload, codeSize, gates: gates.bytes }
    spaces.save()
    return handOver({ control, processes: session.processes, spaces, last }, given)
  }
  const result = await session
    .run({
      ...answers,
      program(process, path) {
        const answer = answers.program(process, path)
        if (typeof answer !== 'string') gdb?.program(process)
        return answer
      },
      ready(process, info) {
        if (process.program === program) loaded = info
        answers.ready(process, info)
      },
      resolve(...request) {
        const found = answers.resolve(...request)
        stopwatch.translated()
        return found
      },
      gone(process) {
        answers.gone(process)
        trace?.gone(process.pid)
      },
      hosted(process, info) {
        native = true
        return answers.hosted?.(process, info)
      },
      trace(process, words, slot) {
        options.calls?.event(process, slot, words)
        trace?.event((address, length) => process.memory.read(address, length), words)
      },
      died: (process, death) => {
        trace?.gone(process.pid, death.signal)
        const line = deathMessage(death, pc => process.symbolAt(pc), linesOf(process, death))
        if (options.calls?.died) options.calls.died(line)
        else toStandardError(`${line}\n`)
        gdb?.died(process, death)
        return undefined
      },
      differs: (process, pc, ...record) =>
        difference(process, offload.hybrid!.manifest.functions.find(f => f.address + process.bias === pc)!, ...record),
      debug: (process, slot) => gdb?.request(process, slot),
      exit: (process, status) => {
        gdb?.exited(process, status)
        return false
      },
      ...(options.leave === true && !(watched || gdb || perfMap || categories.size > 0) ? { survivors } : {}),
    })
    .then(result => {
      if (!session.left) spaces.save()
      return gdb?.ended(result) ?? result
    })
    .finally(() => {
      if (!session.left) spaces.dispose()
    })
    .finally(() => perfMap?.close())
    .finally(() => gdb?.close())
  trace?.finish(result.signal ?? undefined)
  const message = gdb?.killed ? undefined : endMessage(result)
  if (message) toStandardError(`${message}\n`)
  const symbolAt = (pc: number) => program.symbolAt(pc - (loaded?.bias ?? 0))
  return {
    ...result,
    native,
    benchmark: stopwatch.stop(translation.counts, session.requests),
    ...(options.profile
      ? { profile: makeProfile(translation.profiles, counter => Number(control.blockCounters[counter]), symbolAt) }
      : {}),
    ...(measure && offload.hybrid
      ? {
          measurements: measurements(offload, control.counters),
          crossings: namedCrossings(
            readEdges(control.edges),
            pc => symbolAt(pc)?.name,
            hostNames(offload.hybrid, loaded?.functions ?? 0),
          ),
        }
      : {}),
  }
}

function measurements({ hybrid, enabled }: Offload, counters: BigUint64Array): Measurement[] {
  const word = (index: number, field: keyof typeof COUNTER.at): number =>
    Number(counters[(index * COUNTER.size + COUNTER.at[field]) / 8])
  return hybrid!.manifest.functions.map(({ name, source }, index) => ({
    name,
    ...(source === undefined ? {} : { source }),
    offloaded: enabled(name),
    calls: word(index, 'calls'),
    outermost: word(index, 'outermost'),
    open: word(index, 'depth'),
    ticks: word(index, 'ticks'),
  }))
}
