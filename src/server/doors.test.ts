import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { FilledServer } from '../../test/server/filled-server.ts'
import { base, makeFilledServer, rootId } from '../../test/server/filled-server.ts'
import { AgentsviewError, Secret } from '../base/index.ts'
import { noArchive } from '../query/index.ts'
import { makeApp } from './app.ts'
import type { ReadObject, ServerContext } from './context.ts'
import { readPageFiles } from './page-files.ts'
import { startServer } from './start.ts'

let server: FilledServer
const open = async (changes: Partial<ServerContext> = {}) => {
  server = await makeFilledServer(changes)
  return server
}
afterEach(() => server.close())

const token = 'correct-horse-battery-staple'
const withToken = { access: { token: new Secret(token), hosts: ['box.lan', '192.168.1.5'] } }

describe('a server with a token', () => {
  it('answers nobody without it, but for the way in', async () => {
    await open(withToken)
    for (const path of [
      '/',
      '/sessions/x',
      '/api/v1/sessions',
      '/api/v1/openapi.json',
      '/api/v1/nowhere',
      '/nowhere',
    ]) {
      const answer = await server.get(path)
      expect(answer.status, path).toBe(401)
      expect(await answer.text()).not.toMatch(/parser|gpu/)
    }
    expect((await server.get('/api/v1/sessions')).headers.get('www-authenticate')).toContain('Bearer')
    expect(await (await server.get('/api/v1/live')).json()).toMatchObject({ error: { code: 'usage.login' } })
    expect((await server.get('/login')).status).toBe(200)
    expect((await server.get('/style.css')).status).toBe(200)
    expect((await server.post('/api/v1/sync')).status).toBe(401)
  })

  it('takes it as a bearer token, or as the cookie that it gives for it once', async () => {
    await open(withToken)
    expect((await server.get('/api/v1/sessions', { authorization: `Bearer ${token}` })).status).toBe(200)
    const login = await server.get(`/login?token=${token}`)
    expect([login.status, login.headers.get('location')]).toEqual([303, '/'])
    const cookie = login.headers.get('set-cookie') ?? ''
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).not.toContain(token)
    const name = cookie.split(';')[0] ?? ''
    expect((await server.get('/api/v1/sessions', { cookie: name })).status).toBe(200)
    expect((await server.get('/api/v1/sessions', { cookie: `${name}x` })).status).toBe(401)
    expect((await server.get('/api/v1/sessions', { cookie: `agentsview=${token}` })).status).toBe(401)
  })

  it('takes it from the form of its page', async () => {
    await open(withToken)
    const app = makeApp({ ask: noArchive, timezone: 'UTC', now: () => 0, ...withToken })
    const send = async (given: string) =>
      await app.request(`${base}/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ token: given }).toString(),
      })
    expect((await send(token)).status).toBe(303)
    expect((await send('wrong')).status).toBe(401)
    expect((await send('x'.repeat(10_000))).status).toBe(413)
  })

  it('stops listening to wrong ones for a minute', async () => {
    let now = 0
    await open({ ...withToken, now: () => now })
    const attempt = async (given: string) =>
      (await server.get('/api/v1/about', { authorization: `Bearer ${given}` })).status
    for (let tries = 0; tries < 10; tries += 1) expect(await attempt(`wrong${tries}`)).toBe(401)
    expect(await attempt('wrong')).toBe(429)
    expect(await attempt(token)).toBe(429)
    expect((await server.get(`/login?token=${token}`)).status).toBe(429)
    now = 61_000
    expect(await attempt(token)).toBe(200)
  })

  it.each([
    [{ host: 'box.lan:8080' }, 200],
    [{ host: '192.168.1.5' }, 200],
    [{ host: '127.0.0.1:8080' }, 200],
    [{ host: 'evil.example' }, 403],
    [{ host: 'box.lan', origin: 'http://evil.example' }, 403],
    [{ host: 'box.lan', origin: 'https://box.lan' }, 200],
    [{ host: 'box.lan', 'sec-fetch-site': 'same-site' }, 403],
  ])('answers %o with %i even when it has the token', async (headers, status) => {
    await open(withToken)
    const answer = await server.get('/api/v1/facets', { ...headers, authorization: `Bearer ${token}` })
    expect(answer.status).toBe(status)
    expect([...answer.headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })

  it('is the only one that listens beyond this machine', async () => {
    await open()
    const context = { ask: noArchive, timezone: 'UTC', now: () => 0, ports: { first: 0, tries: 1 } }
    await expect(startServer({ ...context, host: '0.0.0.0' })).rejects.toMatchObject({ code: 'usage.host' })
    const running = await startServer({ ...context, host: '0.0.0.0', access: withToken.access })
    const answer = await fetch(`http://127.0.0.1:${running.port}/api/v1/about`)
    expect(answer.status).toBe(401)
    await running.close()
  })
})

