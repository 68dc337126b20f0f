/** Families of programs that are written from tables. */
import { arithmeticPrograms, atomicPrograms, complexPrograms, threadLocalPrograms } from './arithmetic.ts'
import { faultPrograms, jumpPrograms } from './faults.ts'
import { layoutPrograms } from './layouts.ts'
import { parameterPrograms, variadicPrograms } from './parameters.ts'
import type { Programs } from './source.ts'
import { typePrograms } from './types.ts'

export const FAMILIES: readonly { readonly name: string; readonly programs: () => Programs }[] = [
  { name: 'types', programs: typePrograms },
  { name: 'parameters', programs: parameterPrograms },
  { name: 'variadic', programs: variadicPrograms },
  { name: 'layouts', programs: layoutPrograms },
  { name: 'arithmetic', programs: arithmeticPrograms },
  { name: 'atomics', programs: atomicPrograms },
  { name: 'thread-local', programs: threadLocalPrograms },
  { name: 'complex', programs: complexPrograms },
  { name: 'faults', programs: faultPrograms },
  { name: 'jumps', programs: jumpPrograms },
]
