import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openBucket } from '../bucket/index.ts'
import { sourceOf } from './source.ts'

it('names an object in a bucket as s3 tools do', () => {
  expect(sourceOf('gpu', 'logs', 'prod/a/raw/claude/x.jsonl')).toBe('s3://logs/prod/a/raw/claude/x.jsonl')
})

it('names a local log by the path it has on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'source-'))
  try {
    await mkdir(join(folder, '-home-ann'))
    await writeFile(join(folder, '-home-ann', 'a.jsonl'), '{}\n')
    const bucket = openBucket({ enabled: true, machine: 'm', folders: [{ agent: 'claude', path: folder }] })
    for await (const page of bucket.list(AbortSignal.timeout(10_000)))
      for (const { remote, bucket: root, key } of page)
        expect((await stat(sourceOf(remote, root, key))).isFile()).toBe(true)
    expect.assertions(1)
  } finally {
    await rm(folder, { recursive: true })
  }
})
