import type { FailureInfo, QuickPass, Remote } from '../model/index.ts'
import { checkTable } from './check.ts'
import type { CheckedTable } from './check.ts'
import type { Origin, RemoteOrigins } from './config.ts'
import { readCredentials, valueOf } from './credentials.ts'
import { readEndpoint } from './endpoint.ts'
import { globProblem } from './glob-problem.ts'
import { readMachineRule, readRename } from './machine-rule.ts'
import type { Mistakes } from './mistakes.ts'
import { readPrefixes } from './prefixes.ts'
import { guessProvider, presets } from './presets.ts'
import type { Preset } from './presets.ts'
import { plannedKeys, providers, remoteKeys } from './schema.ts'
import type { Provider } from './schema.ts'

type Env = Readonly<Record<string, string | undefined>>

/** A remote and where each of its values came from. */
export interface FoundRemote {
  readonly remote: Remote
  readonly origins: RemoteOrigins
}

/** Reads one `[[remotes]]` block; what is wrong with it goes to `mistakes`. */
export function readRemote(
  raw: unknown,
  index: number,
  look: { readonly env: Env; readonly agents: readonly string[] },
  mistakes: Mistakes,
): FoundRemote {
  const table = checkTable(raw, remoteKeys(look.agents), ['remotes', index], mistakes, plannedKeys.remotes)
  const name = readName(table, mistakes)
  const agents = readAgents(table, look.agents, mistakes)
  const where = readWhere(table, look.env, mistakes)
  const found = readCredentials(name, table, look.env, mistakes)
  const bucket = readBucket(table, mistakes)
  const { preset, provider } = where
  const fromPreset = `preset ${provider}`
  const addressing = addressingOf(table, preset, bucket, where.endpoint)
  const remote: Remote = {
    name,
    provider,
    endpoint: where.endpoint,
    region: where.region,
    bucket,
    prefixes: readPrefixes(table, mistakes),
    agents,
    enabled: table.flag('enabled') ?? true,
    machineRule: readMachineRule(table, mistakes),
    rename: readRename(table, mistakes),
    credentials: found.credentials,
    addressing: addressing.value,
    allowHttp: table.flag('allow_http') ?? false,
    checksums: table.text('checksums') === null ? preset.checksums : checksumsOf(table),
    listVersion: table.number('list_version') === null ? preset.listVersion : listVersionOf(table),
    concurrency: table.number('concurrency') ?? 8,
    maxLineBytes: table.number('max_line_bytes') ?? 64 * 2 ** 20,
    maxObjectBytes: table.number('max_object_bytes'),
    include: readGlobs(table, 'include', mistakes),
    exclude: readGlobs(table, 'exclude', mistakes),
    intervalMs: table.number('interval'),
    quickPass: readQuickPass(table, mistakes),
    problem: noEndpoint(name, where) ?? found.problem,
  }
  const written = (key: string, otherwise: Origin): Origin => (table.has(key) ? 'config' : otherwise)
  const origins: RemoteOrigins = {
    provider: where.providerOrigin,
    endpoint: where.endpointOrigin,
    region: where.regionOrigin,
    credentials: found.origin,
    addressing: addressing.origin ?? fromPreset,
    checksums: written('checksums', fromPreset),
    list_version: written('list_version', fromPreset),
    ...Object.fromEntries(
      ['bucket', 'prefixes', 'agents', 'enabled', 'rename', 'allow_http', 'concurrency', 'max_line_bytes']
        .concat('max_object_bytes', 'interval', 'full_pass_every', 'quick_pass_days', 'include', 'exclude')
        .map((key) => [key, written(key, 'default')]),
    ),
    machine: ['machine', 'layout', 'machine_regex', 'machine_from'].some((key) => table.has(key))
      ? 'config'
      : 'default',
  }
  return { remote, origins }
}

/** Why a remote's name cannot be used; null when it can. */
export function remoteNameProblem(name: string): string | null {
  if (name === 'local') return '"local" is taken: it names the folders of this machine'
  if (name.length > 64) return 'is longer than 64 characters'
  if (/^[a-z0-9][a-z0-9-]*$/.test(name)) return null
  return `"${name}" may hold only small letters, digits and -, and begins with a letter or digit`
}

function readName(table: CheckedTable, mistakes: Mistakes): string {
  const name = table.text('name')
  if (name === null) {
    if (!table.has('name')) mistakes.add([...table.path, 'name'], 'is missing; every remote needs a name')
    return ''
  }
  const problem = remoteNameProblem(name)
  if (problem !== null) mistakes.add([...table.path, 'name'], problem)
  return name
}

function readBucket(table: CheckedTable, mistakes: Mistakes): string {
  const bucket = table.text('bucket')
  if (bucket === null) {
    if (!table.has('bucket')) mistakes.add([...table.path, 'bucket'], 'is missing')
    return ''
  }
  if (bucket.includes('/'))
    mistakes.add([...table.path, 'bucket'], 'must be the bucket’s name alone; folders belong in `prefixes`')
  else if (!/^[A-Za-z0-9._-]{1,255}$/.test(bucket)) mistakes.add([...table.path, 'bucket'], 'is no bucket name')
  return bucket
}

