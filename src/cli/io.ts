import type { Readable, Writable } from 'node:stream'
import type { Clock } from '../base/index.ts'

/** All that a run may touch of the process around it; tests hand in their own. */
export interface Io {
  readonly stdin: Readable
  /** Data only. */
  readonly stdout: Writable
  /** Talk: progress, notes, errors. */
  readonly stderr: Writable
  readonly env: Readonly<Record<string, string | undefined>>
  /** Absolute folder that relative paths start from. */
  readonly cwd: string
  /** Absolute home folder, for `~` and the default places. */
  readonly home: string
  readonly hostname: string
  readonly isTTY: { readonly stdin: boolean; readonly stdout: boolean; readonly stderr: boolean }
  /** Width of the terminal in columns. */
  readonly columns: number
  readonly now: Clock
  /** Aborted at the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal
}
