/** Prints `runtime/executor/syscall_table.h`, the C form of the rows of table.ts. */
import { COMMON_NUMBERS, SYSTEM_CALLS, type SystemCall } from './table.ts'

function line({ number, name, policy, interruption }: SystemCall): string {
  const how = interruption.toUpperCase()
  switch (policy) {
    case 'direct':
      return `DIRECT(${number}, ${number < COMMON_NUMBERS ? `__NR_${name}` : number}, ${how})`
    case 'convert':
      return `CONVERT(${number}, ${name}, ${how})`
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
 * DIRECT(guest number, host number, interruption): the host's kernel does it with the same arguments
 * CONVERT(guest number, name, interruption): call_NAME does it
 * REFUSE(guest number, errno)
 */
#define FERRY_SYSTEM_CALL_ROWS(DIRECT, CONVERT, REFUSE) \\
${rows.join('\n')}

`
}
