import { mkdir, mkdtemp, rename, rm, symlink, truncate, utimes, appendFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { describeBucket, listAll, readAll } from '../../test/contract/bucket.ts'
import { LocalBucket } from './local-folders.ts'

async function makeFolder(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'agentsview-local-'))
}

async function write(path: string, contents: string | Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, contents)
}

function bucketOf(path: string, agent = 'claude'): LocalBucket {
  return new LocalBucket({ enabled: true, machine: 'here', folders: [{ agent, path }] })
}

describeBucket('a local folder', async () => {
  const root = await makeFolder()
  const inside = (key: string): string => join(root, key.slice('claude/'.length))
  return {
    bucket: bucketOf(root),
    put: (key, bytes) => write(inside(key), bytes),
    delete: (key) => rm(inside(key)),
    cleanUp: () => rm(root, { recursive: true }),
  }
})

describe('local folders', () => {
  let root = ''
  beforeEach(async () => {
    root = await makeFolder()
  })
  afterEach(async () => {
    await rm(root, { recursive: true })
  })

  const keys = async (path: string, agent?: string): Promise<readonly string[]> =>
    (await listAll(bucketOf(path, agent))).map(({ key }) => key)

  it('takes a folder that is not there for an empty one', async () => {
    expect(await keys(join(root, 'none'))).toEqual([])
  })

  it('refuses a folder it cannot read', async () => {
    const path = join(root, 'file')
    await write(path, 'not a folder')
    await expect(keys(path)).rejects.toMatchObject({ code: 'remote.refused.denied' })
  })

  it("lists nothing but logs in an agent's home", async () => {
    for (const path of [
      'auth.json',
      'history.jsonl',
      'log/a.log',
      'sessions/2026/a.jsonl',
      'archived_sessions/b.jsonl',
    ]) {
      await write(join(root, path), '{}')
    }
    await write(join(root, 'session_index.jsonl'), '{}')
    expect(await keys(root, 'codex')).toEqual([
      'codex/archived_sessions/b.jsonl',
      'codex/session_index.jsonl',
      'codex/sessions/2026/a.jsonl',
    ])
  })

  it('lists nothing of a hidden folder that has no logs yet', async () => {
    await write(join(root, '.agent', 'auth.json'), '{}')
    expect(await keys(join(root, '.agent'), 'codex')).toEqual([])
  })

  it('does not follow links out of the folder', async () => {
    const outside = await makeFolder()
    await write(join(outside, 'secret.jsonl'), '{}')
    await write(join(root, 'a.jsonl'), '{}')
    await symlink(outside, join(root, 'linked'))
    await symlink(join(outside, 'secret.jsonl'), join(root, 'b.jsonl'))
    expect(await keys(root)).toEqual(['claude/a.jsonl'])
    await rm(outside, { recursive: true })
  })

  it('does not read through a folder that was replaced by a link after the listing', async () => {
    const outside = await makeFolder()
    await write(join(root, 'p', 'a.jsonl'), '{}')
    const bucket = bucketOf(root)
    const [object] = await listAll(bucket)
    if (object === undefined) throw new Error('expected an object')
    await rename(join(root, 'p'), join(outside, 'p'))
    await symlink(join(outside, 'p'), join(root, 'p'))
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.refused.denied' })
    await rm(outside, { recursive: true })
  })

  it('reads the listed bytes of a file that grows meanwhile', async () => {
    await write(join(root, 'a.jsonl'), 'first line\n')
    const bucket = bucketOf(root)
    const [object] = await listAll(bucket)
    if (object === undefined) throw new Error('expected an object')
    await appendFile(join(root, 'a.jsonl'), 'second line\n')
    expect(String(await readAll(bucket, object, 0))).toBe('first line\n')
    expect((await listAll(bucket))[0]?.etag).not.toBe(object.etag)
  })

  it('notices a file cut while it is read', async () => {
    const path = join(root, 'a.jsonl')
    await write(path, new Uint8Array(1_000_000))
    const bucket = bucketOf(root)
    const [object] = await listAll(bucket)
    if (object === undefined) throw new Error('expected an object')
    const { chunks } = await bucket.open(object, 0, new AbortController().signal)
    const read = async (): Promise<void> => {
      for await (const chunk of chunks) await truncate(path, chunk.length)
    }
    await expect(read()).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  it('notices a file written again with as many bytes', async () => {
    const path = join(root, 'a.jsonl')
    await write(path, 'first')
    const bucket = bucketOf(root)
    const [object] = await listAll(bucket)
    if (object === undefined) throw new Error('expected an object')
    await write(path, 'other')
    await utimes(path, new Date(), new Date(Date.now() + 5000))
    await expect(readAll(bucket, object, 0)).rejects.toMatchObject({ code: 'remote.unreachable.changed' })
  })

  it('counts folders and opened files', async () => {
    await write(join(root, 'a.jsonl'), 'words')
    const bucket = bucketOf(root)
    const [object] = await listAll(bucket)
    if (object === undefined) throw new Error('expected an object')
    await readAll(bucket, object, 2)
    expect(bucket.tally).toEqual({ list: 1, get: 1, head: 0, bytesFetched: 3 })
  })
})
