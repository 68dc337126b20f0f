import type { IrName } from '../ir/ops.ts'
import type { Emitter } from './emitter.ts'

/** Emits the host code of instruction `i`. */
export type Handler = (e: Emitter, i: number) => void
export type Handlers<Name extends IrName> = Readonly<Record<Name, Handler>>
