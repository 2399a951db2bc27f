import { isObject } from '../base/index.ts'
import type { EpochMs } from '../base/index.ts'
import type { RemoteName } from '../model/index.ts'
import type { Archive } from './open.ts'

/** What is remembered of the last pass that listed a remote to its end and read all it had to. */
export interface FullPass {
  /** When it began. */
  readonly at: EpochMs
  /** Listing requests it took. */
  readonly requests: number
  /** What of the config it went by; a pass under other rules must be full again. */
  readonly rules: string
  /** Folders with keys that are no logs, and how many of them. */
  readonly foreign: readonly (readonly [folder: string, keys: number])[]
  /** When a quick pass last took more requests than it should; null when none did. */
  readonly overranAt: EpochMs | null
}

const keyOf = (remote: RemoteName): string => `full_pass.${remote}`

/** Reads the last full pass over a remote; null when there was none, or none that this program can read. */
export async function readFullPass(archive: Archive, remote: RemoteName): Promise<FullPass | null> {
  const [row] = await archive.driver.all({ sql: 'SELECT value FROM meta WHERE key = ?', args: [keyOf(remote)] })
  const pass: unknown = row === undefined ? null : JSON.parse(String(row[0]))
  return isObject(pass) ? (pass as unknown as FullPass) : null
}

/** Remembers a full pass over a remote. */
export async function recordFullPass(archive: Archive, remote: RemoteName, pass: FullPass): Promise<void> {
  await archive.driver.transaction((transaction) =>
    transaction.run([
      {
        sql: `INSERT INTO meta (key, value) VALUES (?, ?)
              ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
        args: [keyOf(remote), JSON.stringify(pass)],
      },
    ]),
  )
}
