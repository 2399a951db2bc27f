import { AgentsviewError } from '../../base/index.ts'
import { openBucket } from '../../bucket/index.ts'
import type { Config } from '../../config/index.ts'
import { nearest } from '../../config/index.ts'
import type { SyncSource } from '../../ingest/index.ts'
import { localRemoteName, sourceOfLocal, sourceOfRemote } from '../../ingest/index.ts'
import type { Remote } from '../../model/index.ts'

export interface SourceChoice {
  /** Names after `--remote`; empty for every enabled remote; null when it was not said. */
  readonly remotes: readonly string[] | null
  readonly local: boolean
  /** Objects in flight a remote; null for what the config says. */
  readonly concurrency: number | null
}

/**
 * The sources a sync reads, in the config's order, the local folders first. With neither `--remote`
 * nor `--local` that is everything enabled.
 * @throws AgentsviewError `not-found.remote`, `config.no-remotes`, `config.nothing`
 */
export function chooseSources(config: Config, choice: SourceChoice): readonly SyncSource[] {
  const isAll = choice.remotes === null && !choice.local
  const wantsLocal = isAll ? config.local.enabled : choice.local || (choice.remotes?.includes(localRemoteName) ?? false)
  const names = choice.remotes?.filter((name) => name !== localRemoteName) ?? null
  const isLocalOnly = choice.remotes === null ? choice.local : names?.length === 0 && choice.remotes.length > 0
  const remotes = isLocalOnly ? [] : chooseRemotes(config, names)
  if (isAll && remotes.length === 0 && !wantsLocal) {
    throw new AgentsviewError({
      code: 'config.nothing',
      message: 'there is nothing to sync: no remote is declared and [local] is off',
      hint: 'agentsview remotes add NAME --from-url s3://BUCKET/PREFIX',
    })
  }
  const sources = remotes.map((remote) => {
    const { concurrency } = choice
    const wanted = concurrency === null ? remote : { ...remote, concurrency }
    return sourceOfRemote(wanted, openBucket(wanted))
  })
  return wantsLocal ? [sourceOfLocal(config.local, openBucket(config.local)), ...sources] : sources
}

function chooseRemotes(config: Config, names: readonly string[] | null): readonly Remote[] {
  if (names === null) return config.remotes.filter(({ enabled }) => enabled)
  if (config.remotes.length === 0) {
    throw new AgentsviewError({
      code: 'config.no-remotes',
      message: `no remote is declared${config.path === null ? ': there is no config file yet' : ` in ${config.path}`}`,
      hint: 'agentsview remotes add NAME --from-url s3://BUCKET/PREFIX',
    })
  }
  if (names.length === 0) return config.remotes.filter(({ enabled }) => enabled)
  const unknown = names.find((name) => config.remotes.every((remote) => remote.name !== name))
  if (unknown !== undefined) {
    const known = config.remotes.map(({ name }) => name)
    const near = nearest(unknown, known)
    throw new AgentsviewError({
      code: 'not-found.remote',
      message: `there is no remote "${unknown}"`,
      hint: near === null ? `Declared are: ${known.join(', ')}.` : `Did you mean "${near}"?`,
    })
  }
  return config.remotes.filter(({ name }) => names.includes(name))
}
