import yargs from 'yargs'
import type { Argv } from 'yargs'
import { AgentsviewError } from '../base/index.ts'
import { nearest } from '../config/index.ts'
import { exitMeanings } from './command.ts'
import type { Command, ExitCode } from './command.ts'
import { addGlobalOptions } from './global-options.ts'

/** What a command line asks for. */
export type Parsed =
  | { readonly kind: 'help' | 'version'; readonly text: string }
  | { readonly kind: 'run'; readonly command: Command; readonly args: Readonly<Record<string, unknown>> }

/**
 * Reads a command line.
 * @throws AgentsviewError `usage.*` for unknown commands, options and values, with the nearest right word
 */
export async function parseArguments(
  argv: readonly string[],
  commands: readonly Command[],
  look: { readonly version: string; readonly width: number },
): Promise<Parsed> {
  const parser = addGlobalOptions(base(argv, look))
    .usage('agentsview: one view over the coding-agent sessions of all your machines\n\nUsage: $0 <command> [options]')
    .epilogue(exitCodes([...new Set(commands.flatMap(allExits))].toSorted((a, b) => a - b)))
    .example('$0 remotes add gpu --from-url s3://my-bucket/prod/', 'declare a bucket')
  const scope: Scope = {
    argv,
    path: [],
    takes: '',
    subcommands: commands.filter((command) => wordOf(command) !== '$0'),
  }
  failAs(parser, scope)
  for (const command of commands) register(parser, command, scope)
  let printed = ''
  try {
    await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, output: string) => {
      printed = output
    })
  } catch (error) {
    if (error instanceof Chosen) return { kind: 'run', command: error.command, args: error.args }
    throw error
  }
  if (printed !== '') return { kind: printed.trim() === look.version ? 'version' : 'help', text: printed }
  throw new AgentsviewError({ code: 'usage.command', message: 'no command is named', hint: 'agentsview --help' })
}

/**
 * Thrown to leave yargs where a command is found: next it would draw that command's page of help, in case the
 * command fails, which takes longer than most commands do.
 */
class Chosen extends Error {
  readonly command: Command
  readonly args: Readonly<Record<string, unknown>>

  constructor(command: Command, args: Readonly<Record<string, unknown>>) {
    super(command.command)
    this.command = command
    this.args = args
  }
}

function base(argv: readonly string[], look: { readonly version: string; readonly width: number }): Argv {
  return yargs([...argv])
    .scriptName('agentsview')
    .locale('en')
    .parserConfiguration({
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'dot-notation': false,
      'strip-aliased': true,
      'greedy-arrays': true,
    })
    .strict()
    .exitProcess(false)
    .showHelpOnFail(false)
    .help('help', 'Show help')
    .alias('help', 'h')
    .version('version', 'Show the version', look.version)
    .wrap(Math.max(60, Math.min(110, look.width)))
}

/** A command as it stands in the tree: what was typed, the words above and with it, the commands under it. */
interface Scope {
  readonly argv: readonly string[]
  readonly path: readonly string[]
  /** What the command takes besides options, as its help shows it: `<name> [path]`. */
  readonly takes: string
  readonly subcommands: readonly Command[]
}

function register(parser: Argv, command: Command, above: Scope): void {
  const word = wordOf(command)
  const path = word === '$0' ? above.path : [...above.path, word]
  const scope: Scope =
    word === '$0'
      ? above
      : {
          argv: above.argv,
          path,
          takes: command.command.slice(word.length).trim(),
          subcommands: command.subcommands,
        }
  parser.command(
    command.command,
    command.describe,
    (child) => {
      // The options stay a plain word list here: their types are the command's own business.
      const inner = command.options(child) as Argv
      for (const sub of command.subcommands) register(inner, sub, scope)
      for (const [line, what] of command.examples) inner.example(`$0 ${line}`, what)
      if (word !== '$0') inner.epilogue(exitCodes(allExits(command)))
      return failAs(inner, scope)
    },
    (args) => {
      if (command.run === null) throw subcommandMissing(scope)
      throw new Chosen(command, args)
    },
  )
}

function failAs(parser: Argv, scope: Scope): Argv {
  return parser.fail((message: string | null | undefined, error: unknown) => {
    throw usageFailure(message ?? null, error, scope, parser)
  })
}

