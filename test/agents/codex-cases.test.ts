import { Buffer } from 'node:buffer'
import { describe, expect, it } from 'vitest'
import { codex } from '../../src/agents/codex/format.ts'
import type { Mark, SessionFields, SettleInput, SettleResult } from '../../src/model/index.ts'
import { explainUsage, priceTable, priceUsage, reducePriceList } from '../../src/pricing/index.ts'
import type { PriceableUsage } from '../../src/pricing/index.ts'
import {
  event,
  item,
  line,
  meta,
  ownSession,
  parentSession,
  parentThread,
  read,
  rolloutPath,
  said,
  tokenCount,
  turn,
  usageRecord,
} from './codex-log.ts'

/*
 * The cases of docs/formats.md that are about Codex and prices, each by its number. Forks, places, titles and
 * sums over whole syncs are in test/sync/codex-usage.test.ts.
 */

const texts = (...log: readonly string[]): readonly string[] => read([meta(), ...log]).messages.map(({ text }) => text)
/** What is concluded of the own session. */
const settled = (
  fields: SessionFields,
  marks: readonly Mark[],
  more: Partial<Pick<SettleInput, 'notes' | 'relatives'>>,
): SettleResult => {
  const place = { sessionId: ownSession, path: rolloutPath(), parentFromPath: null }
  const input = { ...place, fields, marks, notes: [], callers: [], relatives: new Map(), peers: [], ...more }
  return codex.settle?.(input) ?? { fields: {}, hidden: [] }
}
const counts = (...log: readonly string[]): readonly (readonly unknown[])[] =>
  read([meta(), ...log]).usage.map((row) => [row.model, row.input, row.cacheRead, row.output])

describe('Codex', () => {
  it('case 36: the same count twice in a row counts once, and the same total at another time', () => {
    const twice = tokenCount(null, [900, 600, 50])
    expect(counts(twice, twice)).toEqual([['unknown', 300, 600, 50]])
    expect(counts(tokenCount([900, 600, 50], [900, 600, 50]), tokenCount([900, 600, 50], [900, 600, 50], 40))).toEqual([
      ['unknown', 300, 600, 50],
    ])
  })

  it('case 37: a count without numbers is ignored; cached input is inside the input, reasoning inside the output', () => {
    expect(counts(event('token_count', { info: null }), tokenCount(null, [900, 600, 50, 20]))).toEqual([
      ['unknown', 300, 600, 50],
    ])
  })

  it('case 38: rows are of the model of their turn; a turn that names none goes on with the last one', () => {
    const log = [turn('1', 'gpt-a'), tokenCount([10, 0, 1], null), turn('2', 'gpt-b'), tokenCount([30, 0, 3], null)]
    expect(counts(...log, turn('3', null), tokenCount([60, 0, 6], null))).toEqual([
      ['gpt-a', 10, 0, 1],
      ['gpt-b', 20, 0, 2],
      ['gpt-b', 30, 0, 3],
    ])
    expect(counts(turn('1', null), tokenCount([10, 0, 1], null))).toEqual([['unknown', 10, 0, 1]])
  })

  it('case 39: of a fork whose parent is there the copied turns are hidden, else nothing is', () => {
    const copied = [turn('t1'), said('user', 'one'), turn('t2'), said('user', 'two')]
    const parent = read([meta({}, parentThread), ...copied], rolloutPath(parentThread))
    const own = [turn('t3'), said('user', 'own'), turn('t1'), said('user', 'again'), turn('t4'), said('user', 'more')]
    const fork = read([meta({ forked_from_id: parentThread }), ...copied, ...own])
    const hidden = (relatives: ReadonlyMap<string, typeof parent.marks>): readonly unknown[] =>
      settled(fork.fields, fork.marks, { relatives }).hidden
    const firstOwn = fork.marks.find(({ name, value }) => name === 'turn' && value === 't3')
    expect(hidden(new Map([[parentSession, parent.marks]]))).toEqual([{ from: 0, to: firstOwn?.offset }])
    expect(hidden(new Map())).toEqual([])
  })

  it('case 40: a subagent that names a parent and holds no line of it copies nothing', () => {
    const source = { subagent: { thread_spawn: { parent_thread_id: parentThread } } }
    const parent = read([meta({}, parentThread), turn('t1'), said('user', 'one')], rolloutPath(parentThread))
    const { fields, marks, messages } = read([meta({ source }), turn('t1'), said('user', 'find')])
    expect(fields).toMatchObject({ parentId: parentSession, relationship: 'subagent' })
    expect(marks.filter(({ name }) => name === 'copy')).toEqual([])
    expect(messages.length).toBe(1)
    expect(settled(fields, marks, { relatives: new Map([[parentSession, parent.marks]]) }).hidden).toEqual([])
  })

  it('case 41: the first prompt written again after its turn was broken off is one prompt; else it is two', () => {
    expect(texts(said('user', 'go'), event('turn_aborted'), said('user', 'go'))).toEqual(['go'])
    expect(texts(said('user', 'go'), said('user', 'go'))).toEqual(['go', 'go'])
  })

  it('case 42: context that the program wrote is no prompt; internal context of another source is', () => {
    const other = '<codex_internal_context source="other">x</codex_internal_context>'
    expect(texts(said('user', '<environment_context>x</environment_context>'), said('user', other))).toEqual([other])
  })

  it('case 43: mail to this agent is a prompt; mail to others and sealed mail is nothing', () => {
    const sealed = Buffer.concat([Buffer.from([0x80, 0, 0, 0, 0]), Buffer.alloc(68)]).toString('base64url')
    const mail = (recipient: string, text: string): string =>
      item({ type: 'agent_message', recipient, content: [{ type: 'encrypted_content', encrypted_content: text }] })
    const log = [mail('/root', 'not me'), mail('/root/a', sealed), mail('/root/a', 'do this')]
    expect(read([meta({ agent_path: '/root/a' }), ...log]).messages).toMatchObject([
      { role: 'user', text: 'do this', isUserTurn: true },
    ])
  })

  it('case 44: of several lines of the title index the last one names a thread, a blank one takes the name away', () => {
    const id = parentThread
    const index = ['A', ''].map((thread_name) => JSON.stringify({ id, thread_name }))
    const notes = read(index, 'session_index.jsonl').marks
    expect(settled({}, [], { notes }).fields).toEqual({ title: null })
  })

  it('case 45: dated copies lead archived ones, plain ones their packed twins, and all are one session', () => {
    const places = [
      rolloutPath(),
      `${rolloutPath()}.zst`,
      `archived_sessions/${rolloutPath().split('/').at(-1)}`,
      `archived_sessions/${rolloutPath().split('/').at(-1)}.gz`,
    ].map((path) => codex.locate(path))
    expect(new Set(places.map((place) => place?.sessionId))).toEqual(new Set([ownSession]))
    expect(places.map((place) => place?.rank)).toEqual([3, 2, 1, 0])
    const bare = JSON.stringify({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'old' }] })
    expect(read([JSON.stringify({ id: 'x', timestamp: '2025-05-07T17:24:21Z' }), bare]).messages.length).toBe(1)
  })

  it('case 46: where a turn has usage records only they count', () => {
    const records = [usageRecord('r1', [100, 0, 10]), usageRecord('r2', [50, 0, 5])]
    expect(counts(turn('t1'), tokenCount([100, 0, 10], null), ...records, tokenCount([150, 0, 15], null))).toEqual([
      ['gpt-a', 100, 0, 10],
      ['gpt-a', 50, 0, 5],
    ])
    expect(counts(line('compacted', { latest_token_usage_record: { usage: { input_tokens: 9 } } }))).toEqual([])
  })
})

