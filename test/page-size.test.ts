import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Bytes packed by gzip; other pages, languages of code and their colours are fetched when they are needed. */
const budget = 300_000

it('the page begins with no more JavaScript than its budget', async () => {
  const script = join(import.meta.dirname, '../scripts/page-size.mjs')
  const { stdout } = await promisify(execFile)(process.execPath, [script])
  const size = Number(stdout)
  expect(size).toBeGreaterThan(10_000)
  expect(size).toBeLessThan(budget)
})
