import type { JsonObject } from '../../../base/index.ts'
import type { Remote } from '../../../model/index.ts'

/** Where a remote's keys come from, in words; never a key. */
export function credentialWords(remote: Remote): string {
  const { credentials } = remote
  switch (credentials.kind) {
    case 'keys':
      return credentials.from
    case 'profile':
      return `profile ${credentials.profile}`
    case 'anonymous':
      return 'anonymous'
    case 'default-chain':
      return 'AWS default chain'
  }
}

/** The rule that finds the machine, in words. */
export function machineRuleWords(remote: Remote): string {
  const { machineRule } = remote
  switch (machineRule.kind) {
    case 'fixed':
      return machineRule.machine
    case 'layout':
      return `layout ${machineRule.template}`
    case 'regex':
      return `regex ${machineRule.source}`
    case 'metadata':
      return `metadata:${machineRule.header}`
  }
}

/** A remote as `remotes list --json` shows it. */
export function remoteJson(remote: Remote): JsonObject {
  return {
    name: remote.name,
    provider: remote.provider,
    bucket: remote.bucket,
    prefixes: remote.prefixes,
    endpoint: remote.endpoint,
    region: remote.region,
    enabled: remote.enabled,
    credentials: credentialWords(remote),
    problem: remote.problem ?? null,
  }
}

/** Every effective value of a remote, by its key in the file. */
export function remoteValues(remote: Remote): Readonly<Record<string, unknown>> {
  return {
    provider: remote.provider,
    endpoint: remote.endpoint,
    region: remote.region,
    bucket: remote.bucket,
    prefixes: remote.prefixes,
    agents: remote.agents,
    enabled: remote.enabled,
    machine: machineRuleWords(remote),
    rename: Object.fromEntries(remote.rename.map((rule) => [rule.from, rule.to])),
    credentials: credentialWords(remote),
    addressing: remote.addressing,
    allow_http: remote.allowHttp,
    checksums: remote.checksums,
    list_version: remote.listVersion,
    concurrency: remote.concurrency,
    max_line_bytes: remote.maxLineBytes,
    max_object_bytes: remote.maxObjectBytes,
    interval: spanWords(remote.intervalMs ?? null),
    full_pass_every: spanWords(remote.quickPass?.fullEveryMs ?? null),
    quick_pass_days: remote.quickPass?.days ?? null,
    include: remote.include,
    exclude: remote.exclude,
  }
}

/** A span of time as the config takes it, in its largest whole unit. */
function spanWords(ms: number | null): string | null {
  if (ms === null) return null
  const units = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const
  const whole = Object.entries(units).find(([, unit]) => ms % unit === 0)
  return whole === undefined ? `${ms / 1000}s` : `${ms / whole[1]}${whole[0]}`
}
