import { expect, it } from 'vitest'

import { applyProjectRules } from '../../src/store/index.ts'
import { log, user } from '../agents/claude-log.ts'
import { makeArchive, makeSource } from './synced-archive.ts'

it('names projects by the rules, for what is there and for what comes, and takes a name back with its rule', async () => {
  const archive = await makeArchive()
  const source = makeSource()
  const put = async (machine: string, cwd: string): Promise<void> => {
    const text = log(user('hi', { id: 'u1', at: 1, more: { cwd } }))
    source.bucket.put(`${machine}/raw/claude/projects/-p/${machine}.jsonl`, text)
    await archive.sync([source])
  }
  const projects = async (): Promise<readonly unknown[]> => {
    const rows = await archive.archive.driver.all({ sql: 'SELECT project FROM sessions ORDER BY machine', args: [] })
    return rows.map(([project]) => project)
  }
  await put('a', '/home/ann/code/shop-api')
  await put('b', '/srv/checkouts/api')
  expect(await projects()).toEqual(['shop_api', 'api'])
  await applyProjectRules(archive.archive, [{ name: 'shop', match: ['*/shop-api', '/srv/*/api'] }])
  expect(await projects()).toEqual(['shop', 'shop'])
  await put('c', '/data/x/shop-api')
  expect(await projects()).toEqual(['shop', 'shop', 'shop'])
  await applyProjectRules(archive.archive, [])
  expect(await projects()).toEqual(['shop_api', 'api', 'shop_api'])
  archive.close()
})
