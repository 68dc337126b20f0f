/** Lowers C or IR for the host inside a test and gives the IR as text. */
import { Context, Module, TargetMachine } from '../../../analyzer/llvm/index.ts'
import type { HostCpu } from '../../../offload/host/cpu.ts'
import { HOST_TRIPLE, type HostModule, lowerToHost } from '../../../offload/host/module.ts'
import { optimise } from '../../../offload/host/object.ts'
import { nameGlobals } from '../../../offload/host/references.ts'
import { planOffload } from '../../../offload/plan.ts'
import { prepareShared } from '../../../offload/shared/prepare.ts'
import { withProgram } from '../analyzer/program.ts'

export const CPU: HostCpu = { name: 'x86-64-v3', features: '', required: [] }

export const machine = (): TargetMachine =>
  new TargetMachine({ triple: HOST_TRIPLE, cpu: CPU.name, level: 3, positionIndependent: true })

export interface LoweredProgram extends HostModule {
  /** The host module behind lowering. */
  readonly ir: string
  /** The same, optimised and with canonical NaNs. */
  readonly optimised: string
  /** What both sides are lowered from. */
  readonly shared: string
  /** LLVM's complaint about the lowered module. */
  readonly problem: string | undefined
}

interface Choices {
  readonly functions: readonly string[]
  readonly hostLibm?: boolean
  readonly options?: readonly string[]
}

/** Lowers the named functions of a C text as a build does. */
export function lowerC(text: string, { functions, hostLibm = false, options = [] }: Choices): Promise<LoweredProgram> {
  return withProgram({ 'a.c': text }, ({ module }) => lowerModule(module, functions, hostLibm), options)
}

/** As {@link lowerC} for IR of riscv64. */
export function lowerIr(text: string, functions: readonly string[]): LoweredProgram {
  const context = new Context()
  const module = Module.parseText(context, text)
  try {
    return lowerModule(module, functions, false)
  } finally {
    module.dispose()
    context.dispose()
  }
}

function lowerModule(module: Module, functions: readonly string[], hostLibm: boolean): LoweredProgram {
  nameGlobals(module.globals())
  prepareShared(module)
  const shared = module.print()
  const clone = module.clone()
  const target = machine()
  const facts = functions.map(name => ({
    name,
    chosen: true,
    wanted: true,
    local: false,
    addressTaken: true,
    inlined: false,
    callers: [],
  }))
  const host = lowerToHost(clone, planOffload(facts, new Set(), true), target, {
    cpu: CPU,
    hostLibm,
    replaceable: new Set(),
  })
  const ir = clone.print()
  const problem = clone.verify()
  if (host.refused.length === 0 && problem === undefined) optimise(clone, target)
  const optimised = clone.print()
  clone.dispose()
  target.dispose()
  return { ...host, ir, optimised, shared, problem }
}

/** The text of one function's definition, without debug locations and names of metadata. */
export function body(ir: string, name: string): string {
  const start = new RegExp(`^define [^\\n]*@"?${name.replaceAll('.', '\\.')}"?\\(`, 'm').exec(ir)
  if (!start) return ''
  const end = ir.indexOf('\n}', start.index)
  return ir.slice(start.index, end).replace(/, !(dbg|tbaa) !\d+/g, '')
}
