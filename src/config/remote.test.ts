import { describe, expect, it } from 'vitest'
import { configSource } from '../../test/config-source.ts'
import type { Remote } from '../model/index.ts'
import type { RemoteOrigins } from './config.ts'
import { checkConfig } from './load.ts'

type Env = Readonly<Record<string, string>>

function read(lines: string, env: Env = {}): { readonly remote: Remote; readonly origins: RemoteOrigins } {
  const config = checkConfig(`[[remotes]]\nname = "a"\nbucket = "b"\n${lines}`, null, configSource({ env }))
  const [remote] = config.remotes
  const origins = config.origins.get('a')
  if (remote === undefined || origins === undefined) throw new Error('no remote')
  return { remote, origins }
}

describe('presets', () => {
  const cases: readonly (readonly [string, Partial<Remote>])[] = [
    ['', { provider: 'aws', endpoint: null, region: 'us-east-1', addressing: 'virtual', checksums: 'when_supported' }],
    [
      'endpoint = "https://s3.eu-west-1.amazonaws.com"',
      { provider: 'aws', region: 'eu-west-1', addressing: 'virtual' },
    ],
    [
      'endpoint = "https://abc.r2.cloudflarestorage.com"',
      { provider: 'r2', region: 'auto', addressing: 'path', checksums: 'when_required' },
    ],
    ['endpoint = "https://abc.eu.r2.cloudflarestorage.com"', { provider: 'r2', region: 'auto' }],
    [
      'endpoint = "https://s3.oss-cn-hangzhou.aliyuncs.com"',
      { provider: 'oss', region: 'cn-hangzhou', addressing: 'virtual' },
    ],
    ['endpoint = "https://s3.oss-cn-beijing-internal.aliyuncs.com"', { provider: 'oss', region: 'cn-beijing' }],
    ['provider = "oss"\nregion = "cn-shanghai"', { endpoint: 'https://s3.oss-cn-shanghai.aliyuncs.com' }],
    [
      'endpoint = "https://s3.us-west-004.backblazeb2.com"',
      { provider: 'b2', region: 'us-west-004', addressing: 'path' },
    ],
    ['provider = "gcs"', { endpoint: 'https://storage.googleapis.com', region: 'auto', addressing: 'path' }],
    ['endpoint = "https://s3.eu-central-1.wasabisys.com"', { provider: 'wasabi', region: 'eu-central-1' }],
    ['provider = "garage"\nendpoint = "https://g.example"', { region: 'garage', addressing: 'path' }],
    ['endpoint = "https://minio.example.com"', { provider: 'minio', region: 'us-east-1', addressing: 'path' }],
    [
      'endpoint = "http://127.0.0.1:9000/"',
      { provider: 'other', endpoint: 'http://127.0.0.1:9000', addressing: 'path', listVersion: 2 },
    ],
    ['endpoint = "http://10.0.0.1:9000"\nallow_http = true', { provider: 'other', endpoint: 'http://10.0.0.1:9000' }],
    [
      'provider = "r2"\nendpoint = "https://x"\nregion = "eu"\naddressing = "virtual"\nchecksums = "when_supported"\nlist_version = 1',
      { region: 'eu', addressing: 'virtual', checksums: 'when_supported', listVersion: 1 },
    ],
  ]
  it.each(cases)('fills in what the provider needs: %s', (lines, expected) => {
    expect(read(lines).remote).toMatchObject(expected)
  })

  it('puts a bucket with a dot into the path, where the certificate covers the host', () => {
    const config = checkConfig('[[remotes]]\nname = "a"\nbucket = "my.logs"', null, configSource())
    expect(config.remotes[0]?.addressing).toBe('path')
  })
})

describe('the environment', () => {
  it('gives endpoint and region to a remote without its own, and says so', () => {
    const env = {
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:2',
      AWS_REGION: 'eu-west-3',
    }
    const { remote, origins } = read('provider = "minio"', env)
    expect(remote).toMatchObject({ endpoint: 'http://127.0.0.1:1', region: 'eu-west-3', problem: null })
    expect(origins).toMatchObject({ endpoint: 'env AWS_ENDPOINT_URL_S3', region: 'env AWS_REGION', provider: 'config' })
  })

  it('never wins over a key of the remote', () => {
    const env = {
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-3',
      AWS_PROFILE: 'p',
      AWS_ACCESS_KEY_ID: 'k',
      AWS_SECRET_ACCESS_KEY: 's',
    }
    const { remote } = read('endpoint = "https://x.example"\nregion = "r"\nprofile = "mine"', env)
    expect(remote).toMatchObject({
      endpoint: 'https://x.example',
      region: 'r',
      credentials: { kind: 'profile', profile: 'mine' },
    })
  })

  it('does not give its region where another one breaks the signature', () => {
    expect(read('endpoint = "https://abc.r2.cloudflarestorage.com"', { AWS_REGION: 'eu-west-3' }).remote.region).toBe(
      'auto',
    )
  })

  it('makes a missing endpoint the problem of that remote alone', () => {
    expect(read('provider = "minio"').remote.problem).toMatchObject({ code: 'config.endpoint' })
  })
})

