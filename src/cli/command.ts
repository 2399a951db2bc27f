import type { Argv } from 'yargs'
import type { CommandContext } from './context.ts'

/** One command as its file writes it; `A` is the shape of its own options. */
export interface CommandSpec<A> {
  /** Word and positionals as yargs reads them: `show <name>`, `test [names..]`. */
  readonly command: string
  /** One line for the list of commands. */
  readonly describe: string
  /** Declares positionals and options; global options are there already. */
  readonly options?: (yargs: Argv) => Argv<A>
  /** Command line without `agentsview ` first, then what it does. */
  readonly examples?: readonly (readonly [string, string])[]
  /** Exit codes beyond 0, 1, 2 and 7 that it can end with. */
  readonly exits?: readonly ExitCode[]
  readonly subcommands?: readonly Command[]
  /** Does the work; gives the exit code, or nothing for 0. Left out, a subcommand must be named. */
  readonly run?: (args: A, context: CommandContext) => Promise<number | void> | number | void
}

/** A command with the type of its options hidden, so that all of them fit in one list. */
export interface Command {
  readonly command: string
  readonly describe: string
  readonly options: (yargs: Argv) => Argv<unknown>
  readonly examples: readonly (readonly [string, string])[]
  readonly exits: readonly ExitCode[]
  readonly subcommands: readonly Command[]
  readonly run: ((args: unknown, context: CommandContext) => Promise<number>) | null
}

/** What each exit code says, for help pages and docs. */
export const exitMeanings = {
  0: 'done, also when there was nothing to do',
  1: 'a bug of agentsview',
  2: 'wrong usage, or an ambiguous id',
  3: 'no such session, remote or machine',
  4: 'refused by the remote',
  5: 'remote unreachable, worth a retry',
  6: 'partial: something was read, something failed',
  7: 'mistake in the config',
  8: 'a limit was reached',
  10: 'the archive cannot be used',
  130: 'interrupted; what was read is safe',
} as const

export type ExitCode = keyof typeof exitMeanings

/** Makes a command for the list in `app.ts`. */
export function defineCommand<A>(spec: CommandSpec<A>): Command {
  const { run } = spec
  return {
    command: spec.command,
    describe: spec.describe,
    options: (yargs) => spec.options?.(yargs) ?? yargs,
    examples: spec.examples ?? [],
    exits: spec.exits ?? [],
    subcommands: spec.subcommands ?? [],
    // yargs has checked the arguments against the very options that `A` was inferred from.
    run: run === undefined ? null : async (args, context) => (await run(args as A, context)) ?? 0,
  }
}

/** An option whose values repeat or come separated by commas; gives `string[]`, absent when not said. */
export function listOption(describe: string): {
  readonly type: 'string'
  readonly nargs: 1
  readonly describe: string
  readonly coerce: (value: unknown) => readonly string[] | undefined
} {
  return { type: 'string', nargs: 1, describe, coerce: splitList }
}

function splitList(value: unknown): readonly string[] | undefined {
  if (value === undefined) return undefined
  // Said once it is text, said again a list of texts.
  const given = (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')
  return given.flatMap((text) => text.split(',')).flatMap((text) => (text.trim() === '' ? [] : [text.trim()]))
}
