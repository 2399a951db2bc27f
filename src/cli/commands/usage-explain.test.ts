import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import {
  line,
  meta,
  parentThread,
  rolloutPath,
  said,
  tokenCount,
  turn,
  ownThread,
} from '../../../test/agents/codex-log.ts'
import type { CliResult } from '../../../test/run-cli.ts'
import { runCli } from '../../../test/run-cli.ts'
import type { SyncedArchive } from '../../../test/sync/synced-archive.ts'
import { makeArchive, makeSource } from '../../../test/sync/synced-archive.ts'

const own = [
  turn('t3', 'gpt-5.5'),
  tokenCount([275_001, 1000, 310], null, 8),
  turn('t4', 'made-up'),
  tokenCount([275_101, 1000, 320], null, 9),
]
const history = [
  turn('t1', 'gpt-5.5'),
  said('user', 'one'),
  tokenCount([1000, 0, 100], null, 1),
  line('turn_context', { turn_id: 't2', model: 'gpt-5.5', service_tier: 'fast' }),
  tokenCount([3000, 1000, 300], null, 2),
]
const log = (...lines: readonly string[]): string => lines.map((text) => `${text}\n`).join('')
const answer = {
  type: 'assistant',
  uuid: 'a1',
  requestId: 'r1',
  timestamp: '2026-03-04T05:06:07Z',
  costUSD: 9,
  message: {
    id: 'm1',
    role: 'assistant',
    model: 'claude-opus-4-6',
    content: [{ type: 'text', text: 'x' }],
    usage: { input_tokens: 5, output_tokens: 2, server_tool_use: { web_search_requests: 2 } },
  },
}

/** What tests read of the JSON by name; the rest is held against whole objects. */
interface Shape {
  readonly kind: string
  readonly total: number
  readonly nextCursor: string | null
  readonly prices: unknown
  readonly elsewhere: unknown
  readonly totals: { readonly totalCostNanoUSD: number; readonly unpricedModels: unknown }
  readonly rows: readonly {
    readonly costNanoUSD: number
    readonly tier: string | null
    readonly copies: unknown
    readonly lines: readonly unknown[]
  }[]
}

let archive: SyncedArchive
beforeEach(async () => {
  archive = await makeArchive()
  const source = makeSource()
  source.bucket.put(`gpu/raw/codex/${rolloutPath(parentThread)}`, log(meta({}, parentThread), ...history))
  source.bucket.put(`gpu/raw/codex/${rolloutPath()}`, log(meta({ forked_from_id: parentThread }), ...history, ...own))
  source.bucket.put('gpu/raw/claude/projects/-w-app/s1.jsonl', log(JSON.stringify(answer)))
  await archive.sync([source])
})
afterEach(() => archive.close())

const cli = async (...argv: readonly string[]): Promise<CliResult> =>
  await runCli([...argv, '--db', `file:${join(archive.folder, 'archive.db')}`, '--timezone', 'UTC'], {
    cwd: archive.folder,
  })
const json = async (...argv: readonly string[]): Promise<Shape> =>
  JSON.parse((await cli(...argv, '--json')).stdout) as Shape

