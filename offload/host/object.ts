/** Optimises the host module for its processor and makes the host shared object of it. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { C, type Module, TargetMachine } from '../../analyzer/llvm/index.ts'
import { FerryError } from '../../base/diagnostics.ts'
import { CLANG, runTool } from '../tools.ts'
import type { HostCpu } from './cpu.ts'
import { dropExtensions } from './extended-ints.ts'
import { HOST_TRIPLE } from './module.ts'
import { canonicaliseNans } from './nan.ts'

export function hostMachine(cpu: HostCpu): TargetMachine {
  return new TargetMachine({
    triple: HOST_TRIPLE,
    cpu: cpu.name,
    features: cpu.features,
    level: 3,
    positionIndependent: true,
  })
}

/** @throws FerryError `host-internal` when a pass left a malformed module */
export function optimise(module: Module, machine: TargetMachine): void {
  check(module, 'lowering')
  module.runPasses('default<O3>', machine, { loopVectorization: true, slpVectorization: true })
  dropExtensions(module)
  canonicaliseNans(module)
  check(module, 'NaN canonicalisation')
}

function check(module: Module, after: string): void {
  const problem = module.verify()
  if (problem !== undefined) throw new FerryError('host-internal', { after, problem: problem.split('\n')[0]! })
}

/** Generates code: an ELF object for x86-64, position-independent. */
export function emitObject(module: Module, machine: TargetMachine, keepDebugInformation: boolean): Uint8Array {
  if (!keepDebugInformation) C.LLVMStripModuleDebugInfo(module.ref)
  return machine.emit(module)
}

/**
 * Links the object against the host's C library. `-z defs` turns a function that neither side has into an error of the
 * build, `-z text` a relocation of code.
 */
export async function linkHost(object: Uint8Array, work: string): Promise<Uint8Array> {
  const objectPath = join(work, 'host.o')
  const libraryPath = join(work, 'host.so')
  writeFileSync(objectPath, object)
  const linker = ['-z,defs', '-z,text', '-Bsymbolic', '--build-id=none', '--as-needed'].map(option => `-Wl,${option}`)
  const args = ['--target=x86_64-linux-gnu', '-fuse-ld=lld', '-shared', '-nostartfiles', ...linker]
  await runTool(CLANG, [...args, objectPath, '-o', libraryPath, '-lm'], { step: 'linking the host object' })
  return readFileSync(libraryPath)
}
