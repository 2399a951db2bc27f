/**
 * config: the TOML file and the environment as one checked `Config`, and edits that keep the file's own look.
 * In: text of agentsview.toml, environment variables, paths. Out: `Config`, mistakes by line, edited text.
 * Must not: touch the network, read `process`, or show or write a secret.
 */
export type { Config, ConfigSource, Origin, PriceOverride, RemoteOrigins, StoreConfig } from './config.ts'
export { findConfig, newConfigPath } from './discover.ts'
export type { FoundConfig } from './discover.ts'
export { checkConfig, loadConfig } from './load.ts'
export { nearest } from './nearest.ts'
export { configJsonSchema } from './json-schema.ts'
export { remoteNameProblem } from './remote.ts'
export { openForEdit } from './open-for-edit.ts'
export type { EditableConfig } from './open-for-edit.ts'
export { remoteKeys } from './schema.ts'
export type { KeySpec } from './schema.ts'
export { appendRemote, removeRemote, removeRemoteKey, setRemoteKey, setTableKey } from './toml-edit.ts'
export type { TomlValue } from './toml-value.ts'
export { writeConfigFile } from './write.ts'
