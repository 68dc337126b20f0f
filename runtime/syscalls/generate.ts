/** Prints `runtime/executor/syscall_table.h`, the C form of the rows of table.ts. */
import { kindOf } from './kinds.ts'
import { COMMON_NUMBERS, SYSTEM_CALLS, type SystemCall } from './table.ts'

function line({ number, name, args, policy, interruption }: SystemCall): string {
  const how = interruption.toUpperCase()
  const host = number < COMMON_NUMBERS ? `__NR_${name}` : number
  const kinds = args.map(kindOf)
  const written = kinds.reduce((set, kind, i) => set | (kind.written ? 1 << i : 0), 0)
  const vector = kinds.findIndex(kind => kind.name === 'iovout')
  switch (policy) {
    case 'direct':
      return `DIRECT(${number}, ${host}, ${how}, 0x${written.toString(16)}, ${Math.max(vector, 0)})`
    case 'convert':
      return `CONVERT(${number}, ${name}, ${how}, 0x${written.toString(16)})`
    default:
      return `REFUSE(${number}, ${policy.toUpperCase()})`
  }
}

/** The text of `runtime/executor/syscall_table.h`. */
export function systemCallTableHeader(): string {
  const rows = SYSTEM_CALLS.map(call => `  ${line(call)} /* ${call.name} */ \\`)
  return `/* Generated from runtime/syscalls/table.ts by \`npm run generate\`: do not edit. */

#pragma once

/* Guest numbers are below this. */
#define FERRY_SYSTEM_CALLS ${Math.max(...SYSTEM_CALLS.map(call => call.number)) + 1}

/*
 * DIRECT(guest number, host number, interruption, written, vector): the host's kernel does it with the same arguments
 *   written: bit n is set when the kernel may write through argument n
 *   vector: an argument with an array of struct iovec that the kernel fills, the number of entries behind it; 0 = none
 * CONVERT(guest number, name, interruption, written): call_NAME does it
 * REFUSE(guest number, errno)
 */
#define FERRY_SYSTEM_CALL_ROWS(DIRECT, CONVERT, REFUSE) \\
${rows.join('\n')}

`
}
