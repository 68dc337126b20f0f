import { Severity } from './enums.ts'
import type { ContextRef } from './handles.ts'
import { C, registerDiagnosticHandler, unregisterCallback } from './library.ts'

export interface LlvmDiagnostic {
  readonly severity: 'error' | 'warning' | 'remark' | 'note'
  readonly text: string
}

const NAMES = new Map<number, LlvmDiagnostic['severity']>([
  [Severity.Error, 'error'],
  [Severity.Warning, 'warning'],
  [Severity.Remark, 'remark'],
  [Severity.Note, 'note'],
])

/** An LLVM context. Types and constants belong to it; modules of different contexts can not be mixed. */
export class Context {
  readonly ref: ContextRef
  /** What LLVM reported since the last {@link takeDiagnostics}. Without a handler LLVM would print and exit. */
  readonly #diagnostics: LlvmDiagnostic[] = []
  readonly #handler: bigint

  constructor() {
    this.ref = C.LLVMContextCreate()
    this.#handler = registerDiagnosticHandler(info => {
      const severity = NAMES.get(C.LLVMGetDiagInfoSeverity(info)) ?? 'error'
      this.#diagnostics.push({ severity, text: C.LLVMGetDiagInfoDescription(info) })
    })
    C.LLVMContextSetDiagnosticHandler(this.ref, this.#handler, 0)
  }

  /** The diagnostics since the last call, oldest first. */
  takeDiagnostics(): LlvmDiagnostic[] {
    return this.#diagnostics.splice(0)
  }

  /** The errors since the last call, one a line; `otherwise` when LLVM failed silently. */
  takeErrors(otherwise: string): string {
    const errors = this.takeDiagnostics().filter(d => d.severity === 'error')
    return errors.length === 0 ? otherwise : errors.map(d => d.text).join('\n')
  }

  /** Frees the context. Its modules must have been disposed of. */
  dispose(): void {
    C.LLVMContextDispose(this.ref)
    unregisterCallback(this.#handler)
  }
}
