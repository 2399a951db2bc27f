/**
 * server: the web view and its API, for this machine and whoever has the token.
 * In: an archive to ask, a clock, a zone, what the command line can do for it, HTTP requests. Out: the page, JSON, events.
 * Must not: hold a question or a rule, write, send a byte unescaped, or answer another site.
 */
export type { Access, AgentInfo, DeclaredRemote, ReadBytes, ReadObject, ServerContext, SyncControl } from './context.ts'
export { makeEventHub } from './events/hub.ts'
export type { EventHub } from './events/hub.ts'
export { relaySync } from './events/relay-sync.ts'
export type { SyncRelay } from './events/relay-sync.ts'
export { watchArchive } from './events/watch-archive.ts'
export { startServer } from './start.ts'
export type { RunningServer, StartOptions } from './start.ts'
