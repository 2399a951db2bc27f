import { agentFormats } from '../../agents/index.ts'
import type { Config } from '../../config/index.ts'
import { localRemoteName } from '../../ingest/index.ts'
import type { AgentInfo, DeclaredRemote } from '../../server/index.ts'
import { credentialWords, machineRuleWords } from '../commands/remotes/describe-remote.ts'

/** What a config declares, fit to be shown: the local folders first, then the remotes in their order. */
export function declaredRemotes({ local, remotes }: Config): readonly DeclaredRemote[] {
  const folders: DeclaredRemote = {
    name: localRemoteName,
    isEnabled: local.enabled,
    problem: null,
    provider: 'local',
    bucket: '',
    prefixes: local.folders.map(({ path }) => path),
    endpoint: null,
    region: '',
    credentials: 'none needed',
    machineRule: local.machine,
  }
  const declared = remotes.map((remote): DeclaredRemote => {
    const { name, enabled, problem, provider, bucket, prefixes, endpoint, region } = remote
    return {
      name,
      isEnabled: enabled,
      problem: problem ?? null,
      provider,
      bucket,
      prefixes,
      endpoint,
      region,
      credentials: credentialWords(remote),
      machineRule: machineRuleWords(remote),
    }
  })
  return [folders, ...declared]
}

/** The log formats, with how each agent goes on with a session. */
export const agentInfos: readonly AgentInfo[] = agentFormats.map((format) => ({
  id: format.id,
  name: format.name,
  resumeCommand: (nativeId) => format.resumeCommand?.(nativeId) ?? null,
  imagesIn: (bytes) => format.imagesIn?.({ offset: 0, bytes }) ?? [],
}))
