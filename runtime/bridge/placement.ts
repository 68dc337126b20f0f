/**
 * Where the words of a signature are on both sides of the bridge (base/signature.ts).
 *
 * Guest: RISC-V psABI, hardware floating-point calling convention lp64d. Integers in a0–a7; floating point in fa0–fa7, then
 * like integers; variadic floating point always like integers; 16-byte variadic scalars start at an even register.
 * Host: System V psABI for x86-64 §3.2.3. Integers in rdi rsi rdx rcx r8 r9; floating point in xmm0–7. On both sides the rest
 * is on the stack in 8-byte words.
 */
import type { Signature } from '../../base/signature.ts'

/** `x`: integer register (guest number, or index of the System V order); `f`: floating-point argument register 0–7; `stack`: word index. */
export interface Place {
  readonly kind: 'x' | 'f' | 'stack'
  readonly index: number
}

export interface Word {
  /** i, f or d of the signature. */
  readonly type: 'i' | 'f' | 'd'
  /** `x` 0–7 is a0–a7. */
  readonly guest: Place
  /** `x` 0–5 is the System V order. */
  readonly host: Place
}

export interface Placement {
  readonly words: readonly Word[]
  readonly guestStack: number
  readonly hostStack: number
  /** The stub makes a pointer to variable arguments, behind `registers` words in the guest's integer registers. */
  readonly variable: { readonly host: Place; readonly registers: number } | undefined
  /** Every word is where the register convention has it on both sides, or there are none. */
  readonly identical: boolean
}

export function place({ parameters }: Signature): Placement {
  const words: Word[] = []
  const guest = { x: 0, f: 0, stack: 0 }
  const host = { x: 0, f: 0, stack: 0 }
  const guestInteger = (): Place =>
    guest.x < 8 ? { kind: 'x', index: guest.x++ } : { kind: 'stack', index: guest.stack++ }
  const hostInteger = (): Place =>
    host.x < 6 ? { kind: 'x', index: host.x++ } : { kind: 'stack', index: host.stack++ }
  const hostFloat = (): Place => (host.f < 8 ? { kind: 'f', index: host.f++ } : { kind: 'stack', index: host.stack++ })
  let variadic = false
  let variable: Placement['variable']
  for (const letter of parameters) {
    if (letter === '.') variadic = true
    else if (letter === 'v') variable = { host: hostInteger(), registers: guest.x }
    else if (letter === 'q') {
      if (guest.x < 8) guest.x += guest.x % 2
      else guest.stack += guest.stack % 2
      for (let half = 0; half < 2; half++) words.push({ type: 'i', guest: guestInteger(), host: hostInteger() })
    } else if (letter === 'i') words.push({ type: 'i', guest: guestInteger(), host: hostInteger() })
    else {
      const type = letter as 'f' | 'd'
      const inRegister = !variadic && guest.f < 8
      words.push({ type, guest: inRegister ? { kind: 'f', index: guest.f++ } : guestInteger(), host: hostFloat() })
    }
  }
  const identical =
    variable === undefined &&
    words.every(w => w.guest.kind !== 'stack' && w.guest.kind === w.host.kind && w.guest.index === w.host.index)
  return { words, guestStack: guest.stack, hostStack: host.stack, variable, identical }
}
