import type { Secret } from '../base/index.ts'
import type { AgentId, RemoteName } from './object.ts'
import type { FailureInfo } from './sync.ts'

/** Where the key pair of a remote comes from; the value itself is read when a client is made. */
export type Credentials =
  | { readonly kind: 'default-chain' }
  | { readonly kind: 'profile'; readonly profile: string }
  | { readonly kind: 'anonymous' }
  | {
      readonly kind: 'keys'
      readonly accessKeyId: string
      readonly secretAccessKey: Secret
      readonly sessionToken: Secret | null
      /** For people: `env AWS_X / AWS_Y`. */
      readonly from: string
    }

/** How a key's machine is found. */
export type MachineRule =
  | { readonly kind: 'fixed'; readonly machine: string }
  | { readonly kind: 'layout'; readonly template: string }
  | { readonly kind: 'regex'; readonly source: string }
  | { readonly kind: 'metadata'; readonly header: string }

/** One pattern of `rename`: `*` stands for any run of characters. */
export interface RenameRule {
  readonly from: string
  readonly to: string
}

/** How a remote is looked at between two full listings. */
export interface QuickPass {
  /** A pass is full when the last full one began this long ago, in milliseconds. */
  readonly fullEveryMs: number
  /** Folders in which nothing changed for this many days are left to the full passes. */
  readonly days: number
}

/** One declared `[[remotes]]` block with every default filled in. */
export interface Remote {
  readonly name: RemoteName
  /** Preset its defaults came from: aws, minio, r2, oss, … */
  readonly provider: string
  /** Base URL; null for AWS itself, whose address follows from the region. */
  readonly endpoint: string | null
  readonly region: string
  readonly bucket: string
  /** Listed prefixes, each ending in `/` or empty for the whole bucket. */
  readonly prefixes: readonly string[]
  readonly agents: readonly AgentId[]
  readonly enabled: boolean
  readonly machineRule: MachineRule
  readonly rename: readonly RenameRule[]
  readonly credentials: Credentials
  readonly addressing: 'path' | 'virtual'
  readonly allowHttp: boolean
  readonly checksums: 'when_required' | 'when_supported'
  readonly listVersion: 1 | 2
  readonly concurrency: number
  readonly maxLineBytes: number
  readonly maxObjectBytes: number | null
  /** Glob patterns on the key after the prefix; empty `include` takes all. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** Milliseconds between two syncs where the program watches; null or left out: as the command says. */
  readonly intervalMs?: number | null | undefined
  /** When passes may look at a part of the remote only; null or left out: every pass lists all. */
  readonly quickPass?: QuickPass | null | undefined
  /**
   * Why no request can be made (a named environment variable is not set, no address is known); null
   * when all is there. Using the remote fails with this; other remotes go on.
   */
  readonly problem?: FailureInfo | null | undefined
}

/** The central machine's own folders, read through the same port as a bucket. */
export interface LocalFolders {
  readonly enabled: boolean
  readonly machine: string
  /** Absolute folders by agent. */
  readonly folders: readonly { readonly agent: AgentId; readonly path: string }[]
}
