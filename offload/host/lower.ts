/** The host side of a build: what can be carried of the chosen functions, as a module and as a shared object. */
import type { Analysis } from '../../analyzer/index.ts'
import type { Module, TargetMachine } from '../../analyzer/llvm/index.ts'
import { functionFacts } from '../facts.ts'
import { type Plan, planOffload } from '../plan.ts'
import type { HostCpu } from './cpu.ts'
import { type HostModule, lowerToHost } from './module.ts'
import { emitObject, optimise } from './object.ts'
import { pureEntries } from './pure.ts'
import { usedReferences } from './used-references.ts'

export interface Refused {
  readonly name: string
  readonly reason: string
}

export interface HostJob {
  /** Bitcode that both sides are lowered from; it is not changed. */
  readonly module: Module
  readonly analysis: Analysis
  readonly cpu: HostCpu
  readonly hostLibm: boolean
  /** Functions that another definition may stand for when the program runs; none without it. */
  readonly replaceable?: ReadonlySet<string>
}

export interface HostLowering {
  readonly plan: Plan
  readonly host: HostModule
  /** The lowered copy, which the caller disposes of. */
  readonly clone: Module
  readonly refused: readonly Refused[]
}

/** Lowers a copy for the host; functions that it can not carry are left out and the rest is lowered again. */
export function lowerHost(
  { module, analysis, cpu, hostLibm, replaceable }: HostJob,
  machine: TargetMachine,
): HostLowering {
  const facts = functionFacts(module, analysis)
  const refused: Refused[] = []
  for (;;) {
    const plan = planOffload(facts, new Set(refused.map(r => r.name)), analysis.mode === 'all')
    const clone = module.clone()
    const host = lowerToHost(clone, plan, machine, { cpu, hostLibm, replaceable: replaceable ?? new Set() })
    if (host.refused.length === 0) return { plan, host, clone, refused }
    clone.dispose()
    refused.push(...host.refused)
  }
}

export interface HostObject {
  readonly object: Uint8Array
  /** As {@link usedReferences}. */
  readonly used: ReadonlySet<number> | undefined
  /** As {@link pureEntries}. */
  readonly pure: ReadonlySet<string>
}

export interface HostObjectOptions {
  readonly keepDebugInformation: boolean
  /** Functions that guest code may call. */
  readonly entries: readonly string[]
  /** Called with the module before and after it is optimised. */
  readonly onStage?: (stage: 'host' | 'optimised', print: () => string) => void
}

/** Optimises the lowered module, generates code, and disposes of it. */
export function compileHost(clone: Module, machine: TargetMachine, options: HostObjectOptions): HostObject {
  const { keepDebugInformation, entries, onStage } = options
  try {
    onStage?.('host', () => clone.print())
    optimise(clone, machine)
    onStage?.('optimised', () => clone.print())
    const used = usedReferences(clone)
    const pure = pureEntries(clone, entries)
    return { object: emitObject(clone, machine, keepDebugInformation), used, pure }
  } finally {
    clone.dispose()
  }
}
