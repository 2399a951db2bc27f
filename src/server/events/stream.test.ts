import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readEvents } from '../../../test/server/filled-server.ts'
import type { ReadEvent } from '../../../test/server/filled-server.ts'
import type { SyncedArchive, TestSource } from '../../../test/sync/synced-archive.ts'
import { makeArchive, makeSource } from '../../../test/sync/synced-archive.ts'
import { openArchiveToRead } from '../../store/index.ts'
import type { RunningServer } from '../start.ts'
import { startServer } from '../start.ts'
import type { EventHub } from './hub.ts'
import { makeEventHub } from './hub.ts'
import { watchArchive } from './watch-archive.ts'

let archive: SyncedArchive
let lab: TestSource
let hub: EventHub
let server: RunningServer
let close: () => void

beforeEach(async () => {
  archive = await makeArchive()
  lab = makeSource({ name: 'lab' })
  lab.bucket.put(key, line(1))
  await archive.sync([lab])
  // Asked through a connection of its own, as a server of another process would.
  const reading = await openArchiveToRead({ url: `file:${archive.folder}/archive.db`, token: null })
  if (reading === null) throw new Error('there is no archive')
  hub = makeEventHub(50)
  const problems: unknown[] = []
  const stop = watchArchive(reading.driver, hub, (error) => problems.push(error))
  const context = { ask: reading.driver, timezone: 'UTC', now: () => Date.UTC(2026, 7, 1), events: hub }
  server = await startServer({ ...context, ports: { first: 0, tries: 1 } })
  close = () => {
    stop()
    reading.close()
    archive.close()
    expect(problems).toEqual([])
  }
})
afterEach(async () => {
  await server.close()
  close()
})

const key = 'gpu/raw/claude/projects/app/0f3a1c2d-1111-4222-8333-123456789abc.jsonl'
const line = (turn: number): string =>
  `${JSON.stringify({
    type: 'user',
    uuid: `u${turn}`,
    timestamp: `2026-08-01T10:00:0${turn}.000Z`,
    message: { role: 'user', content: `turn ${turn}` },
  })}\n`

async function connect(headers: Readonly<Record<string, string>> = {}) {
  const leave = new AbortController()
  const answer = await fetch(`${server.url}api/v1/events`, { headers, signal: leave.signal })
  const { body } = answer
  if (body === null) throw new Error('no stream')
  return { answer, body, leave: () => leave.abort() }
}
const until = async (body: ReadableStream<Uint8Array>, name: string, count = 1): Promise<readonly ReadEvent[]> => {
  let left = count
  return await readEvents(body, (event) => event.name === name && (left -= 1) === 0)
}

async function grow(): Promise<void> {
  lab.bucket.append(key, line(2) + line(3))
  await archive.sync([lab], { now: () => Date.UTC(2026, 7, 1) + 1000 })
}

async function addAnother(): Promise<void> {
  lab.bucket.put(key.replace('/app/0f', '/app/1f'), line(1))
  await archive.sync([lab], { now: () => Date.UTC(2026, 7, 1) + 2000 })
}

describe('the stream of events', () => {
  it('begins with hello, is packed by nobody and kept by nobody', async () => {
    const { answer, body } = await connect({ 'accept-encoding': 'gzip, br' })
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(answer.headers.get('cache-control')).toContain('no-cache')
    expect(await until(body, 'hello')).toMatchObject([{ id: null, data: { kind: 'hello', isSyncing: false } }])
  })

  it('tells of messages that another program commits, by session', async () => {
    const { body } = await connect()
    let isBegun = false
    let sessions = 0
    // Each commit follows the news of the one before; the first follows the first look.
    const told = await readEvents(body, ({ name }) => {
      if (name === 'archive' && !isBegun) void grow()
      isBegun ||= name === 'archive'
      if (name !== 'session') return false
      sessions += 1
      if (sessions === 1) void addAnother()
      return sessions === 2
    })
    expect(told.filter(({ name }) => name === 'session').map(({ data }) => data)).toEqual([
      {
        kind: 'session-changed',
        id: 'gpu~0f3a1c2d-1111-4222-8333-123456789abc',
        isNew: false,
        messageCount: 3,
        addedMessages: 2,
        endedAt: '2026-08-01T10:00:03.000Z',
      },
      expect.objectContaining({ id: 'gpu~1f3a1c2d-1111-4222-8333-123456789abc', isNew: true, addedMessages: 1 }),
    ])
  })

  it('resumes where a reader left, over a new connection', async () => {
    const first = await connect()
    let seen = 0
    const told = await readEvents(first.body, ({ name }) => {
      if (name === 'hello') for (const remote of ['a', 'b']) hub.publish('sync', { kind: 'remote-started', remote })
      return name === 'sync' && (seen += 1) === 2
    })
    const last = told.at(-1)?.id ?? ''
    first.leave()
    hub.publish('sync', { kind: 'remote-started', remote: 'c' })
    hub.publish('sync', { kind: 'remote-started', remote: 'd' })
    const second = await connect({ 'last-event-id': last })
    const remotes = (await until(second.body, 'sync', 2)).flatMap(({ data }) => ('remote' in data ? [data.remote] : []))
    expect(remotes).toEqual(['c', 'd'])
    const stranger = await connect({ 'last-event-id': 'other-7' })
    expect((await until(stranger.body, 'reset')).at(-1)).toMatchObject({ id: null, data: { kind: 'reset' } })
  })

  it('is not there for a page of another site', async () => {
    expect((await fetch(`${server.url}api/v1/events`, { headers: { origin: 'http://evil.example' } })).status).toBe(403)
  })
})
