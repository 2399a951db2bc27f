import picomatch from 'picomatch'

import { agentFormat, agentFormats } from '../agents/index.ts'
import type { Bucket, PartBucket } from '../bucket/index.ts'
import type { FailureInfo, LocalFolders, QuickPass, Remote, RemoteName } from '../model/index.ts'
import { machineNameProblem } from '../model/index.ts'
import type { Located } from '../plan/index.ts'
import { locator, renamer } from '../plan/index.ts'

/** One place to read from, as a sync sees it: a bucket and the rules of its config block. */
export interface SyncSource {
  readonly name: RemoteName
  readonly bucket: Bucket
  /** The listing covers exactly the keys that begin with one of these. */
  readonly prefixes: readonly string[]
  locate(key: string): Located
  /** False for keys that `include` and `exclude` leave out. */
  accepts(key: string): boolean
  /** The machine's name from an object's metadata; null where the key tells it. */
  readonly machineFrom: ((metadata: Readonly<Record<string, string>>) => MachineAnswer) | null
  readonly concurrency: number
  readonly maxLineBytes: number
  readonly maxObjectBytes: number | null
  /** How passes between full ones look at it; null when every pass is full. */
  readonly quick: QuickSource | null
  /** Why nothing can be read from here; null when it can be tried. */
  readonly problem: FailureInfo | null
}

/** What a quick pass needs besides. */
export interface QuickSource extends QuickPass {
  readonly bucket: PartBucket
  /** All of the config that decides which keys are read, and as whose. */
  readonly rules: string
}

export type MachineAnswer = { readonly machine: string; readonly isFallback: boolean } | { readonly refused: string }

/** A declared remote as a source. */
export function sourceOfRemote(remote: Remote, bucket: PartBucket): SyncSource {
  const { machineRule } = remote
  return {
    name: remote.name,
    bucket,
    prefixes: remote.prefixes,
    locate: locator({
      fallbackMachine: remote.name,
      prefixes: remote.prefixes,
      agents: remote.agents,
      knownAgents: agentFormats.map((format) => format.id),
      machineRule,
      rename: remote.rename,
      recognise: isReadable,
    }),
    accepts: accepter(remote),
    machineFrom: machineRule.kind === 'metadata' ? machineReader(remote, machineRule.header) : null,
    concurrency: remote.concurrency,
    maxLineBytes: remote.maxLineBytes,
    maxObjectBytes: remote.maxObjectBytes,
    quick: quickOf(remote, bucket),
    problem: remote.problem ?? null,
  }
}

/** The remote name of the machine's own folders. */
export const localRemoteName = 'local'
const localConcurrency = 4
const localMaxLineBytes = 64 * 2 ** 20

/** The machine's own folders as a source. */
export function sourceOfLocal(local: LocalFolders, bucket: Bucket): SyncSource {
  return {
    name: localRemoteName,
    bucket,
    prefixes: [''],
    locate: (key) => {
      const [agent = '', ...rest] = key.split('/')
      const path = rest.join('/')
      if (!isReadable(agent, path)) return { kind: 'other' }
      return { kind: 'place', place: { machine: local.machine, agent, path }, isFallback: false }
    },
    accepts: () => true,
    machineFrom: null,
    concurrency: localConcurrency,
    maxLineBytes: localMaxLineBytes,
    maxObjectBytes: null,
    quick: null,
    problem: null,
  }
}

function quickOf(remote: Remote, bucket: PartBucket): QuickSource | null {
  const { quickPass = null } = remote
  return quickPass === null ? null : { ...quickPass, bucket, rules: rulesOf(remote) }
}

function rulesOf(remote: Remote): string {
  const { endpoint, bucket, prefixes, agents, machineRule, rename, include, exclude, maxObjectBytes } = remote
  return JSON.stringify({ endpoint, bucket, prefixes, agents, machineRule, rename, include, exclude, maxObjectBytes })
}

function isReadable(agent: string, path: string): boolean {
  return (agentFormat(agent)?.locate(path) ?? null) !== null
}

function accepter(remote: Remote): (key: string) => boolean {
  if (remote.include.length === 0 && remote.exclude.length === 0) return () => true
  const isIncluded = remote.include.length === 0 ? () => true : picomatch([...remote.include], { dot: true })
  const isExcluded = remote.exclude.length === 0 ? () => false : picomatch([...remote.exclude], { dot: true })
  const lengths = remote.prefixes.map((prefix) => prefix.length)
  return (key) => {
    const places = remote.prefixes.filter((prefix) => key.startsWith(prefix)).map((prefix) => prefix.length)
    const rest = key.slice(Math.max(0, ...(places.length > 0 ? places : lengths)))
    return isIncluded(rest) && !isExcluded(rest)
  }
}

function machineReader(remote: Remote, header: string): NonNullable<SyncSource['machineFrom']> {
  const named = renamer(remote.rename)
  return (metadata) => {
    const told = metadata[header.toLowerCase()] ?? ''
    const machine = named(told === '' ? remote.name : told)
    const problem = machineNameProblem(machine)
    if (problem !== null) return { refused: `the machine name in ${header} cannot be used: ${problem}` }
    return { machine, isFallback: told === '' }
  }
}
