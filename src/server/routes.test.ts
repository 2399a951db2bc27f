import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { noon } from '../../test/filled-archive.ts'
import type { FilledServer } from '../../test/server/filled-server.ts'
import { makeFilledServer, rootId } from '../../test/server/filled-server.ts'

let server: FilledServer
beforeAll(async () => {
  server = await makeFilledServer({
    agents: [{ id: 'claude', name: 'Claude Code', resumeCommand: (id) => `go on ${id}` }],
  })
})
afterAll(() => server.close())

const json = async (path: string) => await server.json(`/api/v1${path}`)
const root = `/sessions/${encodeURIComponent(rootId)}`
const ids = (answer: Record<string, unknown>): readonly string[] =>
  (answer['sessions'] as readonly { id: string }[]).map(({ id }) => id)

describe('sessions', () => {
  it('are listed, filtered, sorted and found by their words', async () => {
    const [codex = ''] = ids(await json('/sessions?agent=codex'))
    expect(codex).toMatch(/^laptop~codex:/)
    expect(ids(await json('/sessions'))).toEqual([rootId, codex])
    expect(ids(await json('/sessions?children=1'))).toHaveLength(3)
    expect(ids(await json('/sessions?q=PARSER'))).toEqual([rootId])
    expect(ids(await json('/sessions?q=nowhere'))).toEqual([])
    expect(ids(await json('/sessions?errors=1&machine=laptop'))).toEqual([codex])
    expect(ids(await json('/sessions?errors=1&since=2026-08-01&children=1'))).toEqual([rootId])
    expect(ids(await json('/sessions?sort=messages'))[0]).toBe(rootId)
    const first = await json('/sessions?sort=cost&children=1&limit=1')
    expect(ids(first)).toEqual([rootId])
    const second = await json(`/sessions?sort=cost&children=1&limit=2&cursor=${String(first['nextCursor'])}`)
    expect(ids(second)).toEqual(['gpu~agent-7', codex])
  })

  it('refuse a cursor of another order', async () => {
    const { nextCursor } = await json('/sessions?sort=cost&limit=1')
    expect(await json(`/sessions?cursor=${String(nextCursor)}`)).toMatchObject({ error: { code: 'usage.cursor' } })
  })

  it('show their kin, models, tools, places and how to go on', async () => {
    expect(await json(root)).toMatchObject({
      session: {
        id: rootId,
        durationMs: 60_000,
        isLive: true,
        resumeCommand: `go on ${rootId.slice(4)}`,
        places: [{ bucket: 'team', isLead: true }, { machine: 'laptop' }],
        parents: [],
        children: [{ id: 'gpu~agent-7', relationship: 'subagent' }],
        otherMachines: [{ id: rootId.replace('gpu', 'laptop') }],
        modelBreakdowns: [{ modelName: 'opus', costNanoUSD: 2_500_000_000 }],
        tools: [
          { name: 'Bash', calls: 1, errors: 1 },
          { name: 'Task', calls: 1, errors: 0 },
        ],
      },
    })
    expect(await json('/sessions/agent-7')).toMatchObject({
      session: { parents: [{ id: rootId }], resumeCommand: 'go on agent-7', modelBreakdowns: [{ modelName: 'haiku' }] },
    })
  })

  it('do not end in a ring of parents', async () => {
    await server.archive.add({ nativeId: 'ring-a', columns: { parent_id: 'ring-b', started_at: 5, ended_at: 5 } })
    await server.archive.add({ nativeId: 'ring-b', columns: { parent_id: 'ring-a', started_at: 5, ended_at: 5 } })
    expect(await json('/sessions/ring-a')).toMatchObject({ session: { parents: [{ id: 'gpu~ring-b' }] } })
  })

  it('give each message what its responses were charged', async () => {
    const { messages } = await json(`${root}/messages`)
    expect(messages).toMatchObject([
      { ordinal: 0, role: 'user', isUserTurn: true, offset: 0, usage: null },
      {
        ordinal: 1,
        thinking: 'where is it',
        toolCalls: [{ name: 'Bash', result: 'no', isError: true }, { subagentId: 'gpu~agent-7' }],
        usage: { inputTokens: 10, totalTokens: 120, costUSD: 2, isCounted: true },
      },
      { ordinal: 2, subtype: 'compact_boundary', usage: null },
      { ordinal: 3, usage: null },
      { ordinal: 4, usage: { totalTokens: 10, costNanoUSD: 500_000_000 } },
    ])
    // A page alone tells the same as the whole.
    for (const ordinal of [0, 1, 2, 3, 4]) {
      const page = await json(`${root}/messages?from=${ordinal}&limit=1`)
      expect(page['messages']).toEqual([(messages as readonly unknown[])[ordinal]])
    }
  })

  it('are listed by what they cost', async () => {
    const found = async (query: string) =>
      ((await json(`/sessions?${query}`))['sessions'] as readonly { id: string }[]).map(({ id }) => id)
    expect(await found('cost_min=2.5')).toEqual([rootId])
    expect(await found('cost_min=2.5000001')).toEqual([])
    expect(await found('cost_max=2.4')).not.toContain(rootId)
    expect(await found('cost_min=&cost_max=')).toContain(rootId)
    for (const wrong of ['cost_min=-1', 'cost_max=much', 'cost_min=1e99']) {
      expect((await server.get(`/api/v1/sessions?${wrong}`)).status).toBe(400)
    }
  })

  it('tell a response on the line after its message', async () => {
    const { sessionId } = await server.archive.add({
      nativeId: 'late',
      columns: { started_at: 5, ended_at: 5 },
      messages: [{ role: 'user', text: 'a' }, { text: 'b' }, { role: 'user', text: 'c' }, { text: 'd' }],
    })
    const usage = { session_id: sessionId, owner_id: sessionId, counts: 0, model: 'opus', at: 5 }
    await server.archive.insert('usage', { ...usage, offset: 150, input: 1, dedupe_key: 'l1' })
    await server.archive.insert('usage', { ...usage, offset: 250, input: 2, dedupe_key: 'l2' })
    await server.archive.insert('usage', { ...usage, offset: 999, input: 4, dedupe_key: 'l3' })
    const { messages } = await json('/sessions/late/messages')
    expect(messages).toMatchObject([
      { usage: null },
      { usage: { inputTokens: 3, isCounted: false } },
      { usage: null },
      { usage: { inputTokens: 4 } },
    ])
    expect((await json('/sessions/late/messages?limit=2'))['messages']).toEqual(
      (messages as readonly unknown[]).slice(0, 2),
    )
  })

  it('have an outline and can be searched', async () => {
    expect(await json(`${root}/outline`)).toMatchObject({
      entries: [
        { kind: 'prompt', ordinal: 0, text: 'please fix the needle' },
        { kind: 'subagent', ordinal: 1, text: 'Explore', sessionId: 'gpu~agent-7' },
        { kind: 'compaction', ordinal: 2 },
        { kind: 'prompt', ordinal: 3 },
      ],
      total: 5,
    })
    const found = async (q: string) => (await json(`${root}/find?q=${encodeURIComponent(q)}`))['hits']
    expect(await found('NEEDLE')).toEqual([
      { ordinal: 0, field: 'text' },
      { ordinal: 1, field: 'input' },
    ])
    expect(await found('where is')).toEqual([{ ordinal: 1, field: 'thinking' }])
    expect(await found('%')).toEqual([])
    expect(await found('')).toEqual([])
  })

  it('have steps with the context the model was shown', async () => {
    expect(await json(`${root}/usage`)).toMatchObject({
      costUSD: 2.6,
      parts: [{ costUSD: 2.5 }, { sessionId: 'gpu~agent-7' }],
      steps: [
        { ordinal: 1, contextTokens: 100, costUSD: 2 },
        { ordinal: 4, contextTokens: 5 },
      ],
    })
    expect(await json(`${root}/usage?own=1`)).toMatchObject({ isOwnOnly: true, costUSD: 2.5 })
  })

  it('that run are told with the last thing they did', async () => {
    expect(await json('/live')).toMatchObject({
      sessions: expect.arrayContaining([
        expect.objectContaining({
          id: rootId,
          last: expect.objectContaining({ ordinal: 4, text: 'done', tool: null }),
        }),
      ]),
      lastHour: { costNanoUSD: 2_600_000_000, totalTokens: 131 },
    })
  })
})