describe('actions', () => {
  const sync = { intervalMs: null, isRunning: () => false, start: () => true }
  const testRemote = () => Promise.resolve([])

  it('are refused with a word unless they were allowed', async () => {
    await open({ sync, testRemote })
    for (const path of ['/sync', '/remotes/lab/test']) {
      const answer = await server.post(`/api/v1${path}`)
      expect(answer.status).toBe(403)
      expect(await answer.json()).toMatchObject({ error: { hint: expect.stringContaining('--allow-actions') } })
    }
  })

  it('begin a sync of the remotes that are named', async () => {
    const asked: unknown[] = []
    const start = (remotes: readonly string[] | null) => asked.push(remotes) === 1
    await open({ hasActions: true, sync: { ...sync, start } })
    expect(await (await server.post('/api/v1/sync', { remotes: ['lab', 7] })).json()).toMatchObject({ started: true })
    expect(await (await server.post('/api/v1/sync')).json()).toMatchObject({ started: false })
    expect(asked).toEqual([['lab'], null])
  })

  it('are not taken from another site, as a form, or in any length', async () => {
    await open({ hasActions: true, sync })
    const status = async (headers: Record<string, string>, body: unknown = {}) =>
      (await server.post('/api/v1/sync', body, headers)).status
    expect(await status({ origin: 'http://evil.example' })).toBe(403)
    expect(await status({ 'sec-fetch-site': 'same-site' })).toBe(403)
    expect(await status({ 'content-type': 'text/plain' })).toBe(400)
    expect(await status({}, 'x'.repeat(70_000))).toBe(413)
    expect(await status({}, ['no object'])).toBe(400)
    expect(await status({ origin: base })).toBe(200)
  })
})

describe('raw lines', () => {
  const log = 'first\n{"née":1}\nthird'
  const asked: unknown[] = []
  const readObject: ReadObject = async (object, from, wanted) => {
    asked.push([object.remote, object.key, from, wanted])
    const bytes = new TextEncoder().encode(log).subarray(from, from + wanted.most)
    const end = wanted.isLine ? bytes.indexOf(10) : -1
    return { bytes: end < 0 ? bytes : bytes.subarray(0, end), isCut: false, hasGrown: from > 6 }
  }
  const raw = async (query: string): Promise<unknown> =>
    await (await server.get(`/api/v1/sessions/${encodeURIComponent(rootId)}/raw?${query}`)).json()

  it('are read from where the archive says, to their end or as long as asked', async () => {
    await open({ readObject })
    expect(await raw('offset=6')).toMatchObject({
      bucket: 'team',
      offset: 6,
      length: 10,
      isCut: false,
      hasGrown: false,
      text: '{"née":1}',
    })
    expect(asked).toEqual([['lab', expect.stringContaining('gpu/raw/'), 6, { most: 2 ** 20, isLine: true }]])
    expect(await raw('offset=17')).toMatchObject({ text: 'third', isCut: false, hasGrown: true })
    expect(await raw('offset=0&length=9')).toMatchObject({ text: 'first\n{"n', length: 9 })
    expect(await raw('offset=999')).toMatchObject({ text: '', length: 0 })
    expect(await raw('offset=0&length=99999999')).toMatchObject({ length: 22 })
    expect(asked.at(-1)).toMatchObject([expect.anything(), expect.anything(), 0, { most: 2 ** 20, isLine: false }])
  })

  it('say so when a line is longer than an answer', async () => {
    await open({
      readObject: async (_object, _from, { most }) => ({
        bytes: new Uint8Array(most).fill(97),
        isCut: true,
        hasGrown: false,
      }),
    })
    expect(await raw('offset=0')).toMatchObject({ length: 2 ** 20, isCut: true })
  })

  it('tell why they cannot be read', async () => {
    const changed = new AgentsviewError({ code: 'remote.unreachable.changed', message: 'another one', hint: 'sync' })
    await open({ readObject: () => Promise.reject(changed) })
    const answer = await server.get(`/api/v1/sessions/${encodeURIComponent(rootId)}/raw`)
    expect([answer.status, await answer.json()]).toMatchObject([409, { error: { hint: 'sync' } }])
    server.close()
    await open()
    expect(await raw('')).toMatchObject({ error: { code: 'not-found.source' } })
  })
})

