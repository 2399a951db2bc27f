import type { Secret } from '../base/index.ts'
import type { AgentId, FailureInfo, LocalFolders, ProjectRule, Remote, RemoteName } from '../model/index.ts'

/** Where the archive is. */
export interface StoreConfig {
  /** `file:/absolute/path`, `libsql://host` or `http(s)://host`. */
  readonly url: string
  readonly token: Secret | null
  /** Set when `token_env` names a variable that is not set: the archive cannot be opened. */
  readonly problem: FailureInfo | null
  /** What decided the url: `--db`, `env AGENTSVIEW_DB_URL`, `config`, `default`. */
  readonly origin: string
}

/** Prices of one model as the config overrides them, in integer pico-dollars per token; null = not overridden. */
export interface PriceOverride {
  readonly model: string
  readonly input: number | null
  readonly output: number | null
  readonly cacheRead: number | null
  readonly cacheWrite5m: number | null
  readonly cacheWrite1h: number | null
  /** Where it stands, `file:line`, for what is found wrong with it later. */
  readonly place: string
}

/** What decided one value of a remote: `config`, `preset minio`, `env AWS_REGION`, `endpoint`, `default`. */
export type Origin = string

/** Origins by the key's name in the TOML file. */
export type RemoteOrigins = Readonly<Record<string, Origin>>

/** Everything the config file and the environment say, checked and with defaults. */
export interface Config {
  /** The file it came from; null when there is none. */
  readonly path: string | null
  readonly store: StoreConfig
  readonly local: LocalFolders
  /** By the key's name in `[local]`. */
  readonly localOrigins: Readonly<Record<string, Origin>>
  /** In the file's order. */
  readonly remotes: readonly Remote[]
  readonly origins: ReadonlyMap<RemoteName, RemoteOrigins>
  /** In the file's order: the first that fits a session names its project. */
  readonly projects: readonly ProjectRule[]
  readonly prices: readonly PriceOverride[]
  /** Things that are odd but lose nothing, one line each, `file:line: …`. */
  readonly warnings: readonly string[]
}

/** What loading a config may look at; nothing else of the process is read. */
export interface ConfigSource {
  /** `--config`; must exist when it is said. */
  readonly explicitPath: string | null
  /** `--db`; beats every other place that names the archive. */
  readonly explicitStoreUrl: string | null
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cwd: string
  readonly home: string
  readonly hostname: string
  /** The formats that can be read, each with its usual folders from the home folder. */
  readonly agents: readonly { readonly id: AgentId; readonly localFolders: readonly string[] }[]
}
