import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'

import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { run } from '../../src/cli/run.ts'
import { readEvents } from '../server/filled-server.ts'
import { describeServers } from '../servers/describe-servers.ts'

const key = 'prod/gpu-1/raw/claude/projects/app/0f3a1c2d-1111-4222-8333-123456789abc.jsonl'
const line = (turn: number, before = ''): string =>
  `${JSON.stringify({
    type: 'user',
    uuid: `u${turn}`,
    timestamp: `2026-08-01T10:00:0${turn}.000Z`,
    message: { role: 'user', content: `${before}turn ${turn}, née` },
  })}\n`

describeServers('serve', (server) => {
  let cwd = ''
  let client: S3Client
  let Bucket = ''
  const put = async (turns: number, before = ''): Promise<void> => {
    const Body = Array.from({ length: turns }, (_, at) => line(at + 1, before)).join('')
    await client.send(new PutObjectCommand({ Bucket, Key: key, Body }))
  }
  beforeEach(async () => {
    cwd = await mkdtemp(join(tmpdir(), 'agentsview-serve-'))
    const { endpoint, region, accessKeyId, secretAccessKey } = server()
    client = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
    Bucket = `serve-${Date.now().toString(36)}`
    await client.send(new CreateBucketCommand({ Bucket }))
    await put(1)
    const remote = ['name = "lab"', `endpoint = "${endpoint}"`, `region = "${region}"`, `bucket = "${Bucket}"`]
    const keys = ['prefixes = ["prod/"]', 'access_key_id_env = "MY_ID"', 'secret_access_key_env = "MY_SECRET"']
    const config = ['[local]', 'enabled = false', '[[remotes]]', ...remote, ...keys]
    await writeFile(join(cwd, 'agentsview.toml'), `${config.join('\n')}\n`)
  })
  afterEach(async () => {
    client.destroy()
    await rm(cwd, { recursive: true })
  })

  /** Serves until `work` is done; gives the exit code. */
  const serving = async (argv: readonly string[], work: (url: string) => Promise<void>): Promise<number> => {
    const { accessKeyId, secretAccessKey } = server()
    const stop = new AbortController()
    let tell: (url: string) => void = () => undefined
    const told = new Promise<string>((resolve) => {
      tell = resolve
    })
    const code = run([...argv, '--port', '0', '--no-open'], {
      stdin: Readable.from([]),
      stdout: new Writable({
        write: (chunk: Buffer, _encoding, done) => {
          tell(/http:\/\/\S+/.exec(chunk.toString())?.[0] ?? '')
          done()
        },
      }),
      stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
      env: { AGENTSVIEW_DB_URL: `file:${join(cwd, 'a.db')}`, MY_ID: accessKeyId, MY_SECRET: secretAccessKey },
      cwd,
      home: cwd,
      hostname: 'h',
      isTTY: { stdin: false, stdout: false, stderr: false },
      columns: 80,
      now: Date.now,
      signal: stop.signal,
    })
    try {
      await work(await told)
    } finally {
      stop.abort()
    }
    return await code
  }
  const json = async (url: string, init: RequestInit = {}): Promise<Record<string, unknown>> =>
    (await (await fetch(url, init)).json()) as Record<string, unknown>
  const streamOf = async (url: string): Promise<ReadableStream<Uint8Array>> => {
    const { body } = await fetch(`${url}api/v1/events`)
    if (body === null) throw new Error('no stream')
    return body
  }

  it('reads what is new while it serves, and tells whoever listens', async () => {
    const code = await serving(['serve', '--watch', '--interval', '1s'], async (url) => {
      let turns = 1
      const events = await readEvents(await streamOf(url), ({ name, data }) => {
        // The first sync is over, whether it was heard of as news or found there already.
        if (name === 'sync' && 'kind' in data && data.kind === 'sync-finished' && turns === 1) void put((turns = 3))
        return name === 'session' && 'messageCount' in data && data.messageCount === 3
      })
      expect(events.at(-1)?.data).toMatchObject({ id: 'gpu-1~0f3a1c2d-1111-4222-8333-123456789abc', messageCount: 3 })
      expect(await json(`${url}api/v1/sessions`)).toMatchObject({ total: 1, sessions: [{ messageCount: 3 }] })
      expect(await json(`${url}api/v1/about`)).toMatchObject({ watchIntervalMs: 1000, hasActions: false })
    })
    expect(code).toBe(0)
  })

  it('shows the very bytes of a message, and says when the object is another one by now', async () => {
    await serving(['serve', '--allow-actions'], async (url) => {
      const stream = await streamOf(url)
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"remotes":["lab"]}' }
      expect(await json(`${url}api/v1/sync`, post)).toMatchObject({ kind: 'syncStarted', started: true })
      await readEvents(stream, ({ data }) => data.kind === 'sync-finished')
      await put(1)
      const raw = `${url}api/v1/sessions/gpu-1~0f3a1c2d/raw?offset=`
      expect(await json(`${raw}0`)).toMatchObject({ bucket: Bucket, key, offset: 0, text: line(1).trimEnd() })
      expect(await json(`${raw}${Buffer.byteLength(line(1))}`)).toMatchObject({ text: '', length: 0 })
      // Grown since the sync: what was read of it still stands where it stood.
      await put(2)
      expect(await json(`${raw}0`)).toMatchObject({ text: line(1).trimEnd(), hasGrown: true })
      await put(2, 'another ')
      const changed = await fetch(`${raw}0`)
      expect([changed.status, await changed.json()]).toMatchObject([
        409,
        { error: { code: 'remote.unreachable.changed' } },
      ])
    })
  })

  it('tests remotes and names those that are not declared', async () => {
    await serving(['serve', '--allow-actions'], async (url) => {
      const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
      expect(await json(`${url}api/v1/remotes/lab/test`, post)).toMatchObject({
        kind: 'remoteTest',
        name: 'lab',
        ok: true,
      })
      expect(await json(`${url}api/v1/remotes/none/test`, post)).toMatchObject({ error: { code: 'not-found.remote' } })
      expect(await json(`${url}api/v1/sync`, { ...post, body: '{"remotes":["none"]}' })).toMatchObject({
        error: { code: 'not-found.remote' },
      })
      const { remotes } = await json(`${url}api/v1/remotes`)
      expect(remotes).toMatchObject([
        { name: 'local', state: 'disabled' },
        { name: 'lab', state: 'new', config: { credentials: 'env MY_ID / MY_SECRET' } },
      ])
      expect(JSON.stringify(remotes)).not.toContain(
        server().secretAccessKey === '' ? '\0' : `"${server().secretAccessKey}"`,
      )
    })
  })

  it('opens when no command is named and there is a config', async () => {
    const code = await serving([], async (url) => {
      expect(await json(`${url}api/v1/about`)).toMatchObject({ kind: 'about', isEmpty: true })
    })
    expect(code).toBe(0)
  })
})
