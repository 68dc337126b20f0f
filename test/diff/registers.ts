import { PINNED, PINNED_FP } from '../../base/layout.ts'
import type { Random } from './random.ts'

/**
 * Classes of registers that the translator treats differently: those that live in host registers, those that live in
 * memory, and those with a part of their own (stack pointer, link, the hard-wired zero).
 */

const ALL = Array.from({ length: 32 }, (_, number) => number)

export const PINNED_X: readonly string[] = PINNED.map(([guest]) => `x${guest}`).filter(name => name !== 'x2')
export const UNPINNED_X: readonly string[] = ALL.filter(n => n > 1 && !PINNED.some(([guest]) => guest === n)).map(
  n => `x${n}`,
)
export const PINNED_F: readonly string[] = PINNED_FP.map(([guest]) => `f${guest}`)
export const UNPINNED_F: readonly string[] = ALL.filter(n => !PINNED_FP.some(([guest]) => guest === n)).map(
  n => `f${n}`,
)

/** Every integer register but x0. */
export const ALL_X: readonly string[] = ALL.slice(1).map(n => `x${n}`)
export const ALL_F: readonly string[] = ALL.map(n => `f${n}`)

/** The registers that three-bit fields of compressed instructions reach. */
export const COMPRESSED_X: readonly string[] = ALL.slice(8, 16).map(n => `x${n}`)
export const COMPRESSED_F: readonly string[] = ALL.slice(8, 16).map(n => `f${n}`)

export type IntegerClass = 'pinned' | 'unpinned' | 'sp' | 'ra' | 'zero'
export const INTEGER_CLASSES: readonly IntegerClass[] = ['pinned', 'unpinned', 'sp', 'ra', 'zero']
export type FloatClass = 'pinned' | 'unpinned'
export const FLOAT_CLASSES: readonly FloatClass[] = ['pinned', 'unpinned']

const INTEGER_MEMBERS: Record<IntegerClass, readonly string[]> = {
  pinned: PINNED_X,
  unpinned: UNPINNED_X,
  sp: ['x2'],
  ra: ['x1'],
  zero: ['x0'],
}

/** A register of the class that is not in `except`; the one register of sp, ra and zero is given in any case. */
export function integerRegister(random: Random, kind: IntegerClass, except: readonly string[] = []): string {
  const members = INTEGER_MEMBERS[kind]
  if (members.length === 1) return members[0]!
  return random.pick(members.filter(name => !except.includes(name)))
}

export function floatRegister(random: Random, kind: FloatClass, except: readonly string[] = []): string {
  return random.pick((kind === 'pinned' ? PINNED_F : UNPINNED_F).filter(name => !except.includes(name)))
}

/** Any register but x0 that is not in `except`: x1 to x31 when they are listed, most often pinned or unpinned ones. */
export function anyInteger(random: Random, except: readonly string[] = []): string {
  return random.pick(ALL_X.filter(name => !except.includes(name)))
}

export function anyFloat(random: Random, except: readonly string[] = []): string {
  return random.pick(ALL_F.filter(name => !except.includes(name)))
}

export const isFloat = (register: string): boolean => register.startsWith('f')
