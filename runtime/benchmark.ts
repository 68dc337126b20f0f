/** What --benchmark says of a run. Times are milliseconds. */
import { REQUEST } from '../base/layout.ts'
import { type CpuTime, cpuTime, cpuTimeSince } from './cpu-time.ts'

export interface Benchmark {
  /** From the start of this process to the start of the run: loading Node and ferry. */
  readonly startup: number
  /** Of the run, start and end of the guest's process included. */
  readonly wall: number
  /** From the start of the run until the first guest instruction was translated; undefined when none was. */
  readonly firstInstruction?: number
  /** CPU time of the guest's process, which the executor is, and of this process, the translator, during the run. */
  readonly executor: CpuTime
  readonly translator: CpuTime
  readonly translation: TranslationCounts
  /** How many requests of the executor were answered, by the names of REQUEST in lower case. */
  readonly requests: Readonly<Record<string, number>>
}

export interface TranslationCounts {
  readonly regions: number
  /** Guest instructions translated; one in two regions counts twice. */
  readonly instructions: number
  /** Of host code, cold code included. */
  readonly bytes: number
  readonly bytesPerInstruction: number
  readonly milliseconds: number
}

/** Starts with the run. */
export class Stopwatch {
  readonly #start = performance.now()
  readonly #executor = cpuTime('children')
  readonly #translator = cpuTime('self')
  #firstInstruction: number | undefined

  /** The first translation is there: the guest begins. Later calls change nothing. */
  translated(): void {
    this.#firstInstruction ??= performance.now()
  }

  /** When the guest has ended. */
  stop(
    { regions, instructions, bytes, milliseconds }: Omit<TranslationCounts, 'bytesPerInstruction'>,
    requests: ReadonlyMap<number, number>,
  ): Benchmark {
    const first = this.#firstInstruction
    return {
      startup: this.#start,
      wall: performance.now() - this.#start,
      ...(first === undefined ? {} : { firstInstruction: first - this.#start }),
      executor: milli(cpuTimeSince('children', this.#executor)),
      translator: milli(cpuTimeSince('self', this.#translator)),
      translation: {
        regions,
        instructions,
        bytes,
        bytesPerInstruction: instructions === 0 ? 0 : bytes / instructions,
        milliseconds,
      },
      requests: requestNames(requests),
    }
  }
}

const milli = ({ user, system }: CpuTime): CpuTime => ({ user: user * 1000, system: system * 1000 })

function requestNames(requests: ReadonlyMap<number, number>): Record<string, number> {
  const counted = Object.entries(REQUEST).filter(([, kind]) => requests.has(kind))
  return Object.fromEntries(counted.map(([name, kind]) => [name.toLowerCase(), requests.get(kind)!]))
}