describe('credentials', () => {
  const keys = 'access_key_id_env = "A"\nsecret_access_key_env = "B"'

  it('reads the variables a remote names, without showing them', () => {
    const { remote } = read(keys, { A: 'key-value', B: 'secret-value', AWS_SESSION_TOKEN: 'foreign' })
    expect(remote.credentials).toMatchObject({
      kind: 'keys',
      accessKeyId: 'key-value',
      sessionToken: null,
      from: 'env A / B',
    })
    expect(JSON.stringify(remote)).not.toContain('secret-value')
  })

  it('makes an unset or empty variable the problem of that remote alone', () => {
    const { remote } = read(keys, { A: '' })
    expect(remote.problem).toMatchObject({
      code: 'remote.refused.no-credentials',
      message: 'no credentials: A and B are not set',
    })
    expect(remote.problem?.hint).toContain('Set A and B')
  })

  it('takes the session token along with the pair it belongs to', () => {
    const env = { AWS_ACCESS_KEY_ID: 'k', AWS_SECRET_ACCESS_KEY: 's', AWS_SESSION_TOKEN: 't' }
    const { credentials } = read('', env).remote
    expect(credentials.kind === 'keys' ? credentials.sessionToken?.reveal() : null).toBe('t')
  })

  it('uses AWS_PROFILE when a remote names nothing, else the default chain', () => {
    expect(read('', { AWS_PROFILE: 'p' }).remote.credentials).toEqual({ kind: 'profile', profile: 'p' })
    expect(read('').remote.credentials).toEqual({ kind: 'default-chain' })
    expect(read('anonymous = true', { AWS_PROFILE: 'p' }).remote.credentials).toEqual({ kind: 'anonymous' })
  })
})

describe('machine rules', () => {
  it.each([
    ['', { kind: 'layout', template: '{machine}/raw/{agent}/{path}' }],
    ['machine = "m"', { kind: 'fixed', machine: 'm' }],
    ['machine_from = "metadata:Machine"', { kind: 'metadata', header: 'x-amz-meta-machine' }],
    ["machine_regex = '^(?<machine>[^/]+)/(?<agent>claude|codex)/(?<path>.+)$'", { kind: 'regex' }],
    ['agents = ["claude"]\nlayout = "{machine}/{path}"', { kind: 'layout', template: '{machine}/{path}' }],
  ])('reads %s', (lines, expected) => {
    expect(read(lines).remote.machineRule).toMatchObject(expected)
  })

  it('keeps the order of rename', () => {
    expect(read('rename = { "ci-*" = "ci", "a" = "b" }').remote.rename).toEqual([
      { from: 'ci-*', to: 'ci' },
      { from: 'a', to: 'b' },
    ])
  })
})

describe('quick passes', () => {
  it('are off unless an interval is written', () => {
    expect(read('').remote.quickPass).toBeNull()
    expect(read('full_pass_every = "90m"').remote.quickPass).toEqual({ fullEveryMs: 5_400_000, days: 7 })
    expect(read('full_pass_every = "1d"\nquick_pass_days = 30').remote.quickPass).toEqual({
      fullEveryMs: 86_400_000,
      days: 30,
    })
  })

  it.each([
    ['full_pass_every = "soon"', 'must be a span of time such as "30m", "1h" or "7d"'],
    ['full_pass_every = 60', 'must be a span of time'],
    ['full_pass_every = "0s"', 'must be at least 1s'],
    ['full_pass_every = "900d"', 'must be at most 366d'],
    ['quick_pass_days = 0', 'must be from 1 to 3650'],
  ])('refuse %s', (line, message) => {
    expect(() => read(line)).toThrow(message)
  })

  it('warn of days that say nothing', () => {
    const text = '[[remotes]]\nname = "a"\nbucket = "b"\nquick_pass_days = 3'
    expect(checkConfig(text, null, configSource()).warnings).toEqual([
      'config:4: remotes[0].quick_pass_days: says nothing without `full_pass_every`: every pass is full',
    ])
  })
})