describe('usage', () => {
  it('compares a span with the one before it', async () => {
    expect(await json('/usage/totals?since=2026-08-01')).toMatchObject({
      span: { totalCostNanoUSD: 2_600_000_000, sessions: 2, activeDays: 1, responses: 3, before: null },
      previous: { totalTokens: 0, before: '2026-08-01T00:00:00.000Z' },
    })
    expect(await json('/usage/totals?since=2026-07-30&until=2026-08-01')).toMatchObject({
      previous: { from: '2026-07-27T00:00:00.000Z', totalTokens: 4, totalCost: null, unpricedModels: ['new'] },
    })
    expect(await json('/usage/totals')).toMatchObject({ previous: null, span: { responses: 4 } })
  })

  it('adds up in every view', async () => {
    type Sums = { totalTokens: number; totalCostNanoUSD: number | null }
    const add = (rows: unknown): readonly number[] =>
      (rows as readonly Sums[]).reduce<readonly number[]>(
        ([tokens = 0, cost = 0], row) => [tokens + row.totalTokens, cost + (row.totalCostNanoUSD ?? 0)],
        [0, 0],
      )
    const matrix = await json('/usage/matrix?rows=machine&cols=model')
    const whole = add([matrix['totals']])
    expect(whole).toEqual([135, 2_600_000_000])
    for (const part of ['rows', 'cols', 'cells']) expect(add(matrix[part])).toEqual(whole)
    expect(add((await json('/usage/hours'))['cells'])).toEqual(whole)
    expect(add((await json('/usage/heatmap?year=2026'))['days'])).toEqual(whole)
    expect(add((await json('/usage/cache?by=model'))['rows'])).toEqual(whole)
    expect(add((await json('/usage/sessions'))['sessions'])).toEqual(whole)
    for (const unit of ['daily', 'weekly', 'monthly']) expect(add((await json(`/usage/${unit}`))[unit])).toEqual(whole)
  })

  it('puts hours and days where the clock of the zone has them', async () => {
    expect((await json('/usage/hours?machine=gpu'))['cells']).toMatchObject([{ weekday: 5, hour: 12, responses: 3 }])
    expect((await json('/usage/hours?machine=gpu&timezone=Asia/Tokyo'))['cells']).toMatchObject([
      { weekday: 5, hour: 21 },
    ])
    expect(await json('/usage/heatmap?year=2026&timezone=Pacific/Kiritimati')).toMatchObject({
      years: [2026],
      days: [{ day: '2026-07-30' }, { day: '2026-08-02' }],
    })
    expect(await json('/usage/heatmap?year=1999')).toMatchObject({ years: [2026], days: [] })
  })

  it('tells how well caches served', async () => {
    expect(await json('/usage/cache?by=model')).toMatchObject({
      rows: [
        { value: 'opus', hitRate: 70 / 105, readsPerWrite: 3.5 },
        { value: 'haiku', hitRate: 0, readsPerWrite: null },
        { value: 'new' },
      ],
    })
  })

  it('counts tools with their errors', async () => {
    expect(await json('/tools')).toMatchObject({
      tools: [
        { name: 'Bash', calls: 1, errors: 1, sessions: 1 },
        { name: 'Task', errors: 0 },
      ],
      totals: { calls: 2, errors: 1 },
    })
    expect(await json('/tools?machine=laptop')).toMatchObject({ tools: [] })
  })
})

