import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { Secret } from '../base/index.ts'
import { testRemote } from '../../test/s3/remote.ts'
import { defaultRetryPolicy } from './retry-policy.ts'
import { connect } from './s3-client.ts'

const tally = () => ({ list: 0, get: 0, head: 0, bytesFetched: 0 })

describe('connect', () => {
  it('refuses plain http but to this machine or where it is allowed', async () => {
    for (const endpoint of ['http://localhost:1', 'http://127.9.9.9:1', 'http://[::1]:1', 'https://s3.example']) {
      const { client } = await connect(testRemote(endpoint), tally(), defaultRetryPolicy)
      client.destroy()
    }
    for (const endpoint of ['http://s3.example', 'http://127.0.0.1.s3.example', 'ftp://localhost', 'no address']) {
      await expect(connect(testRemote(endpoint), tally(), defaultRetryPolicy)).rejects.toMatchObject({
        code: 'config.endpoint',
      })
    }
    const allowed = testRemote('http://s3.example', { allowHttp: true })
    ;(await connect(allowed, tally(), defaultRetryPolicy)).client.destroy()
  })

  it('hands the keys to the SDK as they are', async () => {
    const credentials = {
      kind: 'keys',
      accessKeyId: 'id',
      secretAccessKey: new Secret('secret'),
      sessionToken: new Secret('token'),
      from: 'env',
    } as const
    const { client } = await connect(testRemote('https://s3.example', { credentials }), tally(), defaultRetryPolicy)
    expect(await client.config.credentials()).toMatchObject({
      accessKeyId: 'id',
      secretAccessKey: 'secret',
      sessionToken: 'token',
    })
    client.destroy()
  })

  it('leaves the SDK unloaded until then: nothing here imports it at the top', async () => {
    const folder = import.meta.dirname
    const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    for (const name of names) {
      const source = await readFile(join(folder, name), 'utf8')
      const imports = [...source.matchAll(/^(?:import|export)\b[^'"]*from '(@aws-sdk\/[^']*)'/gm)]
      expect(imports.filter(([statement]) => !statement.startsWith('import type'))).toEqual([])
    }
  })
})
