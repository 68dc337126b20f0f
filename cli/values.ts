/** Reads the values of options as their rows say (cli/options.ts). Every refusal is a FerryError with the allowed names. */
import { FerryError } from '../base/diagnostics.ts'
import { longFlag, type OptionRow } from './options.ts'

/** Bytes that a suffix stands for. */
const SUFFIX: Readonly<Record<string, number>> = { '': 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

/** @throws FerryError option-value */
export function readValue(row: OptionRow, text: string): string | number | string[] {
  switch (row.kind) {
    case 'one':
      return oneOf(row, text)
    case 'list':
      return splitList(text).map(name => oneOf(row, name))
    case 'assignment':
      return [readVariable(row, text, /^[^=]+=/, 'give VARIABLE=VALUE, for example LANG=C')]
    case 'variable':
      return [readVariable(row, text, /^[^=]+$/, 'give the name of a variable, for example LD_PRELOAD')]
    case 'count':
      return readCount(row, text, 1)
    case 'count-or-none':
      return readCount(row, text, 0)
    case 'bytes':
      return readBytes(row, text)
    default:
      return text
  }
}

/** `a,b,,c` → a b c. */
export function splitList(text: string): string[] {
  return text
    .split(',')
    .map(name => name.trim())
    .filter(name => name !== '')
}

function oneOf(row: OptionRow, name: string): string {
  const names = row.choices!.map(([choice]) => choice)
  if (names.includes(name)) return name
  throw refusal(row, name, `choose from ${names.join(', ')}`)
}

function readVariable(row: OptionRow, text: string, form: RegExp, advice: string): string {
  if (form.test(text)) return text
  throw refusal(row, text, advice)
}

function readCount(row: OptionRow, text: string, lowest: number): number {
  if (/^(0|[1-9]\d{0,5})$/.test(text) && Number(text) >= lowest) return Number(text)
  throw refusal(row, text, `give a number from ${lowest} on`)
}

function readBytes(row: OptionRow, text: string): number {
  const match = /^(\d{1,10})([KMG]?)$/.exec(text.toUpperCase())
  const bytes = match ? Number(match[1]) * SUFFIX[match[2]!]! : 0
  if (bytes > 0 && bytes < 2 ** 32) return bytes
  throw refusal(row, text, 'give bytes below 4G, for example 64M')
}

function refusal(row: OptionRow, value: string, advice: string): FerryError {
  const option = longFlag(row)
  return new FerryError('option-value', { option, value, advice })
}
