import { asArray, isFamily } from '../../base/index.ts'
import type { AgentsviewError } from '../../base/index.ts'
import { agentFormats } from '../../agents/index.ts'
import { configJsonSchema, findConfig, newConfigPath } from '../../config/index.ts'
import type { Config } from '../../config/index.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { safeJson } from '../output/index.ts'
import type { Column } from '../output/index.ts'
import { remoteJson, remoteValues } from './remotes/describe-remote.ts'

interface Setting {
  readonly key: string
  readonly value: unknown
  readonly from: string
}

const settingColumns: readonly Column<Setting>[] = [
  { key: 'key', title: 'KEY', value: (row) => row.key, canShrink: true, least: 24 },
  {
    key: 'value',
    title: 'VALUE',
    value: (row) => (row.value === null || typeof row.value === 'string' ? row.value : JSON.stringify(row.value)),
    canShrink: true,
    least: 16,
  },
  { key: 'from', title: 'FROM', value: (row) => row.from, canShrink: true, leaveOut: 1 },
]

const pathCommand = defineCommand({
  command: 'path',
  describe: 'Print which config file is used',
  examples: [['config path', '--config, AGENTSVIEW_CONFIG, ./agentsview.toml or the user’s config folder']],
  run: async (_args, context) => {
    const { out } = context
    const source = await context.source()
    const found = await findConfig(source)
    const path = found?.path ?? newConfigPath(source)
    if (out.format === 'json') return out.json('configPath', { path, exists: found !== null, by: found?.by ?? null })
    out.line(path)
    if (found === null) out.note('There is no such file yet; agentsview remotes add makes it.')
  },
})

const showCommand = defineCommand({
  command: 'show',
  describe: 'Print every setting as it holds, and where it comes from',
  examples: [['config show --json', 'the same for a script, without secrets']],
  run: async (_args, context) => {
    const config = await context.config()
    const { out } = context
    if (out.format === 'json') return out.json('config', configJson(config))
    out.rows({ kind: 'config', key: 'settings', rows: settingsOf(config), columns: settingColumns })
  },
})

const checkCommand = defineCommand({
  command: 'check',
  describe: 'Check the config; every mistake is told with its line',
  examples: [['config check', 'exit code 7 when there is a mistake']],
  run: async (_args, context) => {
    const { out } = context
    const config = await checked(context)
    const problems = config.remotes.flatMap((remote) =>
      remote.problem === null || remote.problem === undefined ? [] : [`${remote.name}: ${remote.problem.message}`],
    )
    if (out.format === 'json') {
      out.json('configCheck', { ok: true, path: config.path, mistakes: [], warnings: config.warnings, problems })
      return
    }
    const count = config.remotes.length
    out.line(config.path ?? 'no config file', `: no mistakes, ${count} ${count === 1 ? 'remote' : 'remotes'}`)
    for (const problem of problems) out.note(`Note: ${problem}`)
  },
})

const schemaCommand = defineCommand({
  command: 'schema',
  describe: 'Print the JSON Schema of the config file, for editors',
  examples: [['config schema > agentsview.schema.json', 'keep it beside the config']],
  run: async (_args, { out }) => {
    await out.raw(`${safeJson(configJsonSchema(agentFormats.map((format) => format.id)), 2)}\n`)
  },
})

/** `config …`: the config file itself. */
export const configCommand = defineCommand({
  command: 'config',
  describe: 'Find, show and check the config file',
  subcommands: [pathCommand, showCommand, checkCommand, schemaCommand],
})

/** With --json the mistakes are data too, beside the error. */
async function checked(context: CommandContext): Promise<Config> {
  try {
    const config = await context.config()
    // Whether a rate alone is enough, only the price list can tell.
    if (config.prices.length > 0) (await import('../../pricing/index.ts')).priceTable(config.prices)
    return config
  } catch (error) {
    if (context.out.format === 'json' && isFamily(error, 'config')) printMistakes(context, error)
    throw error
  }
}

function printMistakes(context: CommandContext, error: AgentsviewError): void {
  const known = asArray(error.context['mistakes']).map(String)
  const mistakes = known.length === 0 ? [error.message] : known
  context.out.json('configCheck', { ok: false, mistakes, warnings: [], problems: [] })
}

function configJson(config: Config): Readonly<Record<string, unknown>> {
  const { store, local } = config
  return {
    path: config.path,
    store: { url: store.url, from: store.origin, token: store.token, problem: store.problem },
    local,
    remotes: config.remotes.map((remote) => ({ ...remoteJson(remote), settings: remoteValues(remote) })),
    projects: config.projects,
    prices: config.prices.map(ratesOf),
    warnings: config.warnings,
  }
}

function ratesOf({ place: _place, ...rates }: Config['prices'][number]): Omit<Config['prices'][number], 'place'> {
  return rates
}

function settingsOf(config: Config): readonly Setting[] {
  const from = (key: string): string => config.localOrigins[key] ?? 'default'
  return [
    { key: 'store.url', value: config.store.url, from: config.store.origin },
    { key: 'local.enabled', value: config.local.enabled, from: from('enabled') },
    { key: 'local.machine', value: config.local.machine, from: from('machine') },
    ...config.local.folders.map((folder) => ({
      key: `local.${folder.agent}`,
      value: folder.path,
      from: from(folder.agent),
    })),
    ...config.remotes.flatMap((remote) =>
      Object.entries(remoteValues(remote)).map(([key, value]) => ({
        key: `remotes.${remote.name}.${key}`,
        value,
        from: config.origins.get(remote.name)?.[key] ?? 'default',
      })),
    ),
    ...config.projects.map(({ name, match }) => ({ key: `projects.${name}`, value: match, from: 'config' })),
    ...config.prices.map((price) => ({ key: `prices.${price.model}`, value: ratesOf(price), from: 'config' })),
  ]
}
