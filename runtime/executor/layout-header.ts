/** Prints `layout.h`, the C form of the tables of base/layout.ts. */
import type { Field, Layout } from '../../base/fields.ts'
import { KEPT, KEPT_BRIDGE, KEPT_GROUP, KEPT_MAGIC, KEPT_PLACE } from '../../base/kept-layout.ts'
import {
  ACCESS,
  ALONE,
  CONTROL,
  CONTROL_FLAG,
  CPU_STATE,
  DEBUG,
  DEBUG_REASON,
  FIXUP,
  MAILBOX,
  PINNED,
  PINNED_FP,
  PLACES,
  REQUEST,
  TRACE_ANSWER,
  TRAP,
  WANTED,
} from '../../base/layout.ts'

const C_TYPE = { u8: 'uint8_t', u32: 'uint32_t', u64: 'uint64_t' } as const

function constants(prefix: string, values: Readonly<Record<string, number>>): string {
  return Object.entries(values)
    .map(([name, value]) => `#define ${prefix}${name} ${value < 4096 ? value : `UINT64_C(0x${value.toString(16)})`}`)
    .join('\n')
}

function member({ name, type, count, doc }: Field): string {
  const comment = doc === '' ? '' : ` /* ${doc} */`
  return `  ${C_TYPE[type]} ${name}${count === 1 ? '' : `[${count}]`};${comment}`
}

function struct({ name, size, fields }: Layout): string {
  return [
    `typedef struct ${name} {`,
    ...fields.map(member),
    `} ${name};`,
    ...fields.map(field => `_Static_assert(offsetof(${name}, ${field.name}) == ${field.offset}, "${field.name}");`),
    `_Static_assert(sizeof(${name}) == ${size}, "${name}");`,
  ].join('\n')
}

/** The text of `runtime/executor/layout.h`. */
export function layoutHeader(): string {
  const pinned = PINNED.map(([guest, host, name]) => `  X(${guest}, ${host}) /* ${name} */`)
  const pinnedFp = PINNED_FP.map(([guest, xmm]) => `  X(${guest}, ${xmm})`)
  return `${[
    '/* Generated from base/layout.ts by `npm run generate`: do not edit. */',
    '#pragma once',
    '#include <stddef.h>\n#include <stdint.h>',
    constants('FERRY_', PLACES),
    constants('TRAP_', TRAP),
    constants('REQUEST_', REQUEST),
    constants('FIXUP_', FIXUP),
    constants('CONTROL_FLAG_', CONTROL_FLAG),
    constants('TRACE_ANSWER_', TRACE_ANSWER),
    constants('ACCESS_', ACCESS),
    constants('DEBUG_', DEBUG),
    constants('DEBUG_REASON_', DEBUG_REASON),
    constants('ALONE_', ALONE),
    constants('WANTED_', WANTED),
    `#define KEPT_MAGIC "${KEPT_MAGIC}"`,
    ...[CPU_STATE, MAILBOX, CONTROL, KEPT, KEPT_PLACE, KEPT_GROUP, KEPT_BRIDGE].map(struct),
    `_Static_assert(sizeof(ferry_state) <= FERRY_MAILBOX, "state and mailbox share a thread slot");`,
    `_Static_assert(FERRY_MAILBOX + sizeof(ferry_mailbox) <= FERRY_THREAD_SIZE, "thread slot");`,
    `_Static_assert(sizeof(ferry_control) <= FERRY_THREADS, "control page");`,
    '/* X(guest register, x86 encoding of the host register) */',
    `#define FERRY_PINNED(X) \\\n${pinned.join(' \\\n')}`,
    '/* X(guest floating-point register, xmm register) */',
    `#define FERRY_PINNED_FP(X) \\\n${pinnedFp.join(' \\\n')}`,
  ].join('\n\n')}\n`
}
