import { expect, it } from 'vitest'

import { assistant, call, folder, log, result, talk, user } from '../agents/claude-log.ts'
import { differences } from './dump.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

it('corrects a row of a fork that was split off before the correction came', async () => {
  const archive = await makeArchive()
  const source = makeSource()
  const key = `laptop/raw/claude/projects/${folder}/s1.jsonl`
  const start = log(
    talk('', 1, null, 0),
    talk('x', 4, 'a1', 10),
    user('search', { id: 'y1', parent: 'a1', at: 40 }),
    assistant([call('w1', 'WebSearch', { query: 'q' })], { id: 'y2', parent: 'y1', at: 41 }),
    user('and', { id: 'y3', parent: 'y2', at: 42 }),
  )
  const late = user([result('w1')], { id: 'y4', parent: 'y3', at: 43, more: { toolUseResult: { searchCount: 2 } } })
  for (const text of [start, start + log(late)]) {
    source.bucket.put(key, text)
    await archive.sync([source])
    expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  }
  const searches = await archive.archive.driver.all({
    sql: `SELECT s.native_id, u.web_searches FROM usage u JOIN sessions s ON s.id = u.owner_id
          WHERE u.counts = 1 AND u.web_searches > 0`,
    args: [],
  })
  expect(searches.map((row) => [...row])).toEqual([['s1-y1', 2]])
  archive.close()
})