describe('usage explain', () => {
  it('gives each response with its counts, rates and rule, and they add up to what is charged', async () => {
    const { rows, totals, total, prices, kind } = await json('usage', 'explain', parentThread)
    expect({ kind, total, prices }).toMatchObject({
      kind: 'usageExplain',
      total: 2,
      prices: { date: expect.any(String) },
    })
    expect(rows).toMatchObject([
      {
        at: '2026-03-04T05:06:08.000Z',
        model: 'gpt-5.5',
        inputTokens: 1000,
        contextTokens: 1000,
        bandAboveTokens: null,
        multiplier: 1,
        price: { name: 'gpt-5.5', foundBy: 'exact' },
        lines: [
          { what: 'input', count: 1000, rateUSD: 5, per: 'million tokens', from: 'listed', costUSD: 0.005 },
          { what: 'output', count: 100, rateUSD: 30, costUSD: 0.003 },
        ],
        costNanoUSD: 8_000_000,
      },
      { tier: 'fast', multiplier: 2.5, costNanoUSD: 2.5 * (5_000_000 + 500_000 + 6_000_000) },
    ])
    const sum = rows.reduce((money, row) => money + row.costNanoUSD, 0)
    expect(totals.totalCostNanoUSD).toBe(sum)
    expect(await json('session', 'usage', parentThread, '--own-only')).toMatchObject({ costNanoUSD: sum })
  })

  it('names copies of a response, the band of a long one, and what is charged elsewhere', async () => {
    const parent = await json('usage', 'explain', parentThread)
    expect(parent.rows[0]?.copies).toMatchObject([{ sessionId: `gpu~codex:${ownThread}`, why: 'copied-history' }])
    expect(parent.elsewhere).toEqual([])
    const fork = await json('usage', 'explain', ownThread)
    expect(fork.elsewhere).toEqual([{ sessionId: `gpu~codex:${parentThread}`, responses: 2 }])
    expect(fork.rows).toMatchObject([
      { contextTokens: 272_001, bandAboveTokens: 272_000, lines: [{ rateUSD: 10 }, { rateUSD: 45 }] },
      { model: 'made-up', price: null, costUSD: null, lines: [], notes: ['No price is listed for "made-up".'] },
    ])
    expect(fork.totals.unpricedModels).toEqual(['made-up'])
  })

  it('charges searches beside tokens, and keeps the cost of the log apart', async () => {
    const { rows } = await json('usage', 'explain', 's1')
    expect(rows).toMatchObject([{ costNanoUSD: 20_075_000, reportedCostUSD: 9 }])
    expect(rows[0]?.lines.at(-1)).toEqual({
      what: 'webSearches',
      count: 2,
      rateUSD: 0.01,
      per: 'search',
      from: 'fee per search',
      costUSD: 0.02,
    })
  })

  it('says all that to people too', async () => {
    const { stdout, stderr } = await cli('usage', 'explain', parentThread)
    for (const part of [
      '2026-03-04 05:06  gpt-5.5  tier fast',
      '1,000 × $5 per million',
      'Fast tier: × 2.5.',
      `Not charged again: copied history in gpu~codex:${ownThread}`,
      'Total  $0.036',
    ])
      expect(stdout).toContain(part)
    expect(stderr).toBe('')
    const fork = await cli('usage', 'explain', ownThread)
    expect(fork.stdout).toContain(`2 responses charged to gpu~codex:${parentThread}`)
    expect(fork.stderr).toContain('No price is known for made-up')
    expect((await cli('usage', 'explain', 's1')).stdout).toContain('The log itself says $9.00; that is not summed.')
  })

  it('is given out page by page, and as a table for other programs', async () => {
    const first = await json('usage', 'explain', parentThread, '--limit', '1')
    const second = await json('usage', 'explain', parentThread, '--limit', '1', '--cursor', String(first.nextCursor))
    expect([first, second].map(({ rows, total }) => [rows.length, total])).toEqual([
      [1, 2],
      [1, 2],
    ])
    expect(second.nextCursor).toBeNull()
    expect(second.rows[0]?.tier).toBe('fast')
    const { stdout } = await cli(
      'usage',
      'explain',
      parentThread,
      '--format',
      'csv',
      '--fields',
      'model,inputTokens,costUSD',
    )
    expect(stdout).toBe('model,inputTokens,costUSD\ngpt-5.5,1000,0.008\ngpt-5.5,1000,0.02875\n')
  })

  it('does not know a session that is not there', async () => {
    expect(await cli('usage', 'explain', 'nowhere')).toMatchObject({ code: 3, stdout: '' })
  })
})

describe('prices show', () => {
  it('tells source and date of the list', async () => {
    expect(await json('prices', 'show')).toMatchObject({
      kind: 'prices',
      source: expect.stringContaining('LiteLLM'),
      setByHand: [],
    })
  })

  it('tells the rates of a model, its bands, and which entry they are', async () => {
    expect(await json('prices', 'show', 'GPT-5.5[1m]')).toMatchObject({
      entry: 'gpt-5.5',
      foundBy: 'case',
      fastMultiplier: 2.5,
      rates: [
        { aboveTokens: null, input: 5, output: 30, cacheRead: 0.5, cacheWrite5m: null },
        { aboveTokens: 272_000, input: 10, output: 45, cacheRead: 1 },
      ],
    })
    expect((await cli('prices', 'show', 'gpt-5.5')).stdout).toContain('above 272000 tokens')
  })

  it('has no price for a model by a part of its name', async () => {
    const result = await cli('prices', 'show', 'gpt-5.5-codex')
    expect(result).toMatchObject({ code: 3, stdout: '' })
    expect(result.stderr).toContain('[prices."gpt-5.5-codex"]')
  })
})
