import type { Provider } from './schema.ts'

/** What the servers of one provider need. */
export interface Preset {
  /** Base URL when none is written; null when it cannot be known. */
  readonly endpoint: (region: string | null) => string | null
  /** Region when none is written. */
  readonly region: string
  /** Whether AWS_REGION speaks for it: not where another region breaks the signature. */
  readonly takesEnvRegion: boolean
  /** Region as the endpoint's host tells it. */
  readonly regionOf: (host: string) => string | null
  readonly addressing: 'path' | 'virtual'
  readonly checksums: 'when_required' | 'when_supported'
  readonly listVersion: 1 | 2
}

const plain: Preset = {
  endpoint: () => null,
  region: 'us-east-1',
  takesEnvRegion: true,
  regionOf: () => null,
  addressing: 'path',
  checksums: 'when_required',
  listVersion: 2,
}

/** Facts of each provider, from its documentation on S3 compatibility. */
export const presets: Readonly<Record<Provider, Preset>> = {
  aws: {
    ...plain,
    regionOf: (host) =>
      /(?:^|\.)s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?$/.exec(host)?.[1] ?? null,
    addressing: 'virtual',
    checksums: 'when_supported',
  },
  minio: plain,
  r2: { ...plain, region: 'auto', takesEnvRegion: false },
  // Path-style requests are answered with SecondLevelDomainForbidden.
  oss: {
    ...plain,
    endpoint: (region) => (region === null ? null : `https://s3.oss-${region.replace(/^oss-/, '')}.aliyuncs.com`),
    region: 'cn-hangzhou',
    takesEnvRegion: false,
    regionOf: (host) => /(?:^|\.)oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(host)?.[1] ?? null,
    addressing: 'virtual',
  },
  ceph: plain,
  // Another region is answered with AuthorizationHeaderMalformed.
  garage: { ...plain, region: 'garage', takesEnvRegion: false },
  b2: {
    ...plain,
    endpoint: (region) => (region === null ? null : `https://s3.${region}.backblazeb2.com`),
    takesEnvRegion: false,
    regionOf: (host) => /(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/.exec(host)?.[1] ?? null,
  },
  gcs: { ...plain, endpoint: () => 'https://storage.googleapis.com', region: 'auto', takesEnvRegion: false },
  wasabi: {
    ...plain,
    endpoint: (region) => (region === null ? 'https://s3.wasabisys.com' : `https://s3.${region}.wasabisys.com`),
    takesEnvRegion: false,
    regionOf: (host) => /(?:^|\.)s3\.([a-z0-9-]+)\.wasabisys\.com$/.exec(host)?.[1] ?? null,
  },
  other: plain,
}

const hosts: readonly (readonly [RegExp, Provider])[] = [
  [/(^|\.)amazonaws\.com(\.cn)?$/, 'aws'],
  [/(^|\.)r2\.cloudflarestorage\.com$/, 'r2'],
  [/(^|\.)aliyuncs\.com$/, 'oss'],
  [/(^|\.)backblazeb2\.com$/, 'b2'],
  [/(^|\.)storage\.googleapis\.com$/, 'gcs'],
  [/(^|\.)wasabisys\.com$/, 'wasabi'],
  [/(^|[.-])minio([.-]|$)/, 'minio'],
  [/(^|[.-])garage([.-]|$)/, 'garage'],
  [/(^|[.-])(ceph|rgw|radosgw)([.-]|$)/, 'ceph'],
]

/** The provider that a host name speaks of; `other` when it speaks of none. */
export function guessProvider(host: string): Provider {
  return hosts.find(([pattern]) => pattern.test(host.toLowerCase()))?.[1] ?? 'other'
}
