/** Compares the outcomes of a program, and counts those of a suite. */
import type { Attempt, Mode } from './modes.ts'
import type { Subject } from './subject.ts'

/**
 * same       all modes show what qemu-riscv64 shows
 * differs    one does not
 * unusable   there is nothing to compare with: the plain compiler refuses the program, or it does not end under qemu-riscv64
 */
export type Verdict = 'same' | 'differs' | 'unusable'

export interface Difference {
  readonly mode: Mode
  readonly expected: string
  readonly got: string
}

export interface Judgement {
  readonly name: string
  readonly verdict: Verdict
  readonly modes: readonly Mode[]
  readonly differences: readonly Difference[]
  /** Functions of the program of `all`, and those of them that stay, by rule. */
  readonly functions: number
  readonly staying: Readonly<Record<string, number>>
}

export function judge(subject: Subject, { outcomes, functions, staying }: Attempt): Judgement {
  const reference = outcomes.get('qemu')!
  const modes = [...outcomes.keys()]
  const differences = modes.flatMap((mode): Difference[] => {
    const { text } = outcomes.get(mode)!
    return text === reference.text ? [] : [{ mode, expected: reference.text, got: text }]
  })
  const usable = reference.built && reference.finished
  const verdict = usable ? (differences.length === 0 ? 'same' : 'differs') : 'unusable'
  const rules: Record<string, number> = {}
  for (const { rule } of staying) rules[rule] = (rules[rule] ?? 0) + 1
  return { name: subject.name, verdict, modes, differences, functions, staying: rules }
}
