import type { Clock } from '../base/index.ts'
import type { Ask } from '../query/index.ts'

/** What the routes work with. */
export interface ServerContext {
  readonly ask: Ask
  /** IANA name; days begin and end in it where a request names no other. */
  readonly timezone: string
  readonly now: Clock
}
