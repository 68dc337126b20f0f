/**
 * Loops of functions that must stay: each outermost loop becomes a function of its own, which can leave when it has no obstacle
 * itself. Code generation inlines again what is not chosen, because it has one caller.
 */
import {
  AttributeIndex,
  addAttribute,
  attribute,
  Builder,
  C,
  functionLocation,
  hasAttribute,
  type Module,
  removeAttribute,
  setValueName,
  stringAttribute,
  stringAttributeValue,
  users,
  type ValueRef,
  valueName,
} from './llvm/index.ts'
import { functionCfg } from './passes/cfg.ts'
import { findLoops } from './passes/loops.ts'
import { refusal, staysForPlaces } from './rules.ts'
import { Scanner } from './scan.ts'

/** Attribute of a function that was a loop: the name of the function that it was in. */
const LOOP = 'ferry-loop'
/** Loop variables become values before they become parameters: pointers to them would keep them in memory. */
const PREPARE = 'function(sroa,simplifycfg,loop-simplify,lcssa)'
const EXTRACT = 'loop-extract,function(simplifycfg)'

/** The name of the function that this one is a loop of, if it is. */
export const loopOf = (fn: ValueRef): string | undefined => stringAttributeValue(fn, LOOP)

export function outlineLoops(module: Module): void {
  const scanner = new Scanner(module)
  const staying = [...module.definitions()].filter(fn => hasLoops(fn) && staysForPlaces(scanner.scan(fn)))
  if (staying.length === 0) return
  const before = new Set(module.definitions())
  const others = [...before].filter(fn => !staying.includes(fn))
  // what is not to be optimised is left alone
  withAttributes(module, others, { optnone: true, noinline: true }, () => {
    module.runPasses(PREPARE)
    for (const fn of staying) addEntry(module, fn)
    module.runPasses(EXTRACT)
  })
  const loops = [...module.definitions()].filter(fn => !before.has(fn))
  for (const fn of loops) describe(module, fn)
  const after = new Scanner(module)
  inlineAgain(
    module,
    loops.filter(fn => refusal(after.scan(fn)) !== undefined),
  )
}

function hasLoops(fn: ValueRef): boolean {
  return !hasAttribute(fn, 'optnone') && findLoops(functionCfg(fn)).loops.length > 0
}

/** A block in front of the others: the extractor leaves a function alone whose entry leads to nothing but a loop, whatever else is in it. */
function addEntry({ context }: Module, fn: ValueRef): void {
  const first = C.LLVMGetEntryBasicBlock(fn)
  const builder = new Builder(context)
  builder.atEnd(C.LLVMInsertBasicBlockInContext(context.ref, first, ''))
  builder.br(first)
  builder.dispose()
}

/** Names a new function after the function and line that it comes from. */
function describe(module: Module, fn: ValueRef): void {
  const [call] = users(fn)
  const parent = valueName(C.LLVMGetBasicBlockParent(C.LLVMGetInstructionParent(call!)))
  const line = functionLocation(fn)?.line
  setValueName(fn, `${parent}.loop${line === undefined ? '' : `.${line}`}`)
  addAttribute(fn, AttributeIndex.Function, stringAttribute(module.context, LOOP, parent))
}

function inlineAgain(module: Module, loops: readonly ValueRef[]): void {
  if (loops.length === 0) return
  const others = [...module.definitions()].filter(fn => !loops.includes(fn))
  for (const fn of loops) {
    removeAttribute(fn, AttributeIndex.Function, 'noinline')
    addAttribute(fn, AttributeIndex.Function, attribute(module.context, 'alwaysinline'))
  }
  withAttributes(module, others, { alwaysinline: false }, () => module.runPasses('always-inline'))
}

/** Does something while functions have attributes, or have them not. */
function withAttributes(
  module: Module,
  functions: readonly ValueRef[],
  attributes: Readonly<Record<string, boolean>>,
  action: () => void,
): void {
  const set = (fn: ValueRef, name: string, wanted: boolean) => {
    if (wanted) addAttribute(fn, AttributeIndex.Function, attribute(module.context, name))
    else removeAttribute(fn, AttributeIndex.Function, name)
  }
  const changed = Object.entries(attributes).flatMap(([name, wanted]) =>
    functions.filter(fn => hasAttribute(fn, name) !== wanted).map(fn => ({ fn, name, wanted })),
  )
  for (const { fn, name, wanted } of changed) set(fn, name, wanted)
  action()
  for (const { fn, name, wanted } of changed) set(fn, name, !wanted)
}
