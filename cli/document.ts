/** docs/cli.md from the rows of cli/options.ts; `npm run generate` writes it. */
import { COMMANDS, type CommandRow, type OptionRow } from './options.ts'

/** Exit statuses of ferry itself; `ferry run` otherwise ends as the guest does. */
const STATUSES: readonly (readonly [status: string, meaning: string])[] = [
  ['0', 'success'],
  [
    '1',
    'wrong input or environment: a file that is not a RISC-V program, a missing tool, a source that does not compile',
  ],
  ['2', 'wrong use of the command line'],
  ['125', "ferry's own failure; `FERRY_DEBUG=1` shows where"],
]

/** Environment variables that ferry looks at. */
const ENVIRONMENT: readonly (readonly [name: string, meaning: string])[] = [
  ['`FERRY_SYSROOT`', 'as `-L` of `ferry run`'],
  ['`FERRY_CACHE`', '`off`: translations are not kept between runs'],
  [
    '`FERRY_HEAT`',
    'how many jumps have to lead to a piece of code before it is translated; until then it is interpreted (default: 64; 0: everything is translated at once)',
  ],
  ['`FERRY_CACHE_DIR`', 'the folder that they are kept in (default: `ferry` in `XDG_CACHE_HOME`, or in `~/.cache`)'],
  [
    '`FERRY_CODE_CACHE_SIZE`',
    'bytes of a code cache, from 65536 to 1073741824 and a multiple of 4096 (default: 1073741824; only what is used takes memory); a program goes on in a new one when one is full',
  ],
  ['`FERRY_CC_OPTIONS`', 'options for `ferry cc`, without their prefix: `--offload=all --summary=/tmp/links`'],
  ['`FERRY_LIBLLVM`', 'the path of libLLVM'],
  ['`FERRY_DEBUG`', '`1`: failures of ferry itself say where they happened'],
]

export function cliDocument(): string {
  const sections = Object.entries(COMMANDS).map(([name, row]) => commandSection(name, row))
  return `${[
    '<!-- Generated from cli/options.ts by `npm run generate`: do not edit. -->',
    '# The command line',
    '`ferry <command> --help` prints the same.',
    ...sections,
    '## Environment',
    table(['variable', 'meaning'], ENVIRONMENT),
    '## Exit status',
    table(['status', 'meaning'], STATUSES),
    '`ferry run` ends with the exit status of the program; when a signal ended the program, the same signal ends ferry.',
  ].join('\n\n')}\n`
}

function commandSection(name: string, row: CommandRow): string {
  return [
    `## ferry ${name}`,
    `    ferry ${`${name} [options] ${row.operands}`.trim()}`,
    ...row.text,
    table(['option', 'meaning'], row.options.map(optionCells)),
    'Examples:',
    row.examples.map(([line, doc]) => `- \`${line}\`: ${doc}`).join('\n'),
  ].join('\n\n')
}

function optionCells(row: OptionRow): [string, string] {
  const choices = row.choices?.map(([name, doc]) => `<br>\`${name}\`: ${doc}`).join('') ?? ''
  const standard = row.default === undefined ? '' : ` (default: ${row.default})`
  return [`\`${row.flags}\``, `${row.doc}${standard}${choices}`]
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')
}
