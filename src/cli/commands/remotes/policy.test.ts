import { describe, expect, it } from 'vitest'

import { testRemote } from '../../../../test/s3/remote.ts'
import type { Remote } from '../../../model/index.ts'
import { policyAdvice, policyOf } from './policy-of.ts'

const remoteWith = (changes: Partial<Remote>): Remote => testRemote('https://s3.example.com', changes)

describe('a policy', () => {
  it('lets a reader list and read below the prefixes, and nothing else', () => {
    expect(policyOf(remoteWith({ prefixes: ['prod/', 'lab/'] }), 'reader', null)).toEqual({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Action: ['s3:ListBucket'],
          Resource: ['arn:aws:s3:::logs'],
          Condition: { StringLike: { 's3:prefix': ['prod/*', 'lab/*'] } },
        },
        {
          Effect: 'Allow',
          Action: ['s3:GetObject'],
          Resource: ['arn:aws:s3:::logs/prod/*', 'arn:aws:s3:::logs/lab/*'],
        },
      ],
    })
  })

  it('sets no condition where the whole bucket is read', () => {
    const { Statement } = policyOf(remoteWith({ prefixes: [''] }), 'reader', null) as {
      Statement: { Condition?: unknown; Resource: unknown }[]
    }
    expect(Statement.map(({ Condition }) => Condition)).toEqual([undefined, undefined])
    expect(Statement[1]?.Resource).toEqual(['arn:aws:s3:::logs/*'])
  })

  const written = (changes: Partial<Remote>, machine: string | null): unknown =>
    (policyOf(remoteWith(changes), 'writer', machine) as { Statement: { Resource: unknown }[] }).Statement[1]?.Resource

  it('lets a writer write in the folders of its machine alone', () => {
    expect(written({ prefixes: ['prod/'] }, 'gpu-1')).toEqual([
      'arn:aws:s3:::logs/prod/gpu-1/raw/claude/*',
      'arn:aws:s3:::logs/prod/gpu-1/raw/codex/*',
    ])
    expect(written({ prefixes: ['a/m/raw/codex/'] }, null)).toEqual(['arn:aws:s3:::logs/a/m/raw/codex/*'])
    expect(written({ prefixes: ['a/'], machineRule: { kind: 'fixed', machine: 'm' } }, null)).toEqual([
      'arn:aws:s3:::logs/a/*',
    ])
    const layout = { kind: 'layout', template: '{agent}/{machine}/{path}' } as const
    expect(written({ prefixes: [''], agents: ['codex'], machineRule: layout }, 'm$&')).toEqual([
      'arn:aws:s3:::logs/codex/m${$}&/*',
    ])
  })

  it('takes no sign of a name for a wildcard', () => {
    expect(written({ prefixes: [''], agents: ['codex'] }, '*')).toEqual(['arn:aws:s3:::logs/${*}/raw/codex/*'])
  })

  it('is refused where the folder cannot be told', () => {
    expect(() => written({}, null)).toThrow('--machine is missing')
    expect(() => written({}, 'a/b')).toThrow('no machine name')
    expect(() => written({ machineRule: { kind: 'regex', source: '^(?<machine>.)' } }, 'm')).toThrow('machine_regex')
  })

  it('speaks the words of the service', () => {
    const china = JSON.stringify(policyOf(remoteWith({ provider: 'aws', region: 'cn-north-1' }), 'reader', null))
    expect(china).toContain('"arn:aws-cn:s3:::logs"')
    const oss = JSON.stringify(policyOf(remoteWith({ provider: 'oss', prefixes: ['p/'] }), 'reader', null))
    for (const word of ['"Version":"1"', '"oss:ListObjects"', '"oss:Prefix":["p/*"]', '"acs:oss:*:*:logs/p/*"'])
      expect(oss).toContain(word)
    for (const provider of ['r2', 'b2', 'gcs', 'garage'])
      for (const role of ['reader', 'writer'] as const)
        expect(policyAdvice(remoteWith({ provider }), role)).toContain('takes no such document')
    expect(policyAdvice(remoteWith({ provider: 'minio' }), 'reader')).toBeNull()
  })
})