function wordOf(command: Command): string {
  return command.command.split(' ')[0] ?? ''
}

function allExits(command: Command): readonly ExitCode[] {
  const own = [0, 1, 2, 7, ...command.exits] as ExitCode[]
  return [...new Set([...own, ...command.subcommands.flatMap(allExits)])].toSorted((a, b) => a - b)
}

function exitCodes(codes: readonly ExitCode[]): string {
  return `Exit codes:\n${codes.map((code) => `  ${String(code).padStart(3)}  ${exitMeanings[code]}`).join('\n')}`
}

function subcommandMissing(scope: Scope): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.command',
    message: `agentsview ${scope.path.join(' ')} needs one of: ${scope.subcommands.map(wordOf).join(', ')}`,
    hint: helpFor(scope),
  })
}

function usageFailure(message: string | null, error: unknown, scope: Scope, parser: Argv): Error {
  // yargs hands over what a handler threw without a message; that is no usage failure.
  if (error instanceof AgentsviewError) return error
  if (message === null) return error instanceof Error ? error : new Error(String(error))
  const unknown = /^Unknown (?:arguments?|commands?): (.*)$/s.exec(message)
  if (unknown !== null) return unknownWord((unknown[1] ?? '').split(', ')[0] ?? '', scope, parser)
  const choice = /^Invalid values:\s+Argument: (\S+), Given: (.*), Choices: (.*)$/m.exec(message)
  if (choice !== null) {
    const [, name = '', given = '', choices = ''] = choice
    const said = `--${name} is not ${given}; it is one of ${choices.replaceAll('"', '')}`
    return new AgentsviewError({ code: 'usage.option', message: said, hint: helpFor(scope) })
  }
  return new AgentsviewError({ code: 'usage.option', message: plainWords(message, scope), hint: helpFor(scope) })
}

/** What yargs says of missing and surplus words, as people would say it. */
function plainWords(message: string, { path, takes }: Scope): string {
  const [first = message] = message.split('\n')
  const command = path.length === 0 ? 'agentsview' : `"${path.join(' ')}"`
  const required = takes.replaceAll(/\s*\[[^\]]*\]/g, '')
  if (first.startsWith('Not enough non-option arguments')) return `${command} needs ${required}`
  if (first.startsWith('Too many non-option arguments')) return `${command} takes only ${takes}`
  const without = /^Not enough arguments following: (.*)$/.exec(first)?.[1]
  if (without !== undefined) return `--${without} needs a value`
  const missing = /^Missing required arguments?: (.*)$/.exec(first)?.[1]
  return missing === undefined ? first : `--${missing.replaceAll(', ', ', --')} is missing`
}

function unknownWord(word: string, scope: Scope, parser: Argv): AgentsviewError {
  // yargs names an unknown option without its dashes; the command line still has them.
  const asOption = scope.argv.find((given) => given.startsWith('-') && given.replace(/^-+/, '').split('=')[0] === word)
  const suggested = nearest(word, asOption === undefined ? scope.subcommands.map(wordOf) : optionNames(parser))
  const shown = suggested !== null && asOption !== undefined ? `--${suggested}` : suggested
  const place = scope.path.length === 0 ? '' : ` of "${scope.path.join(' ')}"`
  const said = asOption?.split('=')[0] ?? word
  const what = asOption === undefined ? 'command or argument' : 'option'
  return new AgentsviewError({
    code: 'usage.unknown',
    message: `"${said}" is no ${what}${place}${shown === null ? '' : `; did you mean "${shown}"?`}`,
    hint: helpFor(scope),
  })
}

function helpFor(scope: Scope): string {
  return ['agentsview', ...scope.path, '--help'].join(' ')
}

/** The options a parser knows; yargs keeps them behind a method its types leave out. */
function optionNames(parser: Argv): readonly string[] {
  const inside = parser as unknown as { getOptions(): { key: Record<string, unknown>; hiddenOptions: string[] } }
  const { key, hiddenOptions } = inside.getOptions()
  return Object.keys(key).filter((name) => !hiddenOptions.includes(name) && name.length > 1)
}
