/** The commander program, made from the rows of cli/options.ts. A command's code is loaded when it is chosen. */
import { Command, Option } from 'commander'
import { COMMANDS, type CommandName, type CommandRow, type OptionRow, optionKey } from './options.ts'
import { readValue } from './values.ts'

/** Values of the options that were given, by {@link optionKey}. */
export type Options = Readonly<Record<string, unknown>>

/** What a file in cli/commands exports as `command`. `operands` is everything that is not an option of ferry's, in order. */
export type CommandFunction = (operands: readonly string[], options: Options) => Promise<number>

/** Dynamic imports, so that `ferry run` loads neither LLVM nor tree-sitter. */
const LOADERS: Readonly<Record<CommandName, () => Promise<{ command: CommandFunction }>>> = {
  build: () => import('./commands/build.ts'),
  cc: () => import('./commands/cc.ts'),
  run: () => import('./commands/run.ts'),
  report: () => import('./commands/report.ts'),
  analyze: () => import('./commands/analyze.ts'),
  doctor: () => import('./commands/doctor.ts'),
  binfmt: () => import('./commands/binfmt.ts'),
}

/** Options behind the program belong to the program. */
const GUEST_COMMANDS: readonly CommandName[] = ['run', 'report']
/** Options that ferry does not know belong to clang. */
const CLANG_COMMANDS: readonly CommandName[] = ['build', 'cc', 'analyze']

const WIDTH = 100

/** @param finish receives the exit status of the command that ran. */
export function createProgram(version: string, finish: (status: number) => void): Command {
  const program = new Command('ferry')
    .description('Builds hybrid RISC-V binaries whose hot functions run natively, runs them, and reports the gain.')
    .version(version, '-V, --version', 'print the version')
    .helpCommand('help [command]', 'explain a command')
    .enablePositionalOptions()
    .addHelpText(
      'after',
      '\n`ferry help <command>` explains a command. Start with: ferry build -O2 app.c -o app && ferry report ./app',
    )
  settings(program)
  for (const [name, row] of Object.entries(COMMANDS) as [CommandName, CommandRow][]) {
    addCommand(program, name, row, finish)
  }
  return program
}

function settings(command: Command): void {
  command
    .exitOverride()
    .configureHelp({ helpWidth: WIDTH })
    .configureOutput({ outputError: (text, write) => write(text.replace(/^error: /, 'ferry: ')) })
    .helpOption('-h, --help', 'print this help')
}

function addCommand(program: Command, name: CommandName, row: CommandRow, finish: (status: number) => void): void {
  const command = program.command(name).summary(row.summary).description(row.text.join('\n\n'))
  settings(command)
  command.usage(`[options] ${row.operands}`.trim())
  const argument = argumentOf(name)
  if (argument) command.argument(...argument)
  for (const option of row.options) command.addOption(createOption(option))
  const { parseOptions } = command
  command.parseOptions = words => parseOptions.call(command, withValueNames(row, words))
  if (CLANG_COMMANDS.includes(name)) command.allowUnknownOption()
  if (GUEST_COMMANDS.includes(name)) command.passThroughOptions()
  command.addHelpText('after', `\n${examples(row)}`)
  command.action(async () => {
    const { command: run } = await LOADERS[name]()
    finish(await run(command.args, command.opts()))
  })
}

function argumentOf(name: CommandName): [flags: string, description: string] | undefined {
  if (CLANG_COMMANDS.includes(name)) return ['[sources...]', 'C sources and options for clang']
  if (GUEST_COMMANDS.includes(name)) return ['<app...>', 'the program and its arguments']
  return undefined
}

/**
 * An option that a command has with and without a value takes it with `=` only: for the parser `--profile=<file>` is
 * `--profile-file <file>`.
 */
const WITH_VALUE = /^(--[a-z]+)=<([a-z]+)>$/

function withValueNames({ options }: CommandRow, words: readonly string[]): string[] {
  const twice = options.flatMap(({ flags }) => {
    const [, flag, value] = WITH_VALUE.exec(flags) ?? []
    return flag === undefined ? [] : [{ flag: `${flag}=`, name: `${flag}-${value}=` }]
  })
  const rename = (word: string): string => {
    const found = twice.find(({ flag }) => word.startsWith(flag))
    return found ? found.name + word.slice(found.flag.length) : word
  }
  const program = words.findIndex((word, i) => !word.startsWith('-') && !takesValue(options, words[i - 1]))
  return words.map((word, i) => (program >= 0 && i > program ? word : rename(word)))
}

/** Whether the word behind this one is its value. */
function takesValue(options: readonly OptionRow[], word: string | undefined): boolean {
  return options.some(({ flags }) => / </.test(flags) && flags.split(/[ ,]+/).includes(word ?? ''))
}

function createOption(row: OptionRow): Option {
  const option = new Option(row.flags.replace(WITH_VALUE, '$1-$2 <$2>'), describe(row))
  option.attributeName = () => optionKey(row)
  if (!row.flags.includes('<')) return option
  return option.argParser((text: string, previous: unknown) => {
    const value = readValue(row, text)
    return Array.isArray(value) && Array.isArray(previous) ? [...previous, ...value] : value
  })
}

function describe(row: OptionRow): string {
  const choices = row.choices?.map(([choice, doc]) => `\n${choice}: ${doc}`).join('') ?? ''
  const standard = row.default === undefined ? '' : ` (default: ${row.default})`
  return `${row.doc}${standard}${choices}`
}

function examples({ examples }: CommandRow): string {
  return `Examples:\n${examples.map(([line, doc]) => `  $ ${line}\n      ${doc}`).join('\n')}`
}
