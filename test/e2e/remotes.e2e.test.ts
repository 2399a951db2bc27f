import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli } from '../run-cli.ts'
import type { CliResult } from '../run-cli.ts'
import { describeServers } from '../servers/describe-servers.ts'

describeServers('the remotes commands', (server) => {
  let cwd = ''
  let bucket = ''
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'agentsview-remotes-'))
    bucket = `remotes-${Date.now().toString(36)}`
    const { endpoint, region, accessKeyId, secretAccessKey } = server()
    const client = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    })
    await client.send(new CreateBucketCommand({ Bucket: bucket }))
    // s3rver shows a folder only when an object lies directly in it.
    for (const key of ['prod/gpu-1/raw.jsonl', 'prod/readme.txt'])
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: '{"a":1}\n' }))
    client.destroy()
  })
  afterEach(async () => {
    await rm(cwd, { recursive: true })
  })

  const cli = async (...argv: string[]): Promise<CliResult> => {
    const { accessKeyId, secretAccessKey } = server()
    return await runCli(argv, { cwd, env: { MY_ID: accessKeyId, MY_SECRET: secretAccessKey } })
  }
  const keys = ['--access-key-id-env', 'MY_ID', '--secret-access-key-env', 'MY_SECRET', '--config', 'c.toml']

  it('adds a bucket by its address, tests it and looks inside', async () => {
    const { endpoint, region } = server()
    const added = await cli(
      'remotes',
      'add',
      'gpu',
      '--from-url',
      `${endpoint}/${bucket}/prod`,
      '--region',
      region,
      ...keys,
    )
    expect(added.stderr).toContain('Next: agentsview sync --remote gpu')
    expect(added.code).toBe(0)
    expect(added.stdout).toContain('list')
    expect(await readFile(join(cwd, 'c.toml'), 'utf8')).toContain('secret_access_key_env = "MY_SECRET"')

    const tested = await cli('remotes', 'test', 'gpu', '--json', '--config', 'c.toml')
    expect(tested.code).toBe(0)
    expect(JSON.parse(tested.stdout)).toMatchObject({
      kind: 'remoteTest',
      ok: true,
      remotes: [{ name: 'gpu', ok: true }],
    })

    const listed = await cli('remotes', 'ls', 'gpu', '--json', '--config', 'c.toml')
    expect(JSON.parse(listed.stdout)).toMatchObject({
      kind: 'remoteListing',
      path: 'prod/',
      folders: ['prod/gpu-1/'],
      objects: [{ key: 'prod/readme.txt', size: 8 }],
    })
  })

  it('says which bucket is not there, with code 4, and 6 when another remote is well', async () => {
    const { endpoint, region } = server()
    await cli('remotes', 'add', 'good', '--from-url', `${endpoint}/${bucket}`, '--region', region, '--no-test', ...keys)
    const added = await cli(
      'remotes',
      'add',
      'bad',
      '--from-url',
      `${endpoint}/not-there-at-all`,
      '--region',
      region,
      ...keys,
    )
    expect(added.code).toBe(4)
    expect(added.stderr).toContain('agentsview remotes remove bad --yes')
    expect((await cli('remotes', 'test', 'bad', '--config', 'c.toml')).code).toBe(4)
    const both = await cli('remotes', 'test', '--config', 'c.toml')
    expect(both.code).toBe(6)
    expect(both.stderr).toContain('1 of 2 remotes failed: bad')
  })
})