function readAgents(table: CheckedTable, all: readonly string[], mistakes: Mistakes): readonly string[] {
  const agents = table.texts('agents')
  if (agents?.length === 0)
    mistakes.add([...table.path, 'agents'], 'is empty; to switch a remote off use enabled = false')
  return agents === null ? all : [...new Set(agents)]
}

const usualQuickDays = 7

function readQuickPass(table: CheckedTable, mistakes: Mistakes): QuickPass | null {
  const fullEveryMs = table.number('full_pass_every')
  const days = table.number('quick_pass_days')
  if (fullEveryMs !== null) return { fullEveryMs, days: days ?? usualQuickDays }
  if (days !== null && !table.has('full_pass_every'))
    mistakes.warn([...table.path, 'quick_pass_days'], 'says nothing without `full_pass_every`: every pass is full')
  return null
}

function readGlobs(table: CheckedTable, key: 'include' | 'exclude', mistakes: Mistakes): readonly string[] {
  const globs = table.texts(key) ?? []
  for (const glob of globs) {
    const problem = globProblem(glob)
    if (problem !== null) mistakes.add([...table.path, key], `"${glob}" ${problem}`)
  }
  return globs
}

interface Where {
  readonly provider: Provider
  readonly providerOrigin: Origin
  readonly preset: Preset
  readonly endpoint: string | null
  readonly endpointOrigin: Origin
  readonly region: string
  readonly regionOrigin: Origin
}

const endpointVariables = ['AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL', 'AWS_S3_ENDPOINT'] as const

/** Settles provider, endpoint and region, which decide each other. */
function readWhere(table: CheckedTable, env: Env, mistakes: Mistakes): Where {
  const named = providers.find((one) => one === table.text('provider')) ?? null
  const ownRegion = table.text('region')
  const given = endpointOf(table, env, named, ownRegion)
  const read = given === null ? null : readEndpoint(given.text, table.flag('allow_http') ?? false)
  if (read !== null && 'problem' in read)
    mistakes.add(
      [...table.path, 'endpoint'],
      given?.origin === 'config' ? read.problem : `${given?.origin}: ${read.problem}`,
    )
  const host = read !== null && 'host' in read ? read.host : null
  const provider = named ?? (host === null ? 'aws' : guessProvider(host))
  const preset = presets[provider]
  return {
    provider,
    providerOrigin: named === null ? (host === null ? 'default' : `endpoint ${host}`) : 'config',
    preset,
    endpoint: read !== null && 'url' in read ? read.url : null,
    endpointOrigin: given?.origin ?? (provider === 'aws' ? 'preset aws' : 'not set'),
    ...regionOf(ownRegion, host, preset, provider, env),
  }
}

function endpointOf(
  table: CheckedTable,
  env: Env,
  provider: Provider | null,
  region: string | null,
): { readonly text: string; readonly origin: Origin } | null {
  const own = table.text('endpoint')
  if (own !== null) return { text: own, origin: 'config' }
  const fixed = provider === null ? null : presets[provider].endpoint(region)
  if (fixed !== null) return { text: fixed, origin: `preset ${provider}` }
  for (const name of endpointVariables) {
    const text = valueOf(env, name)
    if (text !== null) return { text, origin: `env ${name}` }
  }
  return null
}

function regionOf(
  own: string | null,
  host: string | null,
  preset: Preset,
  provider: Provider,
  env: Env,
): { readonly region: string; readonly regionOrigin: Origin } {
  if (own !== null) return { region: own, regionOrigin: 'config' }
  const told = host === null ? null : preset.regionOf(host)
  if (told !== null) return { region: told, regionOrigin: `endpoint ${host}` }
  for (const name of preset.takesEnvRegion ? ['AWS_REGION', 'AWS_DEFAULT_REGION'] : []) {
    const region = valueOf(env, name)
    if (region !== null) return { region, regionOrigin: `env ${name}` }
  }
  return { region: preset.region, regionOrigin: `preset ${provider}` }
}

function addressingOf(
  table: CheckedTable,
  preset: Preset,
  bucket: string,
  endpoint: string | null,
): { readonly value: 'path' | 'virtual'; readonly origin: Origin | null } {
  const own = table.text('addressing')
  if (own === 'path' || own === 'virtual') return { value: own, origin: 'config' }
  // A dot in the bucket's name makes a host that the servers' wildcard certificate does not cover.
  const isDotted = bucket.includes('.') && endpoint === null && preset.addressing === 'virtual'
  return isDotted ? { value: 'path', origin: 'bucket name with a dot' } : { value: preset.addressing, origin: null }
}

function checksumsOf(table: CheckedTable): 'when_required' | 'when_supported' {
  return table.text('checksums') === 'when_supported' ? 'when_supported' : 'when_required'
}

function listVersionOf(table: CheckedTable): 1 | 2 {
  return table.number('list_version') === 1 ? 1 : 2
}

function noEndpoint(name: string, where: Where): FailureInfo | null {
  if (where.endpoint !== null || where.provider === 'aws') return null
  return {
    code: 'config.endpoint',
    message: `no endpoint is known for provider "${where.provider}"`,
    hint: `Set AWS_ENDPOINT_URL_S3, or: agentsview remotes edit ${name} endpoint=https://…`,
  }
}