describe('prices', () => {
  const shipped = priceTable()
  const usage = (model: string, more: Partial<PriceableUsage> = {}): PriceableUsage => ({
    model,
    input: 0,
    output: 0,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    reasoning: 0,
    webSearches: 0,
    tier: null,
    ...more,
  })
  const nameOf = (model: string): string | null => {
    const finding = shipped.find(model)
    return finding.kind === 'found' ? finding.price.name : null
  }

  it('case 47: a request of 272,000 tokens has base rates; with one more all of it has those of the band', () => {
    // $5 and $30 a million; above: $10, $45 and $1 for cache reads.
    const below = priceUsage(shipped, usage('gpt-5.5', { input: 271_000, cacheRead: 1000, output: 10 }))
    expect(below.tokensCost).toBe(271_000 * 5000 + 1000 * 500 + 10 * 30_000)
    const above = priceUsage(shipped, usage('gpt-5.5', { input: 271_000, cacheRead: 1001, output: 10 }))
    expect(above.tokensCost).toBe(271_000 * 10_000 + 1001 * 1000 + 10 * 45_000)
  })

  it('case 48: names are found with dots, suffixes and dates aside, and never by a part of them', () => {
    expect(nameOf('claude-opus-4.6[1m]')).toBe('claude-opus-4-6')
    expect(nameOf('claude-opus-4-6-20291231')).toBe('claude-opus-4-6')
    expect(nameOf('gpt-5.5-codex')).toBeNull()
  })

  it('case 49: searches of a model without a price cost their fee; the tokens cost nothing that is known', () => {
    expect(priceUsage(shipped, usage('made-up', { input: 5, webSearches: 2 }))).toEqual({
      tokensCost: null,
      feeCost: 20_000_000,
    })
  })

  it('case 50: cache rates that are not listed follow the provider’s rule, and the explanation says so', () => {
    const rates = { mode: 'chat', input_cost_per_token: 0.000004, output_cost_per_token: 0.00002 }
    const list = reducePriceList({ 'claude-x': rates, 'other-x': rates }, { source: 'a test', date: '2026-01-01' })
    const table = priceTable([], list)
    const cached = { cacheRead: 100, cacheWrite5m: 100, cacheWrite1h: 100 }
    const claude = explainUsage(table, usage('claude-x', cached))
    expect(claude.tokensCost).toBe(100 * 400 + 100 * 5000 + 100 * 8000)
    expect(claude.lines.map(({ rateFrom }) => rateFrom)).toEqual([
      "0.1 × input (Anthropic's rule: no rate listed)",
      "1.25 × input (Anthropic's rule: no rate listed)",
      "2 × input (Anthropic's rule: no rate listed)",
    ])
    const other = explainUsage(table, usage('other-x', cached))
    expect(other.tokensCost).toBe(300 * 4000)
    expect(other.lines.map(({ rateFrom }) => rateFrom)).toEqual(Array(3).fill('as input (no rate listed)'))
  })
})
