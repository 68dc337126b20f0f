/** Runs a guest program: a session whose requests the translator answers. */
import { isAbsolute, resolve } from 'node:path'
import { FerryError } from '../base/diagnostics.ts'
import { type ElfImage, readElfFile } from '../base/elf/read.ts'
import { SEGMENT_FLAG } from '../base/elf/types.ts'
import { CONTROL_FLAG, COUNTER } from '../base/layout.ts'
import { parseOptimizations } from '../emulator/options.ts'
import { type Benchmark, Stopwatch } from './benchmark.ts'
import { Bridge } from './bridge/bridge.ts'
import { deathMessage, endMessage } from './death.ts'
import { checkHostCpu, type Hybrid, readHybrid } from './hybrid.ts'
import { KeptTranslations } from './kept.ts'
import { TranslationLog } from './log.ts'
import { makeProfile, type Profile, type SymbolLookup } from './profile/profile.ts'
import { Session, type SessionResult } from './session.ts'
import { STANDARD_ERROR, toStandardError, writeAll } from './standard-error.ts'
import { SystemCallTrace } from './syscalls/trace.ts'
import { Translation } from './translation.ts'

export interface RunOptions {
  readonly program: string
  readonly arguments: readonly string[]
  /** Which marked functions of a hybrid binary run on the host. */
  readonly offload: 'on' | 'off' | readonly string[]
  /** Categories of --log. */
  readonly log: readonly string[]
  /** Words of --optimize. */
  readonly optimize: string
  /** Count executions of basic blocks and calls over the bridge, into the result; the guest runs slower. */
  readonly profile: boolean
  /** Bytes of the guest stack, 0 for the process's limit. */
  readonly stackSize: number
  readonly env?: Readonly<Record<string, string>>
  /** argv[0] of the guest; the program as given when missing. */
  readonly argv0?: string
  /** Descriptor that `log` is written to; standard error when missing. */
  readonly logTo?: number
  /** Count calls and time of every marked function, on the host and emulated, into the result. */
  readonly measure?: boolean
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
  readonly profile?: Profile
  readonly benchmark: Benchmark
}

/** Bytes of the code cache: sparse, so only what is used takes memory. rel32 jumps reach all of it. */
const CODE_SIZE = 1 << 30

/**
 * @throws FerryError when the program can not be run; what the guest does is the result, and a signal that ends it is
 * named on stderr.
 */
