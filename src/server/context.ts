import type { Clock, Secret } from '../base/index.ts'
import type { FailureInfo } from '../model/index.ts'
import type { Ask, KnownRemote, SessionObject } from '../query/index.ts'
import type { ApiCheck } from './api.ts'
import type { EventHub } from './events/hub.ts'
import type { PageFiles } from './page-files.ts'

/** What the routes work with; everything from `version` on is left out where the server cannot do it. */
export interface ServerContext {
  readonly ask: Ask
  /** IANA name; days begin and end in it where a request names no other. */
  readonly timezone: string
  readonly now: Clock
  readonly version?: string | undefined
  /** The remotes of the config, the local folders among them; left out when there is no config. */
  readonly remotes?: readonly DeclaredRemote[] | (() => readonly DeclaredRemote[]) | undefined
  /** What is wrong with the config's file, while the one from before is in force. */
  readonly configProblem?: (() => FailureInfo | null) | undefined
  /** The log formats, in the order people see them. */
  readonly agents?: readonly AgentInfo[] | undefined
  /** Bytes of an object, from the bucket it came from. */
  readonly readObject?: ReadObject | undefined
  /** A whole object, from the bucket it came from. */
  readonly openObject?: OpenObject | undefined
  /** Who is answered besides this machine itself, and by what token. */
  readonly access?: Access | undefined
  /** The built page; without it the plain one is shown. */
  readonly page?: PageFiles | undefined
  /** Where the stream of events comes from. */
  readonly events?: EventHub | undefined
  /** The syncs of this server. */
  readonly sync?: SyncControl | undefined
  readonly testRemote?: ((name: string, signal: AbortSignal) => Promise<readonly ApiCheck[]>) | undefined
  /** Gives a machine another name, or makes it part of another one. @throws AgentsviewError `usage.*`, `not-found.*` */
  readonly renameMachine?:
    | ((
        from: string,
        to: string,
        wish: 'rename' | 'merge',
      ) => Promise<{ readonly objects: number; readonly sessions: number }>)
    | undefined
  /** POST routes are answered. */
  readonly hasActions?: boolean | undefined
}

/** The remotes that the config declares now; null when there is no config. */
export function declaredOf({ remotes }: ServerContext): readonly DeclaredRemote[] | null {
  return (typeof remotes === 'function' ? remotes() : remotes) ?? null
}

/** A remote as the config declares it; nothing here is secret. */
export interface DeclaredRemote extends KnownRemote {
  readonly provider: string
  readonly bucket: string
  readonly prefixes: readonly string[]
  readonly endpoint: string | null
  readonly region: string
  /** Where its keys come from, in words. */
  readonly credentials: string
  /** How the machine is told from a key, in words. */
  readonly machineRule: string
}

export interface AgentInfo {
  readonly id: string
  readonly name: string
  /** The command line that goes on with a session of the agent's own id, run in its folder; null where there is none. */
  resumeCommand(nativeId: string): string | null
  /** The pictures of a line, in the order of their markers; left out where the format holds none. */
  readonly imagesIn?: ((line: Uint8Array) => readonly LineImage[]) | undefined
}

/** What is wanted of an object. */
export interface Wanted {
  /** Bytes at most. */
  readonly most: number
  /** Only up to the end of the line. */
  readonly isLine: boolean
}

export interface ReadBytes {
  /** Without the newline of a line. */
  readonly bytes: Uint8Array
  /** As many as may be had, and there are more. */
  readonly isCut: boolean
  /** The object has grown since the archive knew it; what stood there then is the same. */
  readonly hasGrown: boolean
}

/**
 * Reads bytes of an object as the archive knows it, unpacked where it is packed.
 * @returns fewer bytes at its end
 * @throws AgentsviewError `remote.*`; `remote.unreachable.changed` when it is another one by now and not only longer
 */
export type ReadObject = (
  object: SessionObject,
  from: number,
  wanted: Wanted,
  signal: AbortSignal,
) => Promise<ReadBytes>

/**
 * Opens the object of a session from its start to its end, as it is now.
 * @returns its size, and exactly so many bytes
 * @throws AgentsviewError `remote.*`
 */
export type OpenObject = (
  object: SessionObject,
  signal: AbortSignal,
) => Promise<{ readonly size: number; readonly chunks: AsyncIterable<Uint8Array> }>

/** A picture of a line, as the agent's log format finds it. */
export interface LineImage {
  /** The tool call it came of; null when it stands in a message. */
  readonly callId: string | null
  /** Its bytes in base64, unchecked; null where the log only names where they are. */
  readonly base64: string | null
}

export interface Access {
  /** Whoever shows it may see everything; null: this machine alone, without a token. */
  readonly token: Secret | null
  /** Names and addresses, without port, that requests may be sent to, besides this machine's own. */
  readonly hosts: readonly string[]
}

export interface SyncControl {
  /** Milliseconds between syncs; null when there are none but those asked for. */
  readonly intervalMs: number | null
  isRunning(): boolean
  /**
   * Begins a sync, unless one is running.
   * @param remotes  these by name; null for everything enabled
   * @returns whether it was begun
   * @throws AgentsviewError `not-found.remote`, `config.*`
   */
  start(remotes: readonly string[] | null): boolean
}
