import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { runCli } from '../../../test/run-cli.ts'
import { allObjects } from '../../../test/sync/fixture-objects.ts'
import { makeSource, runSync } from '../../../test/sync/synced-archive.ts'
import { AgentsviewError } from '../../base/index.ts'
import type { Archive } from '../../store/index.ts'
import { openArchive } from '../../store/index.ts'

let cwd = ''
let url = ''
const source = makeSource()
for (const [key, bytes] of allObjects()) source.bucket.put(key, bytes)

const inArchive = async <T>(work: (archive: Archive) => Promise<T>): Promise<T> => {
  const archive = await openArchive({ url, token: null })
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}
const change = (sql: string): Promise<void> =>
  inArchive((archive) => archive.driver.transaction((open) => open.run([{ sql, args: [] }])))
const run = (...argv: readonly string[]) => runCli([...argv, '--db', url], { cwd })
const json = async (...argv: readonly string[]): Promise<unknown> => JSON.parse((await run(...argv, '--json')).stdout)

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'agentsview-db-'))
  url = `file:${join(cwd, 'agentsview.db')}`
  source.bucket.hooks.onOpen = undefined
  await inArchive((archive) => runSync(archive, [source]))
})
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true })
})

describe('db check', () => {
  it('finds nothing in an archive of every fixture', async () => {
    expect(await json('db', 'check')).toEqual({ schemaVersion: 1, kind: 'dbCheck', findings: [], ok: true })
    expect((await run('db', 'check')).code).toBe(0)
  })

  it.each([
    [`UPDATE sessions SET message_count = message_count + 1 WHERE id = 1`, 'counts of messages are right'],
    [`UPDATE sessions SET bad_lines = 7 WHERE id = 1`, 'counts of bad lines are right'],
    [`UPDATE usage SET counts = 1 - counts WHERE id = 1`, 'the right usage rows count'],
    [`UPDATE usage SET fee_cost = 5 WHERE id = 1`, 'the right usage rows count'],
    [
      `DELETE FROM messages WHERE id = (SELECT min(id) FROM messages WHERE text <> '')`,
      'the word index holds nothing else',
    ],
    [
      `DELETE FROM message_words WHERE rowid = (SELECT min(id) FROM messages WHERE text <> '')`,
      'every message with text is in the word index',
    ],
    [
      `UPDATE objects SET complete = 0, "offset" = 1 WHERE id = (SELECT object_id FROM sessions WHERE message_count > 3 LIMIT 1)`,
      'rows stand where their object was read',
    ],
    [`UPDATE objects SET generation = generation + 1 WHERE id = 1`, 'sessions belong to what their object shows'],
    [`DELETE FROM objects WHERE id = 1`, 'sessions belong to what their object shows'],
    [`UPDATE tool_calls SET session_id = 99999 WHERE id = 1`, 'tool_calls belong to a session'],
    [`UPDATE sessions SET lead = 0 WHERE id = 1`, 'one place of each session leads'],
  ])('tells of %s with exit 10', async (sql, rule) => {
    await change(sql)
    const result = await run('db', 'check')
    expect(result.code).toBe(10)
    expect(result.stdout).toContain(rule)
    expect(result.stderr).toContain('agentsview sync')
  })
})

describe('db backup, info and vacuum', () => {
  it('copies the archive whole, and never over a file', async () => {
    const copy = join(cwd, "it's a copy.db")
    expect((await run('db', 'backup', copy)).code).toBe(0)
    const lists = await Promise.all(
      [url, `file:${copy}`].map((db) => runCli(['session', 'list', '--json', '--db', db], { cwd })),
    )
    expect(lists[1]).toEqual(lists[0])
    expect(await run('db', 'backup', copy)).toMatchObject({ code: 2 })
  })

  it('tells what the archive holds, and where there is none, what to do', async () => {
    expect(await json('db', 'info')).toMatchObject({
      kind: 'dbInfo',
      engine: 'file',
      rows: { objects: source.bucket.size },
    })
    const missing = await runCli(['db', 'info', '--db', `file:${join(cwd, 'none.db')}`], { cwd })
    expect(missing).toMatchObject({ code: 10, stdout: '' })
    expect(existsSync(join(cwd, 'none.db'))).toBe(false)
  })

  it('gives space back', async () => {
    await change(`INSERT INTO meta (key, value) VALUES ('filler', hex(randomblob(500000)))`)
    await change(`DELETE FROM meta WHERE key = 'filler'`)
    const { bytesBefore, bytesAfter } = (await json('db', 'vacuum')) as { bytesBefore: number; bytesAfter: number }
    expect(bytesAfter).toBeLessThan(bytesBefore)
  })
})

describe('sync status, errors and reset', () => {
  it('tell where each remote stands', async () => {
    expect(await json('sync', 'status')).toMatchObject({
      kind: 'syncStatus',
      remotes: [
        {
          name: 'memory',
          lastOkAt: '2026-08-01T00:00:00.000Z',
          lagMs: 12 * 3_600_000,
          error: null,
          objects: { failed: 0, pending: 0 },
        },
      ],
    })
  })

  it('name what failed, with its cause and since when, and lines with their place', async () => {
    const key = 'ann/raw/claude/projects/-x/new.jsonl'
    source.bucket.put(key, '{"type":"user"}\n')
    source.bucket.hooks.onOpen = () => {
      throw new AgentsviewError({ code: 'remote.refused.denied', message: '403 on read', hint: 'ask' })
    }
    await inArchive((archive) => runSync(archive, [source]))
    source.bucket.delete(key)
    const { errors, total } = (await json('sync', 'errors', '--limit', '2')) as {
      errors: readonly unknown[]
      total: number
    }
    expect(errors[0]).toEqual({
      kind: 'object',
      remote: 'memory',
      key,
      offset: null,
      code: 'remote.refused.denied',
      message: '403 on read',
      hint: 'ask',
      since: '2026-08-01T00:00:00.000Z',
      source: `s3://bucket/${key}`,
    })
    expect(errors[1]).toMatchObject({ kind: 'line', code: 'invalid-json' })
    expect(total).toBeGreaterThan(2)
    expect(await json('sync', 'status')).toMatchObject({
      remotes: [{ objects: { failed: 1 }, error: { code: 'remote.refused.denied' } }],
    })
    expect((await run('sync', 'errors', '--remote', 'memory')).stdout).toContain('403 on read')
    expect(await json('sync', 'errors', '--remote', 'another')).toMatchObject({ errors: [], total: 0 })
  })

  it('have objects read from their start again, with no row lost or doubled', async () => {
    const before = await inArchive(
      async ({ driver }) => await driver.all({ sql: 'SELECT count(*) FROM messages', args: [] }),
    )
    expect(await json('sync', 'reset', 'memory', 'lab/')).toMatchObject({ kind: 'syncReset', remote: 'memory' })
    const lab = [...allObjects().keys()].filter((key) => key.startsWith('lab/')).length
    const summary = await inArchive((archive) => runSync(archive, [source]))
    expect(summary.totals.objects.reread).toBe(lab)
    expect(
      await inArchive(async ({ driver }) => await driver.all({ sql: 'SELECT count(*) FROM messages', args: [] })),
    ).toEqual(before)
    expect((await run('db', 'check')).code).toBe(0)
    expect((await run('sync', 'reset', 'nowhere')).code).toBe(3)
  })
})
