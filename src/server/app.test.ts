import { createServer } from 'node:http'
import { once } from 'node:events'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive, noon } from '../../test/filled-archive.ts'
import { noArchive } from '../query/index.ts'
import { makeApp } from './app.ts'
import { startServer } from './start.ts'

let test: TestArchive
beforeEach(async () => {
  test = await makeTestArchive()
})
afterEach(() => test.close())

const base = 'http://127.0.0.1:8080'
const context = () => ({ ask: test.archive.driver, timezone: 'UTC', now: () => noon })
const get = async (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  await makeApp(context()).request(`${base}${path}`, { headers, method })
const text = async (path: string): Promise<string> => await (await get(path)).text()

const evil = `<script>alert(1)</script><img src=x onerror="alert(1)">'"&`

describe('the pages', () => {
  it('show usage by machine, remotes, and the latest sessions', async () => {
    await test.add({
      nativeId: 's1',
      machine: 'gpu-7',
      usage: [{ input: 5, tokens_cost: 3_250_000_000 }],
      columns: { title: 'Fix the parser' },
    })
    await test.add({ nativeId: 's2', machine: 'old', object: { modified_at: noon - 9 * 86_400_000 } })
    const summary = { ok: false, remotes: [{ name: 'lab', error: { message: '403 AccessDenied' } }] }
    await test.insert('sync_runs', {
      started_at: noon,
      ended_at: noon,
      duration_ms: 5,
      summary: JSON.stringify(summary),
    })
    const status = await text('/')
    for (const shown of ['gpu-7', '$3.25', 'Fix the parser', 'stale', '403 AccessDenied', 'something failed'])
      expect(status).toContain(shown)
    expect(status).toContain('href="/sessions/gpu-7~s1"')
  })

  it('hold no markup of a transcript, a title, a machine or a query', async () => {
    const { sessionId } = await test.add({
      nativeId: 's',
      machine: 'm<iframe>',
      columns: { title: evil, project: evil, branch: evil, cwd: evil },
      messages: [{ role: 'user', text: `needle ${evil}`, thinking: evil, columns: { model: evil } }],
    })
    await test.insert('tool_calls', { session_id: sessionId, offset: 0, name: evil, call_id: 't', input: evil })
    await test.insert('tool_results', { session_id: sessionId, offset: 9, call_id: 't', text: evil })
    for (const path of [
      '/',
      '/sessions/s',
      '/search?q=needle',
      `/search?q=${encodeURIComponent(evil)}`,
      `/sessions/${encodeURIComponent(evil)}`,
    ]) {
      const body = await text(path)
      expect(body).not.toMatch(/<script|<img|<iframe|onerror="/)
    }
    expect(await text('/sessions/s')).toContain('&lt;script&gt;')
  })

  it('forbid scripts and everything from elsewhere', async () => {
    for (const path of ['/', '/style.css', '/nowhere', '/api/v1/sessions', '/sessions/none']) {
      const policy = (await get(path)).headers.get('content-security-policy')
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toContain('unsafe')
    }
  })

  it('are there before the archive is', async () => {
    const app = makeApp({ ...context(), ask: noArchive })
    const status = await app.request(`${base}/`)
    expect(status.status).toBe(200)
    expect(await status.text()).toContain('agentsview sync')
  })

  it('page through a transcript', async () => {
    await test.add({ nativeId: 's', messages: Array.from({ length: 120 }, (_, at) => ({ text: `message ${at}` })) })
    const first = await text('/sessions/s')
    expect(first).toContain('id="m99"')
    const next = /href="([^"]+cursor=[^"]+)"/.exec(first)?.[1] ?? ''
    expect(await text(next)).toContain('id="m119"')
    expect(await text('/sessions/s?from=110')).not.toContain('id="m109"')
  })
})

describe('who is answered', () => {
  it.each([
    [{ host: 'evil.example' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: 'localhost:9999' }, 200],
    [{ host: '[::1]:8080' }, 200],
    [{ host: '127.0.0.1:8080', origin: 'http://evil.example' }, 403],
    [{ host: '127.0.0.1:8080', origin: 'null' }, 403],
    [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:9090' }, 403],
    [{ host: '127.0.0.1:8080', origin: 'http://127.0.0.1:8080' }, 200],
    [{ 'sec-fetch-site': 'cross-site' }, 403],
  ])('%o gets %i', async (headers, status) => {
    expect((await get('/api/v1/machines', headers)).status).toBe(status)
  })

  it('is nobody who wants to change something', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'OPTIONS'])
      expect((await get('/api/v1/sessions', {}, method)).status).toBe(405)
    expect((await get('/api/v1/sync', {}, 'POST')).status).toBe(400)
    expect((await get('/api/v1/sessions', { 'content-type': 'application/json' }, 'POST')).status).toBe(404)
    expect((await get('/api/v1/sync', { 'content-type': 'application/json' }, 'POST')).status).toBe(403)
  })
})

