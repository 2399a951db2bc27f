/**
 * server: the web view and its JSON, for this machine alone.
 * In: an archive to ask, a clock, a zone, HTTP requests. Out: pages and the JSON the CLI prints too.
 * Must not: hold a question or a rule, write, send a byte unescaped, or answer another machine or site.
 */
export type { ServerContext } from './context.ts'
export { startServer } from './start.ts'
export type { RunningServer } from './start.ts'
