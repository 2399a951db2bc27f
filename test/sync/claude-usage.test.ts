import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { listSessions, noFilters } from '../../src/query/index.ts'
import { assistant, folder, log, talk, user } from '../agents/claude-log.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { makeArchive, makeSource } from './synced-archive.ts'

let archive: SyncedArchive
let source: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  source = makeSource()
})
afterEach(() => archive.close())

const keyOf = (path: string, machine = 'laptop'): string => `${machine}/raw/claude/projects/${path}`

async function charged(): Promise<Readonly<Record<string, number>>> {
  const options = { filters: noFilters, hasChildren: true, hasCopies: true, hasEmpty: true, limit: 0, cursor: null }
  const { sessions } = await listSessions(archive.archive.driver, options)
  return Object.fromEntries(sessions.map(({ id, outputTokens }) => [id, outputTokens]))
}

describe('case 16: a copy that tells more of a response than the original', () => {
  const original = log(
    user('ask', { id: 'u1', at: 1 }),
    assistant('so far', { id: 'a1', parent: 'u1', at: 2 }, { usage: { output_tokens: 3 } }),
  )
  const copy = log(
    user('ask', { id: 'u1', at: 1 }),
    assistant('so far and on', { id: 'a1', parent: 'u1', at: 2 }, { usage: { output_tokens: 500 } }),
    user('more', { id: 'u2', parent: 'a1', at: 9 }),
  )

  it.each(['first', 'last'])(
    'gives its count to the original’s session, whichever comes first: the copy %s',
    async (when) => {
      const files = [
        [keyOf(`${folder}/one.jsonl`), original],
        [keyOf(`${folder}/two.jsonl`), copy],
      ] as const
      for (const [key, text] of when === 'last' ? files : files.toReversed()) {
        source.bucket.put(key, text)
        await archive.sync([source])
      }
      expect(await charged()).toEqual({ 'laptop~one': 500, 'laptop~two': 0 })
    },
  )

  it('is charged for the searches that only the original tells', async () => {
    const searched = { output_tokens: 3, server_tool_use: { web_search_requests: 2 } }
    source.bucket.put(keyOf(`${folder}/one.jsonl`), log(assistant('so far', { id: 'a1', at: 2 }, { usage: searched })))
    source.bucket.put(keyOf(`${folder}/two.jsonl`), copy)
    await archive.sync([source])
    const sql = 'SELECT output, fee_cost FROM usage WHERE counts = 1'
    expect(await archive.archive.driver.all({ sql, args: [] })).toEqual([[500, 20_000_000]])
  })
})

describe('case 34: one session id', () => {
  const text = log(talk('', 2, null, 0))

  it('on two machines is two sessions, charged once', async () => {
    for (const machine of ['a', 'b']) source.bucket.put(keyOf(`${folder}/s.jsonl`, machine), text)
    await archive.sync([source])
    expect(await charged()).toEqual({ 'a~s': 10, 'b~s': 0 })
  })

  it('in two folders of one machine is one session, led by the larger log', async () => {
    source.bucket.put(keyOf('-app/s.jsonl'), text)
    source.bucket.put(keyOf('-work/s.jsonl'), text + log(talk('x', 1, 'a2', 10)))
    await archive.sync([source])
    const options = { filters: noFilters, hasChildren: true, hasCopies: true, hasEmpty: true, limit: 0, cursor: null }
    const { sessions } = await listSessions(archive.archive.driver, options)
    expect(sessions.map(({ id, messageCount, outputTokens }) => [id, messageCount, outputTokens])).toEqual([
      ['laptop~s', 6, 15],
    ])
    expect(sessions[0]?.source).toContain('-work')
  })
})

describe('case 35: a key that could lead elsewhere', () => {
  it('is refused, told, and never fetched', async () => {
    source.bucket.put(keyOf('../../other/raw/claude/p/s.jsonl'), log(talk('', 1, null, 0)))
    source.bucket.put(keyOf(`${folder}/a\\b.jsonl`), log(talk('', 1, null, 0)))
    const { remotes, totals } = await archive.sync([source])
    expect(totals.objects).toMatchObject({ listed: 2, refused: 2, reread: 0 })
    expect(remotes[0]?.notices.map(({ code }) => code)).toEqual(['key-refused', 'key-refused'])
    expect(source.bucket.tally.get).toBe(0)
  })
})
