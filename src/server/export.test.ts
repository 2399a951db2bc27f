import { afterEach, describe, expect, it } from 'vitest'

import type { FilledServer } from '../../test/server/filled-server.ts'
import { makeFilledServer, rootId } from '../../test/server/filled-server.ts'
import { AgentsviewError } from '../base/index.ts'
import type { ServerContext } from './context.ts'

describe('sessions as a file', () => {
  let server: FilledServer
  const open = async (changes: Partial<ServerContext> = {}): Promise<void> => {
    server = await makeFilledServer(changes)
  }
  afterEach(() => server.close())
  const get = async (query: string, headers = {}) => await server.get(`/api/v1/export?${query}`, headers)
  const id = `id=${encodeURIComponent(rootId)}`

  it('come in each form under a name of their own, to be saved and not shown', async () => {
    await open()
    for (const [form, type] of [
      ['md', 'text/markdown'],
      ['html', 'text/html'],
      ['json', 'application/json'],
    ] as const) {
      const answer = await get(`${id}&as=${form}`, { 'accept-encoding': 'gzip' })
      expect(answer.status).toBe(200)
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': expect.stringContaining(type),
        'content-disposition': `attachment; filename="${rootId}.${form}"`,
        'content-security-policy': expect.stringContaining('sandbox'),
        'cache-control': 'no-store',
      })
      // Made and sent piece by piece: nothing holds all of it.
      expect(answer.headers.get('content-encoding')).toBeNull()
      expect(await answer.text()).toContain('please fix the needle')
    }
  })

  it('hold as many as are asked for', async () => {
    await open()
    const answer = await get(`${id}&id=laptop~codex:0f3a1c2d-2222&as=json`)
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="2-sessions.json"')
    expect(((await answer.json()) as { sessions: readonly object[] }).sessions).toMatchObject([
      { session: { id: rootId } },
      { session: { agent: 'codex' } },
    ])
  })

  it('are the object itself as raw, as long as it is', async () => {
    const chunks = ['{"a":1}\n', '{"b":2}\n'].map((text) => new TextEncoder().encode(text))
    const openObject: ServerContext['openObject'] = async (object) => {
      expect(object.key).toContain('gpu/raw/claude')
      return {
        size: 16,
        chunks: (async function* () {
          yield* chunks
        })(),
      }
    }
    await open({ openObject })
    const answer = await get(`${id}&as=raw`)
    expect(answer.headers.get('content-length')).toBe('16')
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${rootId}.jsonl"`)
    expect(await answer.text()).toBe('{"a":1}\n{"b":2}\n')
    expect((await get(`${id}&id=laptop~codex:0f3a1c2d-2222&as=raw`)).status).toBe(400)
  })

  it('break off where the object does', async () => {
    const openObject: ServerContext['openObject'] = async () => ({
      size: 100,
      chunks: (async function* () {
        yield new Uint8Array(10)
        throw new AgentsviewError({ code: 'remote.unreachable.short', message: 'cut', hint: 'again' })
      })(),
    })
    await open({ openObject })
    await expect((await get(`${id}&as=raw`)).arrayBuffer()).rejects.toThrow()
  })

  it('say why there is none', async () => {
    const gone = new AgentsviewError({ code: 'remote.refused.gone', message: 'gone', hint: 'wait' })
    await open({ openObject: () => Promise.reject(gone) })
    const status = async (query: string) => (await get(query)).status
    expect(await status(`${id}&as=raw`)).toBe(410)
    expect(await status('')).toBe(400)
    expect(await status('id=none')).toBe(404)
    expect(await status(`${id}&as=pdf`)).toBe(400)
    expect(await status(Array.from({ length: 101 }, (_, at) => `id=${at}`).join('&'))).toBe(400)
    expect((await get(id, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    server.close()
    await open()
    expect(await (await get(`${id}&as=raw`)).json()).toMatchObject({ error: { code: 'not-found.source' } })
  })
})