export async function run(options: RunOptions): Promise<RunResult> {
  const stopwatch = new Stopwatch()
  const path = isAbsolute(options.program) ? options.program : resolve(options.program)
  const elf = readElfFile(options.program)
  const hybrid = options.offload === 'off' && !options.measure ? undefined : readHybrid(elf)
  const enabled = offloadChoice(options, hybrid)
  const onHost = hybrid?.manifest.functions.some(({ name }) => enabled(name)) ?? false
  if (onHost) checkHostCpu(options.program, hybrid!.manifest)
  const categories = new Set(options.log)
  const session = new Session({
    program: path,
    argv: [options.argv0 ?? options.program, ...options.arguments],
    env: options.env ?? (process.env as Record<string, string>),
    codeSize: CODE_SIZE,
    stackSize: options.stackSize,
    ...(onHost ? { hostObject: hybrid!.hostObject, references: hybrid!.references } : {}),
    flags: categories.has('strace') ? CONTROL_FLAG.TRACE : 0,
  })
  const { memory, code } = session
  let bias = 0
  const symbolAt = (pc: number) => elf.symbolAt(pc - bias)
  const writeLog = (text: string): void => writeAll(options.logTo ?? STANDARD_ERROR, text)
  const logged = ['asm-in', 'asm-out', 'ir'].some(name => categories.has(name))
  const translation = new Translation(session, {
    optimizations: parseOptimizations(options.optimize),
    profile: options.profile,
    log: logged ? new TranslationLog({ categories, memory, code, symbolAt, write: writeLog }) : undefined,
  })
  const measure = options.measure === true || options.profile
  // a run that is watched, or measured, translates anew
  const watched = measure || logged
  const kept = watched
    ? undefined
    : KeptTranslations.open(elf.bytes, JSON.stringify([options.optimize, onHost ? options.offload : 'off']))
  const earlier = kept?.load()
  const restored = translation.restore(earlier) ? earlier!.regions.length : 0
  const trace = new SystemCallTrace((address, length) => memory.read(address, length))
  const result = await session.run({
    ready: info => {
      bias = info.bias
      if (hybrid === undefined) return
      new Bridge(translation, memory).install(
        {
          manifest: hybrid.manifest,
          references: hybrid.references + bias,
          enabled,
          measure,
          info,
          tlsOffset: session.control.getSigned('state_tls_offset'),
        },
        pc => codeSegment(elf, pc - bias).map(address => address + bias) as [number, number],
      )
    },
    resolve: (pc, start, end) => {
      const offset = translation.resolve(pc, start, end)
      stopwatch.translated()
      return offset
    },
    locate: offset => translation.locate(offset),
    invalidate: (start, length) => translation.invalidate(start, length),
    interpret: state => translation.interpret(state),
    trace: (thread, words) => {
      const line = trace.event(thread, words)
      if (line !== undefined) writeLog(`${line}\n`)
    },
    died: death => toStandardError(`${deathMessage(death, symbolAt)}\n`),
  })
  const snapshot = kept && bias === 0 ? translation.cache.snapshot(codeSegments(elf)) : undefined
  if (snapshot && snapshot.regions.length > restored) kept!.save(snapshot)
  else if (restored > 0) kept!.touch()
  for (const line of trace.unfinished()) writeLog(`${line}\n`)
  const message = endMessage(result)
  if (message) toStandardError(`${message}\n`)
  return {
    ...result,
    benchmark: stopwatch.stop(translation.counts, session.requests),
    ...(options.profile ? { profile: profileOf(translation, session.control.blockCounters, symbolAt) } : {}),
    ...(measure && hybrid ? { measurements: measurements(hybrid, enabled, session.control.counters) } : {}),
  }
}

/** Which marked functions run on the host. @throws FerryError `offload-name` */
function offloadChoice({ offload, program }: RunOptions, hybrid: Hybrid | undefined): (name: string) => boolean {
  if (offload === 'on') return () => true
  if (offload === 'off') return () => false
  const known = hybrid?.manifest.functions.map(({ name }) => name) ?? []
  for (const name of offload) {
    if (!known.includes(name)) {
      throw new FerryError('offload-name', { path: program, name, known: known.join(', ') || 'none' })
    }
  }
  return name => offload.includes(name)
}

function profileOf(translation: Translation, counters: BigUint64Array, symbolAt: SymbolLookup): Profile {
  return makeProfile(translation.profiles, counter => Number(counters[counter]), symbolAt)
}

function measurements(
  { manifest }: Hybrid,
  enabled: (name: string) => boolean,
  counters: BigUint64Array,
): Measurement[] {
  const word = (index: number, field: keyof typeof COUNTER.at): number =>
    Number(counters[(index * COUNTER.size + COUNTER.at[field]) / 8])
  return manifest.functions.map(({ name, source }, index) => ({
    name,
    ...(source === undefined ? {} : { source }),
    offloaded: enabled(name),
    calls: word(index, 'calls'),
    outermost: word(index, 'outermost'),
    open: word(index, 'depth'),
    ticks: word(index, 'ticks'),
  }))
}

/** The guest ranges whose code is the file's: executable, and not writable. */
function codeSegments(elf: ElfImage): [number, number][] {
  return elf.segments
    .filter(({ flags }) => (flags & SEGMENT_FLAG.EXECUTE) !== 0 && (flags & SEGMENT_FLAG.WRITE) === 0)
    .map(({ address, memorySize }) => [address, address + memorySize])
}

/** The executable segment that holds `address`, as in the file. */
function codeSegment(elf: ElfImage, address: number): [number, number] {
  const segment = elf.segments.find(
    ({ flags, address: start, memorySize }) =>
      (flags & SEGMENT_FLAG.EXECUTE) !== 0 && address >= start && address < start + memorySize,
  )
  return segment ? [segment.address, segment.address + segment.memorySize] : [0, 0]
}
