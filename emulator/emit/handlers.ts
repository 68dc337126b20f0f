/** The table of all handlers. */
import { IR_NAMES, type IrName, IrOp } from '../ir/ops.ts'
import { atomicHandlers } from './atomic.ts'
import { bitHandlers } from './bits.ts'
import { compareHandlers } from './compare.ts'
import { convertHandlers } from './convert.ts'
import { toIntegerHandlers } from './convert-to-integer.ts'
import { csrHandlers } from './csr.ts'
import { divideHandlers } from './divide.ts'
import { floatHandlers } from './float.ts'
import { halfHandlers } from './half.ts'
import type { Handler } from './handler.ts'
import { integerHandlers } from './integer.ts'
import { memoryHandlers } from './memory.ts'
import { multiplyHandlers } from './multiply.ts'
import { multiplyAddHandlers } from './multiply-add.ts'
import { zfaHandlers } from './zfa.ts'

/** Instructions that only end blocks: `emitEnd` has their code. */
type Ending =
  | 'beq'
  | 'bne'
  | 'blt'
  | 'bge'
  | 'bltu'
  | 'bgeu'
  | 'jal'
  | 'jalr'
  | 'ecall'
  | 'ebreak'
  | 'fence_i'
  | 'illegal'
const ENDINGS = [
  'beq',
  'bne',
  'blt',
  'bge',
  'bltu',
  'bgeu',
  'jal',
  'jalr',
  'ecall',
  'ebreak',
  'fence_i',
  'illegal',
] as const

const BY_NAME: Readonly<Record<Exclude<IrName, Ending>, Handler>> = {
  ...integerHandlers,
  ...compareHandlers,
  ...bitHandlers,
  ...multiplyHandlers,
  ...divideHandlers,
  ...memoryHandlers,
  ...atomicHandlers,
  ...floatHandlers,
  ...multiplyAddHandlers,
  ...zfaHandlers,
  ...convertHandlers,
  ...toIntegerHandlers,
  ...halfHandlers,
  ...csrHandlers,
}
/** By operation; undefined for those of {@link IS_END}. */
export const HANDLERS: readonly (Handler | undefined)[] = IR_NAMES.map(
  name => (BY_NAME as Partial<Record<IrName, Handler>>)[name],
)
export const IS_END = new Uint8Array(IR_NAMES.length)
for (const name of ENDINGS) IS_END[IrOp[name]] = 1
