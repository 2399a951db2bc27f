import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { FilledServer } from '../../test/server/filled-server.ts'
import { makeFilledServer } from '../../test/server/filled-server.ts'
import { AgentsviewError } from '../base/index.ts'
import type { LineImage, ReadObject, ServerContext } from './context.ts'

const png = Buffer.from('\x89PNG\r\n\x1a\nrest', 'latin1')
const gif = Buffer.from('GIF89arest', 'latin1')
const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

/** A "format" whose lines are JSON lists of pictures. */
const agents = [
  {
    id: 'claude',
    name: 'Claude Code',
    resumeCommand: () => null,
    imagesIn: (line: Uint8Array) => JSON.parse(new TextDecoder().decode(line)) as readonly LineImage[],
  },
]

let lines: Record<number, readonly LineImage[]> = {}
let reads: number[] = []
const readObject: ReadObject = async (_object, from) => {
  reads.push(from)
  return { bytes: new TextEncoder().encode(JSON.stringify(lines[from] ?? [])), isCut: false, hasGrown: false }
}
const image = (bytes: Uint8Array, callId: string | null = null): LineImage => ({ callId, base64: base64(bytes) })

describe('pictures of a transcript', () => {
  let server: FilledServer
  const open = async (changes: Partial<ServerContext> = {}): Promise<void> => {
    server = await makeFilledServer({ agents, readObject: (...asked) => readObject(...asked), ...changes })
    const { sessionId } = await server.archive.add({
      nativeId: 'shots',
      messages: [{ role: 'user', text: 'look\n[image]\n[image]' }, { text: 'reading' }],
    })
    const place = { session_id: sessionId, part: 0 }
    await server.archive.insert('tool_calls', {
      ...place,
      offset: 100,
      idx: 0,
      call_id: 'c1',
      name: 'Read',
      input: '{}',
    })
    await server.archive.insert('tool_results', { ...place, offset: 250, call_id: 'c1', text: '[image]' })
  }
  beforeEach(() => {
    lines = { 0: [image(png), image(gif)], 100: [], 250: [image(png, 'other'), image(gif, 'c1')] }
    reads = []
  })
  afterEach(() => server.close())
  const get = async (path: string, headers = {}) => await server.get(`/api/v1/sessions/shots/messages/${path}`, headers)

  it('come as what their bytes say, and can do nothing', async () => {
    await open()
    const answer = await get('0/images/0')
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(png)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-cache',
    })
    expect((await get('0/images/1')).headers.get('content-type')).toBe('image/gif')
    // Both stand in one line, which is read once.
    expect(reads).toEqual([0])
  })

  it('are not sent twice', async () => {
    await open()
    const etag = (await get('0/images/0')).headers.get('etag') ?? ''
    const again = await get('0/images/0', { 'if-none-match': etag })
    expect([again.status, await again.text()]).toEqual([304, ''])
    expect((await get('0/images/1', { 'if-none-match': etag })).status).toBe(200)
  })

  it('of a result are those of its call', async () => {
    await open()
    const answer = await get('1/images/0?call=c1')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(gif)
    expect((await get('1/images/1?call=c1')).status).toBe(404)
    expect((await get('1/images/0?call=c9')).status).toBe(404)
  })

  it('of a message are none of those of results', async () => {
    lines = { 100: [image(png, 'c1')] }
    await open()
    expect((await get('1/images/0')).status).toBe(404)
    expect((await get('1/images/0?call=c1')).status).toBe(200)
  })

  it.each(['<svg onload=alert(1)>', '<script>alert(1)</script>', ''])(
    'are not shown when they are %j',
    async (text) => {
      lines = { 0: [image(Buffer.from(text))] }
      await open()
      const answer = await get('0/images/0')
      expect(answer.status).toBe(404)
      expect(answer.headers.get('content-type')).toContain('application/json')
      expect(await answer.json()).toMatchObject({ error: { code: 'not-found.image' } })
    },
  )

  it('say why they cannot be shown', async () => {
    lines = { 0: [{ callId: null, base64: null }] }
    await open()
    const why = async (path: string) =>
      (await (await get(path)).json()) as { readonly error: { readonly code: string } }
    expect(await why('0/images/0')).toMatchObject({ error: { code: 'not-found.image', message: /only names/ } })
    expect(await why('0/images/5')).toMatchObject({ error: { code: 'not-found.image' } })
    expect(await why('9/images/0')).toMatchObject({ error: { code: 'not-found.image' } })
    expect(await why('0/images/x')).toMatchObject({ error: { code: 'usage.option' } })
    expect(await why('0/images/-1')).toMatchObject({ error: { code: 'usage.option' } })
    server.close()
    await open({ readObject: undefined })
    expect(await why('0/images/0')).toMatchObject({ error: { code: 'not-found.source' } })
    server.close()
    await open({ readObject: async () => ({ bytes: new Uint8Array(9), isCut: true, hasGrown: false }) })
    expect(await why('0/images/0')).toMatchObject({ error: { code: 'limit.image' } })
  })

  it('are asked for again after a failure', async () => {
    let fails = true
    const gone = new AgentsviewError({ code: 'remote.refused.gone', message: 'gone', hint: 'wait' })
    const unsteady: ReadObject = async (...asked) => {
      if (fails) throw gone
      return await readObject(...asked)
    }
    await open({ readObject: unsteady })
    expect((await get('0/images/0')).status).toBe(410)
    fails = false
    expect((await get('0/images/0')).status).toBe(200)
  })
})