describe('search and facets', () => {
  it('count every hit, whatever the page', async () => {
    const answer = await json('/search?q=hello&facets=1&limit=1')
    const { machine, month } = answer['facets'] as Record<string, unknown>
    expect(machine).toContainEqual({ value: 'laptop', count: 2 })
    expect((month as readonly { value: string }[]).map(({ value }) => value)).toEqual(['2026-08'])
    expect((await json('/search?q=hello'))['facets']).toBeNull()
  })

  it('name what there is to filter by', async () => {
    expect(await json('/facets')).toMatchObject({
      machines: expect.arrayContaining([{ value: 'laptop', count: 2 }]),
      agents: expect.arrayContaining([{ value: 'codex', count: 1 }]),
      models: expect.arrayContaining([{ value: 'opus', count: 1 }]),
      projects: expect.arrayContaining([{ value: null, count: 1 }]),
    })
  })
})

describe('the fleet', () => {
  it('shows remotes with their state, error and runs', async () => {
    const { remotes } = await json('/remotes')
    expect(remotes).toMatchObject([
      {
        name: 'home',
        state: 'failing',
        error: { message: '403 AccessDenied' },
        pendingObjects: 1,
        pendingBytes: 60,
        badLines: 1,
        lastOkAt: null,
        lagMs: null,
        runs: [{ ok: false, requests: 5, bytesFetched: 1234 }],
      },
      { name: 'lab', lagMs: 5 * 60_000, lastOkAt: '2026-08-01T12:00:00.000Z' },
    ])
  })

  it('shows objects in pages, by state and by key', async () => {
    expect(await json('/remotes/home/objects')).toMatchObject({
      objects: [
        {
          key: 'x/rollout.jsonl',
          state: 'failing',
          offset: 40,
          badLines: 1,
          error: { code: 'remote.refused', message: '403' },
          sessionIds: [expect.stringMatching(/^laptop~codex:/)],
        },
      ],
      total: 1,
    })
    expect(await json('/remotes/home/objects?state=complete')).toMatchObject({ objects: [], total: 0 })
    const keys: string[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await json(`/remotes/lab/objects?limit=2&cursor=${cursor}`)
      keys.push(...(page['objects'] as readonly { key: string }[]).map(({ key }) => key))
      cursor = page['nextCursor'] as string | null
    }
    expect(keys).toEqual(keys.toSorted())
    expect(new Set(keys).size).toBe(keys.length)
    expect(await json('/remotes/home/bad-lines')).toMatchObject({
      badLines: [{ key: 'x/rollout.jsonl', offset: 30, length: 9, reason: 'invalid-json' }],
    })
    expect(await json('/remotes/nobody/objects')).toMatchObject({ error: { code: 'not-found.remote' } })
  })

  it('shows machines with what is known of each', async () => {
    const { machines } = await json('/machines')
    expect(machines).toMatchObject([
      {
        name: 'gpu',
        cost7dNanoUSD: 2_600_000_000,
        sharedSessions: 1,
        agentVersions: [{ agent: 'claude', version: '2.1.0' }],
      },
      { name: 'laptop', objects: 2, firstSessionAt: new Date(noon - 3 * 86_400_000).toISOString() },
    ])
  })
})

describe('hostile requests', () => {
  it.each([
    ['/sessions/%00', 404],
    ['/sessions/..%2f..%2fetc%2fpasswd', 404],
    ["/sessions/'%20OR%201=1--", 404],
    ['/sessions/%E0%A4%A', 404],
    ['/sessions?q=%00%27%22%3Cscript%3E', 200],
    ['/sessions?sort=title', 400],
    ['/sessions?limit=1e9', 200],
    ['/sessions?limit=-1', 400],
    ['/usage/matrix?rows=secret', 400],
    ['/usage/daily?by=password', 400],
    ['/usage/heatmap?year=99999999', 200],
    ['/usage/heatmap?year=-4', 400],
    ['/search?q=%22%22%22%20OR%20NOT%20*', 200],
    ['/remotes/..%2f/objects', 404],
    ['/remotes/lab/objects?state=%27', 400],
    [`${root}/raw?offset=-1`, 404],
    [`${root}/messages?from=99999999999999999999`, 200],
  ])('%s gets %i and no secret', async (path, status) => {
    const answer = await server.get(`/api/v1${path}`)
    expect(answer.status).toBe(status)
    expect(await answer.text()).not.toMatch(/SQLITE|\/tmp\/|at .*\.ts:/)
  })
})