describe('the JSON', () => {
  const json = async (path: string): Promise<unknown> => await (await get(path)).json()

  it('has the shapes of the command line', async () => {
    await test.add({
      nativeId: 's',
      messages: [{ role: 'user', text: 'needle' }],
      usage: [{ input: 3, tokens_cost: 7 }],
    })
    await test.add({ nativeId: 'kid', columns: { relationship: 'subagent' } })
    expect(await json('/api/v1/sessions')).toMatchObject({
      schemaVersion: 1,
      kind: 'sessionList',
      total: 1,
      sessions: [{ id: 'gpu~s' }],
    })
    expect(await json('/api/v1/sessions?include-children=1&limit=1')).toMatchObject({
      total: 2,
      nextCursor: expect.any(String),
    })
    expect(await json('/api/v1/sessions/s')).toMatchObject({ session: { id: 'gpu~s' } })
    expect(await json('/api/v1/sessions/gpu~s/messages')).toMatchObject({
      kind: 'sessionMessages',
      total: 1,
      messages: [{ text: 'needle' }],
    })
    expect(await json('/api/v1/search?q=needle&machine=gpu')).toMatchObject({ kind: 'searchHits', total: 1 })
    expect(await json('/api/v1/usage/daily?by=machine&timezone=Asia/Tokyo')).toMatchObject({
      daily: [{ period: '2026-08-01', totalCostNanoUSD: 7, groups: [{ machine: 'gpu' }] }],
      timezone: 'Asia/Tokyo',
    })
    expect(await json('/api/v1/machines')).toMatchObject({ machines: [{ name: 'gpu' }] })
    expect(await json('/api/v1/sync/runs')).toEqual({ schemaVersion: 1, kind: 'syncRunList', runs: [] })
  })

  it.each([
    ['/api/v1/sessions/none', 404, 'not-found.session'],
    ['/api/v1/sessions?limit=x', 400, 'usage.option'],
    ['/api/v1/sessions?cursor=x', 400, 'usage.cursor'],
    ['/api/v1/sessions?since=soon', 400, 'usage.date'],
    ['/api/v1/usage/daily?timezone=Mars', 400, 'usage.timezone'],
    ['/api/v1/nowhere', 404, 'not-found.page'],
  ])('%s answers %i', async (path, status, code) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    expect(await answer.json()).toMatchObject({ error: { code } })
  })

  it('does not tell a bug of ours to the browser', async () => {
    const ask = { all: () => Promise.reject(new Error('secret path')) }
    const answer = await makeApp({ ...context(), ask }).request(`${base}/api/v1/machines`)
    expect(answer.status).toBe(500)
    expect(await answer.text()).not.toContain('secret path')
  })
})

describe('startServer', () => {
  it('takes the next free port, and refuses when only a taken one is left', async () => {
    const other = createServer()
    other.listen(0, '127.0.0.1')
    await once(other, 'listening')
    const address = other.address()
    const taken = typeof address === 'object' && address !== null ? address.port : 0
    await expect(startServer({ ...context(), ports: { first: taken, tries: 1 } })).rejects.toMatchObject({
      code: 'usage.port',
    })
    const server = await startServer({ ...context(), ports: { first: taken, tries: 20 } })
    try {
      expect(server.port).not.toBe(taken)
      expect((await fetch(`${server.url}api/v1/machines`)).status).toBe(200)
    } finally {
      await server.close()
      other.close()
    }
  })
})
