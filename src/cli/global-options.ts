import type { Argv } from 'yargs'
import { AgentsviewError } from '../base/index.ts'

export const formats = ['table', 'json', 'ndjson', 'csv', 'tsv', 'md'] as const
export type Format = (typeof formats)[number]

/** The options that every command understands, checked and with their defaults. */
export interface GlobalOptions {
  readonly config: string | null
  readonly db: string | null
  readonly format: Format
  readonly fields: readonly string[] | null
  /** Rows at most; 0 = all. */
  readonly limit: number
  /** `--limit` was said. */
  readonly hasLimit: boolean
  readonly cursor: string | null
  /** IANA name; days begin and end in it. */
  readonly timezone: string
  readonly color: 'auto' | 'always' | 'never'
  readonly isQuiet: boolean
  readonly isVerbose: boolean
  /** False with `--no-input`: never ask. */
  readonly mayAsk: boolean
  readonly isOffline: boolean
}

const group = 'Global options:'

/** Declares the global options. */
export function addGlobalOptions(yargs: Argv): Argv {
  return yargs.options({
    config: { type: 'string', nargs: 1, global: true, group, describe: 'Config file to use' },
    db: { type: 'string', nargs: 1, global: true, group, describe: 'Archive: file:… or libsql://…' },
    json: { type: 'boolean', global: true, group, describe: 'One JSON object on stdout (same as --format json)' },
    format: { choices: formats, nargs: 1, global: true, group, describe: 'How rows are printed' },
    fields: { type: 'string', nargs: 1, global: true, group, describe: 'Columns or keys to print, by comma' },
    limit: { type: 'number', nargs: 1, global: true, group, describe: 'Rows at most, 0 = all [50; usage: all]' },
    cursor: { type: 'string', nargs: 1, global: true, group, describe: 'Go on from an earlier nextCursor' },
    timezone: { type: 'string', nargs: 1, global: true, group, describe: 'Time zone of days, e.g. Europe/Berlin' },
    color: { type: 'string', global: true, group, describe: 'Colours: auto, always or never [auto]' },
    quiet: { type: 'boolean', alias: 'q', global: true, group, describe: 'Only errors on stderr' },
    verbose: { type: 'boolean', alias: 'v', global: true, group, describe: 'More on stderr' },
    input: { type: 'boolean', global: true, group, hidden: true, default: true },
    'no-input': { type: 'boolean', global: true, group, describe: 'Never ask; fail when something is missing' },
    offline: { type: 'boolean', global: true, group, describe: 'No request but to remotes and archive' },
  })
}

const withValue = new Set(
  ['config', 'db', 'format', 'fields', 'limit', 'cursor', 'timezone'].map((name) => `--${name}`),
)
const alone = new Set(['--json', '--quiet', '-q', '--verbose', '-v', '--no-input', '--offline', '--no-color'])

/** The first word of a command line that is no global option and no value of one; null when that cannot be told. */
export function firstWord(argv: readonly string[]): string | null {
  for (let at = 0; at < argv.length; at += 1) {
    const word = argv[at] ?? ''
    if (!word.startsWith('-')) return word
    if (withValue.has(word)) at += 1
    else if (!alone.has(word) && !withValue.has(word.replace(/=.*$/s, ''))) return null
  }
  return null
}

/**
 * Reads the global options out of parsed arguments.
 * @throws AgentsviewError `usage` for values that cannot be
 */
export function readGlobalOptions(
  args: Readonly<Record<string, unknown>>,
  env: Readonly<Record<string, string | undefined>>,
): GlobalOptions {
  const named = text(args, 'timezone')
  let timezone = named === null ? null : timezoneOf(named)
  return {
    config: text(args, 'config'),
    db: text(args, 'db'),
    format: formatOf(args),
    fields:
      text(args, 'fields')
        ?.split(',')
        .map((field) => field.trim()) ?? null,
    limit: limitOf(args['limit']),
    hasLimit: args['limit'] !== undefined,
    cursor: text(args, 'cursor'),
    // Node takes 10 ms to find the machine's zone, and most commands tell no days.
    get timezone() {
      timezone ??= Intl.DateTimeFormat().resolvedOptions().timeZone
      return timezone
    },
    color: colorOf(args['color']),
    isQuiet: args['quiet'] === true,
    isVerbose: args['verbose'] === true,
    mayAsk: args['input'] !== false,
    isOffline: args['offline'] === true || (env['AGENTSVIEW_OFFLINE'] ?? '0') !== '0',
  }
}

/** True when the raw arguments ask for JSON; for failures that come before they are parsed. */
export function wantsJson(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  const options = end < 0 ? argv : argv.slice(0, end)
  return options.some(
    (word, at) =>
      word === '--json' ||
      /^--format=(nd)?json$/.test(word) ||
      (word === '--format' && /^(nd)?json$/.test(options[at + 1] ?? '')),
  )
}

function text(args: Readonly<Record<string, unknown>>, name: string): string | null {
  const value = args[name]
  if (Array.isArray(value)) throw usage(`--${name} is given more than once`, `Give --${name} once.`)
  return typeof value === 'string' && value !== '' ? value : null
}

function formatOf(args: Readonly<Record<string, unknown>>): Format {
  const asked = args['format']
  if (Array.isArray(asked)) throw usage('--format is given more than once', 'Give --format once.')
  const named = formats.find((format) => format === asked)
  if (args['json'] !== true) return named ?? 'table'
  if (named !== undefined && named !== 'json')
    throw usage(`--json and --format ${named} do not go together`, 'Drop one of them.')
  return 'json'
}

function limitOf(value: unknown): number {
  if (value === undefined) return 50
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw usage('--limit is not a whole number from 0 on', 'Say --limit 20, or --limit 0 for all.')
}

function timezoneOf(name: string): string {
  if (name === 'UTC') return name
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch (cause) {
    throw new AgentsviewError({
      code: 'usage.timezone',
      message: `"${name}" is not a time zone`,
      hint: 'Use a name such as UTC, Europe/Berlin or America/New_York.',
      cause,
    })
  }
}

function colorOf(value: unknown): 'auto' | 'always' | 'never' {
  if (value === 'always' || value === true || value === '') return 'always'
  if (value === 'never' || value === false) return 'never'
  if (value === 'auto' || value === undefined) return 'auto'
  throw usage('--color takes auto, always or never', 'Say --color never, or set NO_COLOR=1.')
}

function usage(message: string, hint: string): AgentsviewError {
  return new AgentsviewError({ code: 'usage.option', message, hint })
}
