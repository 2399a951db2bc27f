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
  defaultCommand: Command,
  look: { readonly version: string; readonly width: number },
): Promise<Parsed> {
  let chosen: { command: Command; args: Readonly<Record<string, unknown>> } | null = null
  const choose: Choose = (command, args) => {
    chosen = { command, args }
  }
  const parser = addGlobalOptions(base(argv, look))
    .usage('agentsview: one view over the coding-agent sessions of all your machines\n\nUsage: $0 <command> [options]')
    .epilogue(exitCodes([...new Set(commands.flatMap(allExits))].toSorted((a, b) => a - b)))
    .example('$0 remotes add gpu --from-url s3://my-bucket/prod/', 'declare a bucket')
  for (const command of [defaultCommand, ...commands]) register(parser, command, argv, [], choose)
  let printed = ''
  await parser.parseAsync([...argv], {}, (_error: unknown, _args: unknown, output: string) => {
    printed = output
  })
  const picked = chosen as { command: Command; args: Readonly<Record<string, unknown>> } | null
  if (printed !== '') return { kind: printed.trim() === look.version ? 'version' : 'help', text: printed }
  if (picked !== null) return { kind: 'run', ...picked }
  throw new AgentsviewError({ code: 'usage.command', message: 'no command is named', hint: 'agentsview --help' })
}

type Choose = (command: Command, args: Readonly<Record<string, unknown>>) => void

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

function register(
  parser: Argv,
  command: Command,
  argv: readonly string[],
  above: readonly string[],
  choose: Choose,
): void {
  const word = command.command.split(' ')[0] ?? ''
  const path = word === '$0' ? above : [...above, word]
  parser.command(
    command.command,
    command.describe,
    (yargs) => {
      // The options stay a plain word list here: their types are the command's own business.
      const inner = command.options(yargs) as Argv
      for (const sub of command.subcommands) register(inner, sub, argv, path, choose)
      for (const [line, what] of command.examples) inner.example(`$0 ${line}`, what)
      if (word !== '$0') inner.epilogue(exitCodes(allExits(command)))
      inner.fail((message, error) => {
        throw usageFailure(message, error, argv, path, inner)
      })
      return inner
    },
    (args) => {
      if (command.run === null) throw subcommandMissing(path, command.subcommands)
      choose(command, args)
    },
  )
  parser.fail((message, error) => {
    throw usageFailure(message, error, argv, above, parser)
  })
}

function allExits(command: Command): readonly ExitCode[] {
  const own = [0, 1, 2, 7, ...command.exits] as ExitCode[]
  return [...new Set([...own, ...command.subcommands.flatMap(allExits)])].toSorted((a, b) => a - b)
}

function exitCodes(codes: readonly ExitCode[]): string {
  return `Exit codes:\n${codes.map((code) => `  ${String(code).padStart(3)}  ${exitMeanings[code]}`).join('\n')}`
}

function subcommandMissing(path: readonly string[], subcommands: readonly Command[]): AgentsviewError {
  const names = subcommands.map((command) => command.command.split(' ')[0] ?? '')
  return new AgentsviewError({
    code: 'usage.command',
    message: `agentsview ${path.join(' ')} needs one of: ${names.join(', ')}`,
    hint: `agentsview ${path.join(' ')} --help`,
  })
}

function usageFailure(
  message: string | null,
  error: unknown,
  argv: readonly string[],
  path: readonly string[],
  parser: Argv,
): Error {
  // yargs hands over what a handler threw without a message; that is no usage failure.
  if (error instanceof AgentsviewError) return error
  if (message === null || message === undefined) return error instanceof Error ? error : new Error(String(error))
  const unknown = /^Unknown (arguments?|commands?): (.*)$/s.exec(message)
  const [first = message] = message.split('\n')
  if (unknown === null) return new AgentsviewError({ code: 'usage.option', message: first, hint: helpFor(path) })
  const word = (unknown[2] ?? '').split(', ')[0] ?? ''
  return unknownWord(word, argv, path, parser)
}

function unknownWord(word: string, argv: readonly string[], path: readonly string[], parser: Argv): AgentsviewError {
  const { options, commands } = knownWords(parser)
  // yargs names an unknown option without its dashes; the command line still has them.
  const asOption = argv.find((given) => given.startsWith('-') && given.replace(/^-+/, '').split('=')[0] === word)
  const suggested = nearest(word, asOption === undefined ? commands : options)
  const shown = suggested !== null && asOption !== undefined ? `--${suggested}` : suggested
  const said = asOption?.split('=')[0] ?? word
  const place = path.length === 0 ? '' : ` of "${path.join(' ')}"`
  return new AgentsviewError({
    code: 'usage.unknown',
    message: `"${said}" is no ${asOption === undefined ? 'command' : 'option'}${place}${shown === null ? '' : `; did you mean "${shown}"?`}`,
    hint: helpFor(path),
  })
}

function helpFor(path: readonly string[]): string {
  return ['agentsview', ...path, '--help'].join(' ')
}

/** The words a parser knows; yargs keeps them behind two methods its types leave out. */
function knownWords(parser: Argv): { readonly options: readonly string[]; readonly commands: readonly string[] } {
  const inside = parser as unknown as {
    getOptions(): { key: Record<string, unknown>; hiddenOptions: string[] }
    getInternalMethods(): { getCommandInstance(): { getCommands(): string[] } }
  }
  const { key, hiddenOptions } = inside.getOptions()
  return {
    options: Object.keys(key).filter((name) => !hiddenOptions.includes(name) && name.length > 1),
    commands: inside
      .getInternalMethods()
      .getCommandInstance()
      .getCommands()
      .filter((name) => name !== '$0'),
  }
}