describe('answers that are known', () => {
  it('are not sent again until the archive changes or the day ends', async () => {
    let now = Date.UTC(2026, 7, 1, 12)
    await open({ now: () => now })
    const ask = async (path: string, etag = '') => await server.get(path, etag === '' ? {} : { 'if-none-match': etag })
    const first = await ask('/api/v1/sessions')
    const etag = first.headers.get('etag') ?? ''
    expect(etag).toMatch(/^W\/"/)
    expect(first.headers.get('cache-control')).toBe('private, no-cache')
    const again = await ask('/api/v1/sessions', etag)
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await ask('/api/v1/sessions?limit=1', etag)).status).toBe(200)
    now += 3_600_000
    expect((await ask('/api/v1/sessions', etag)).status).toBe(304)
    expect(
      (await ask('/api/v1/sessions?since=2h', (await ask('/api/v1/sessions?since=2h')).headers.get('etag') ?? ''))
        .status,
    ).toBe(304)
    await server.archive.add({ nativeId: 'new' })
    expect((await ask('/api/v1/sessions', etag)).status).toBe(200)
    const later = (await ask('/api/v1/sessions')).headers.get('etag') ?? ''
    now += 86_400_000
    expect((await ask('/api/v1/sessions', later)).status).toBe(200)
  })

  it('are never kept when they are failures or of the moment', async () => {
    await open()
    for (const path of ['/live', '/about']) expect((await server.get(`/api/v1${path}`)).headers.get('etag')).toBeNull()
    expect((await server.get('/api/v1/sessions/none')).headers.get('cache-control')).toBe('no-store')
  })
})

describe('packing', () => {
  it('makes long texts short for those who take it, and changes nothing in them', async () => {
    await open()
    const plain = await (await server.get('/api/v1/openapi.json')).text()
    const packed = async (encoding: string) => {
      const answer = await server.get('/api/v1/openapi.json', { 'accept-encoding': encoding })
      return { encoding: answer.headers.get('content-encoding'), bytes: Buffer.from(await answer.arrayBuffer()) }
    }
    const br = await packed('gzip, deflate, br')
    expect(br.encoding).toBe('br')
    expect(brotliDecompressSync(br.bytes).toString()).toBe(plain)
    const gzip = await packed('gzip;q=1.0, br;q=0')
    expect(gzip.encoding).toBe('gzip')
    expect(gunzipSync(gzip.bytes).toString()).toBe(plain)
    expect(br.bytes.length).toBeLessThan(plain.length / 4)
    expect((await packed('identity')).encoding).toBeNull()
    const short = await server.get('/api/v1/sessions/none', { 'accept-encoding': 'br' })
    expect([short.headers.get('content-encoding'), short.status]).toEqual([null, 404])
  })
})

describe('the built page', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'agentsview-page-'))
    mkdirSync(join(folder, 'web', 'assets'), { recursive: true })
    writeFileSync(join(folder, 'secret.txt'), 'secret')
    writeFileSync(join(folder, 'web', 'index.html'), '<!doctype html><script src="/assets/a-1.js"></script>')
    writeFileSync(join(folder, 'web', 'assets', 'a-1.js'), 'let a')
    writeFileSync(join(folder, 'web', 'notes.unknown'), 'x')
  })
  afterEach(() => rmSync(folder, { recursive: true, force: true }))
  const openPage = async () => await open({ page: (await readPageFiles(join(folder, 'web'))) ?? undefined })

  it('is drawn for the address of every page', async () => {
    await openPage()
    for (const path of ['/', '/sessions', '/s/gpu~a.b.c', '/search?q=x', '/analytics', '/s/laptop~codex:1.2']) {
      const answer = await server.get(path)
      expect([path, answer.status, answer.headers.get('cache-control')]).toEqual([path, 200, 'no-cache'])
      expect(await answer.text()).toContain('<script src=')
      const policy = answer.headers.get('content-security-policy') ?? ''
      expect(policy).toContain("script-src 'self'")
      expect(policy).not.toMatch(/unsafe|\*|http/)
    }
    expect((await server.get('/api/v1/sessions')).headers.get('content-type')).toContain('json')
    expect((await server.get('/api/v1/nowhere')).status).toBe(404)
  })

  it('sends hashed files for good, and says when the reader has one', async () => {
    await openPage()
    const answer = await server.get('/assets/a-1.js')
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect(answer.headers.get('content-type')).toContain('text/javascript')
    const etag = answer.headers.get('etag') ?? ''
    expect((await server.get('/assets/a-1.js', { 'if-none-match': etag })).status).toBe(304)
  })

  it.each([
    '/assets/none.js',
    '/none.css',
    '/notes.unknown.txt',
    '/../secret.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%5c..%5csecret.txt',
    '/%2e%2e/secret.txt',
    '//secret.txt',
  ])('gives nothing for %s', async (path) => {
    await openPage()
    const answer = await server.get(path)
    expect(answer.status).toBe(404)
    expect(await answer.text()).not.toContain('secret.txt<')
  })

  it('is the plain one while none is built', async () => {
    expect(await readPageFiles(join(folder, 'none'))).toBeNull()
    await open()
    expect(await (await server.get('/')).text()).toContain('Fix the parser')
  })
})
