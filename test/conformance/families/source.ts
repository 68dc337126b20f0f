/** What the sources of the families have in common. */

/** Programs by name. */
export type Programs = ReadonlyMap<string, string>

const INCLUDES = ['stdio.h', 'stdlib.h', 'string.h']

/** A source with its title, the headers that all need and others, and the attributes that choose the side of a function. */
export function source(
  title: string,
  body: string,
  { headers = [] as readonly string[], lines = [] as readonly string[] } = {},
): string {
  return [
    `// ${title}`,
    ...lines.map(line => `// ${line}`),
    ...[...INCLUDES, ...headers].map(header => `#include <${header}>`),
    '',
    '#define HOST __attribute__((noinline, annotate("ferry.offload")))',
    '#define GUEST __attribute__((noinline, annotate("ferry.guest")))',
    '',
    `${body.trim()}\n`,
  ].join('\n')
}

/** Line for programs whose output shows the processor. */
export const RISCV = (reason: string): string => `riscv: ${reason}`
