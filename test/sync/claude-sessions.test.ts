import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { findSession, listSessions, noFilters, sessionDetail, sessionMessages } from '../../src/query/index.ts'
import type { Transcript } from '../../src/query/index.ts'
import { assistant, call, folder, log, queued, result, talk, user } from '../agents/claude-log.ts'
import { differences } from './dump.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

let archive: SyncedArchive
let source: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  source = makeSource()
})
afterEach(() => archive.close())

const keyOf = (path: string, machine = 'laptop'): string => `${machine}/raw/claude/projects/${folder}/${path}`

async function put(objects: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [path, bytes] of Object.entries(objects)) source.bucket.put(keyOf(path), bytes)
  const { remotes } = await archive.sync([source])
  expect(remotes.map(({ error }) => error)).toEqual([null])
}

async function transcript(id: string): Promise<Transcript> {
  const ask = archive.archive.driver
  return await sessionMessages(ask, await findSession(ask, id), { limit: 0, cursor: null })
}

async function texts(id: string): Promise<readonly string[]> {
  return (await transcript(id)).messages.map(({ text }) => text)
}

async function listed() {
  const options = { filters: noFilters, hasChildren: true, hasCopies: false, hasEmpty: false, limit: 0, cursor: null }
  const { sessions } = await listSessions(archive.archive.driver, options)
  return sessions.toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** Sessions and their output tokens: what each is charged. */
async function charged(): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await listed()).map(({ id, outputTokens }) => [id, outputTokens]))
}

/** Syncs growing prefixes of objects, then holds the archive against one that saw everything at once. */
async function grow(objects: Readonly<Record<string, string>>, cuts: readonly (readonly number[])[]): Promise<void> {
  for (const parts of cuts) {
    for (const [at, [path, text]] of Object.entries(objects).entries()) {
      const share = parts[at % parts.length] ?? 1
      const bytes = Buffer.from(text).subarray(0, Math.floor(Buffer.byteLength(text) * share))
      if (bytes.length > 0) source.bucket.put(keyOf(path), bytes)
    }
    await archive.sync([source])
  }
  await put(objects)
  expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
}

describe('case 20: an edited prompt', () => {
  const retry = log(
    talk('', 1, null, 0),
    talk('old', 3, 'a1', 10),
    user('said meanwhile', { id: 'n1', parent: 'a1', at: 30 }),
    assistant('goes on', { id: 'n2', parent: 'n1', at: 31 }),
  )
  const fork = log(
    talk('', 1, null, 0),
    talk('main', 4, 'a1', 10),
    user('another way', { id: 'n1', parent: 'a1', at: 30 }),
    assistant('found', { id: 'n2', parent: 'n1', at: 31 }),
  )

  it('hides a first try of three prompts and goes on with the last child, in one session', async () => {
    await put({ 's1.jsonl': retry })
    expect(await texts('s1')).toEqual(['prompt p1', 'answer a1', 'said meanwhile', 'goes on'])
    const sessions = await listed()
    expect(sessions.map(({ id, userMessageCount }) => [id, userMessageCount])).toEqual([['laptop~s1', 2]])
  })

  it('still charges the hidden try', async () => {
    await put({ 's1.jsonl': retry })
    expect(await charged()).toEqual({ 'laptop~s1': 5 * 5 })
  })

  it('keeps a first child of four prompts and makes the other a session of its own', async () => {
    await put({ 's1.jsonl': fork })
    expect(await texts('s1')).toHaveLength(2 + 8)
    expect(await texts('s1-n1')).toEqual(['another way', 'found'])
    const [main, split] = await listed()
    expect(main).toMatchObject({ id: 'laptop~s1', relationship: null, userMessageCount: 5 })
    expect(split).toMatchObject({
      id: 'laptop~s1-n1',
      parentId: 'laptop~s1',
      relationship: 'fork',
      project: 'app',
      startedAt: '2026-03-04T10:00:30.000Z',
      endedAt: '2026-03-04T10:00:31.000Z',
      userMessageCount: 1,
      title: 'another way',
    })
    expect(await charged()).toEqual({ 'laptop~s1': 25, 'laptop~s1-n1': 5 })
  })

  it('counts a new fork among the sessions added', async () => {
    source.bucket.put(keyOf('s1.jsonl'), fork)
    const { totals } = await archive.sync([source])
    expect(totals.sessions.added).toBe(2)
  })

  it('turns a try into a conversation when its fourth prompt arrives, and finds its calls and results there', async () => {
    const calls = [
      user('look', { id: 'n1', parent: 'a1', at: 30 }),
      assistant([call('t1')], { id: 'n2', parent: 'n1', at: 31 }),
      user([result('t1', 'seen')], { id: 'n3', parent: 'n2', at: 32 }),
    ]
    const start = log(talk('', 1, null, 0), talk('main', 3, 'a1', 10), calls)
    await put({ 's1.jsonl': start })
    expect(await texts('s1')).toEqual(['prompt p1', 'answer a1', 'look', ''])
    await put({ 's1.jsonl': start + log(user('fourth', { id: 'n4', parent: 'maina3', at: 40 })) })
    expect(await texts('s1')).toHaveLength(2 + 6 + 1)
    expect(await texts('s1-n1')).toEqual(['look', ''])
    expect((await transcript('s1-n1')).messages[1]?.toolCalls[0]).toMatchObject({ id: 't1', result: 'seen' })
    expect(await charged()).toEqual({ 'laptop~s1': 20, 'laptop~s1-n1': 5 })
  })

  it('gives the fork back when the log turns out to be no tree', async () => {
    await put({ 's1.jsonl': fork })
    await put({ 's1.jsonl': fork + log(user('elsewhere', { id: 'z', parent: 'attachment-1', at: 50 })) })
    expect((await listed()).map(({ id }) => id)).toEqual(['laptop~s1'])
    expect(await texts('s1')).toHaveLength(13)
    expect(await charged()).toEqual({ 'laptop~s1': 30 })
  })

  it('takes a re-written log as it is now', async () => {
    await put({ 's1.jsonl': fork })
    await put({ 's1.jsonl': retry })
    expect((await listed()).map(({ id }) => id)).toEqual(['laptop~s1'])
    await put({ 's1.jsonl': fork })
    expect(await charged()).toEqual({ 'laptop~s1': 25, 'laptop~s1-n1': 5 })
  })

  it('ends the same however the log grew', async () => {
    const deep = log(
      talk('', 1, null, 0),
      talk('m', 5, 'a1', 10),
      talk('f', 5, 'a1', 30),
      talk('g', 2, 'fa1', 50),
      talk('r', 1, 'ma1', 60),
      queued('typed while waiting', 33),
      talk('h', 4, 'ga2', 70),
      talk('i', 1, 'ga2', 90),
    )
    const shares = fc.array(
      fc.double({ min: 0, max: 1, noNaN: true }).map((share) => [share]),
      {
        minLength: 1,
        maxLength: 3,
      },
    )
    await fc.assert(
      fc.asyncProperty(shares, async (cuts) => {
        archive.close()
        archive = await makeArchive()
        source = makeSource()
        await grow(
          { 's1.jsonl': deep },
          cuts.toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0)),
        )
      }),
      { numRuns: 20 },
    )
    expect((await listed()).map(({ id, parentId }) => [id, parentId])).toEqual([
      ['laptop~s1', null],
      ['laptop~s1-fp1', 'laptop~s1'],
      ['laptop~s1-gp1', 'laptop~s1-fp1'],
      ['laptop~s1-ip1', 'laptop~s1-gp1'],
      ['laptop~s1-rp1', 'laptop~s1'],
    ])
    expect(await texts('s1')).toContain('typed while waiting')
  })

  it('is one fork where the same log stands in two places', async () => {
    source.bucket.put(keyOf('s1.jsonl'), fork)
    source.bucket.put(`backup/${keyOf('s1.jsonl')}`, fork + log(user('more', { id: 'n3', parent: 'n2', at: 60 })))
    await archive.sync([source])
    expect(await texts('s1-n1')).toEqual(['another way', 'found', 'more'])
    expect(await charged()).toEqual({ 'laptop~s1': 25, 'laptop~s1-n1': 5 })
    expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  })
})

describe('case 21: an entry whose parent is no message', () => {
  it('leaves all messages in file order', async () => {
    const attachment = JSON.stringify({ type: 'attachment', uuid: 'x1', parentUuid: 'a1', attachment: { type: 'x' } })
    await put({
      's1.jsonl': log(
        talk('', 1, null, 0),
        attachment,
        user('by way of an attachment', { id: 'n1', parent: 'x1' }),
        user('an edit', { id: 'n2', parent: 'a1' }),
      ),
    })
    expect(await texts('s1')).toEqual(['prompt p1', 'answer a1', 'by way of an attachment', 'an edit'])
  })
})

describe('a background session', () => {
  const bg = { sessionKind: 'bg' }
  const first = talk('', 3, null, 0)
  const own = [
    user('go on alone', { id: 'b1', parent: 'a3', at: 40, more: bg }),
    assistant('done alone', { id: 'b2', parent: 'b1', at: 41, more: bg }),
  ]
  const objects = { 'one.jsonl': log(first, talk('later', 1, 'a3', 60)), 'two.jsonl': log(first, own) }

  it('shows only what is its own, under the session it left, and costs only that', async () => {
    await put(objects)
    expect(await texts('two')).toEqual(['go on alone', 'done alone'])
    const two = (await listed()).find(({ id }) => id === 'laptop~two')
    expect(two).toMatchObject({ parentId: 'laptop~one', relationship: 'continuation', messageCount: 2 })
    expect(await charged()).toEqual({ 'laptop~one': 20, 'laptop~two': 5 })
  })

  it('ends the same for any order of arrival and growth', async () => {
    const all = {
      ...objects,
      'three.jsonl': log(first, own, user('still alone', { id: 'c1', parent: 'b2', at: 70, more: bg })),
      'four.jsonl': log(first, user('', { id: 'b9', parent: 'a3', more: bg })),
    }
    const order = fc.tuple(
      fc.shuffledSubarray(Object.entries(all), { minLength: 4 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
    )
    await fc.assert(
      fc.asyncProperty(order, async ([entries, shares]) => {
        archive.close()
        archive = await makeArchive()
        source = makeSource()
        await grow(Object.fromEntries(entries), [shares])
      }),
      { numRuns: 15 },
    )
  })

  it('is left out when it has nothing of its own', async () => {
    await put({ 'one.jsonl': objects['one.jsonl'], 'two.jsonl': log(first, user('', { id: 'b1', more: bg })) })
    expect((await listed()).map(({ id }) => id)).toEqual(['laptop~one'])
  })

  it('of two with the same messages is the one with the larger id', async () => {
    const twin = log(first.map((text) => text.replace('"version"', '"sessionKind":"bg","version"')))
    await put({ 'aa.jsonl': twin, 'bb.jsonl': twin })
    expect((await listed()).map(({ id }) => id)).toEqual(['laptop~aa'])
  })

  it('is kept whole when its own messages hang off several places of the copy', async () => {
    const second = user('and from here', { id: 'b3', parent: 'a1', at: 50, more: bg })
    const odd = user('by way of an attachment', { id: 'b4', parent: 'x', at: 51, more: bg })
    await put({ ...objects, 'two.jsonl': log(first, own, second, odd) })
    expect(await texts('two')).toHaveLength(10)
    // Every response is still charged once.
    expect(Object.values(await charged()).reduce((sum, tokens) => sum + tokens, 0)).toBe(25)
  })

  it('on another machine or in another folder is a session like any other', async () => {
    source.bucket.put(keyOf('two.jsonl', 'desktop'), objects['two.jsonl'])
    await put({ 'one.jsonl': objects['one.jsonl'] })
    expect(await texts('two')).toHaveLength(8)
  })

  it('is shown whole again when the session it left is re-written', async () => {
    await put(objects)
    await put({ 'one.jsonl': log(talk('new', 1, null, 0)) })
    expect(await texts('two')).toHaveLength(8)
    expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
  })
})

describe('case 15: a resumed session', () => {
  it('shows its copied messages, and is charged for its own only', async () => {
    const forkedFrom = { more: { sessionId: 'two', forkedFrom: { sessionId: 'one', messageUuid: 'a2' } } }
    const copied = talk('', 2, null, 0).map((text) => text.replaceAll('"s1"', '"two"'))
    await put({
      'one.jsonl': log(talk('', 2, null, 0)),
      'two.jsonl': log(copied, user('next', { id: 'n1', parent: 'a2', at: 50, ...forkedFrom }), [
        assistant('well', { id: 'n2', parent: 'n1', at: 51, ...forkedFrom }),
      ]),
    })
    expect(await texts('two')).toHaveLength(6)
    expect(await charged()).toEqual({ 'laptop~one': 10, 'laptop~two': 5 })
    const two = (await listed()).find(({ id }) => id === 'laptop~two')
    expect(two).toMatchObject({ parentId: 'laptop~one', relationship: 'continuation' })
  })
})

describe('case 28: a prompt typed while a tool ran', () => {
  it('stands where its time puts it, and counts', async () => {
    await put({
      's1.jsonl': log(
        user('first', { id: 'u1', at: 3 }),
        assistant('at four', { id: 'a1', parent: 'u1', at: 4 }),
        assistant('at six', { id: 'a2', parent: 'a1', at: 6 }),
        queued('at five', 5),
        queued('at four too', 4),
        queued('at no time'),
      ),
    })
    expect(await texts('s1')).toEqual(['first', 'at four', 'at four too', 'at five', 'at six', 'at no time'])
    const [session] = await listed()
    expect(session).toMatchObject({ userMessageCount: 4, messageCount: 6 })
  })
})

describe('case 31: an output too large for the log', () => {
  const told = (path: string) =>
    log(
      user('run', { id: 'u1', at: 1 }),
      assistant([call('t1')], { id: 'a1', parent: 'u1', at: 2 }),
      user([result('t1', 'preview')], {
        id: 'u2',
        parent: 'a1',
        at: 3,
        more: { toolUseResult: { persistedOutputPath: path } },
      }),
    )
  const home = 'C:\\Users\\a\\.claude\\projects\\-x\\s1\\tool-results\\t.txt'
  const shown = async (id = 's1') => (await transcript(id)).messages[1]?.toolCalls[0]?.result
  const whole = 'line one\r\nline two: π €\nno end of line'

  it('is shown whole, byte for byte', async () => {
    await put({ 's1.jsonl': told(home), 's1/tool-results/t.txt': whole })
    expect(await shown()).toBe(whole)
  })

  it('is found whichever of the two comes first, and follows the file when only that changes', async () => {
    await put({ 's1/tool-results/t.txt': whole })
    await put({ 's1.jsonl': told(home) })
    expect(await shown()).toBe(whole)
    await put({ 's1/tool-results/t.txt': 'rewritten' })
    expect(await shown()).toBe('rewritten')
    await put({ 's1/tool-results/t.txt': 'rewritten and grown €' })
    expect(await shown()).toBe('rewritten and grown €')
  })

  it('is the preview when the file is missing, or the path leads anywhere else', async () => {
    source.bucket.put(keyOf('s2/tool-results/t.txt'), 'of another session')
    source.bucket.put(keyOf('s1/tool-results/t.txt', 'desktop'), 'of another machine')
    for (const path of [
      home,
      '/data/s2/tool-results/t.txt',
      '/w/s1/tool-results/../../s2.jsonl',
      'tool-results/t.txt',
    ]) {
      await put({ 's1.jsonl': told(path) })
      expect(await shown(), path).toBe('preview')
    }
  })

  it('is looked for in the own folder, whatever session the path names', async () => {
    await put({
      's1.jsonl': told('/home/a/.claude/projects/-x/s2/tool-results/t.txt'),
      's1/tool-results/t.txt': 'mine',
      's2/tool-results/t.txt': 'theirs',
    })
    expect(await shown()).toBe('mine')
  })

  it('is fetched again when it could not be', async () => {
    source.bucket.put(keyOf('s1.jsonl'), told(home))
    source.bucket.put(keyOf('s1/tool-results/t.txt'), whole)
    source.bucket.hooks.onChunk = (key) => {
      if (key.endsWith('t.txt')) source.bucket.delete(key)
      if (key.endsWith('t.txt')) throw new Error('503')
    }
    await expect(archive.sync([source])).rejects.toThrow('503')
    source.bucket.hooks.onChunk = undefined
    await put({ 's1.jsonl': told(home), 's1/tool-results/t.txt': whole })
    expect(await shown()).toBe(whole)
  })

  it('is cut after 16 MiB, and the rest is not fetched', async () => {
    const long = Buffer.alloc(40 * 2 ** 20, 'x')
    await put({ 's1.jsonl': told(home), 's1/tool-results/t.txt': long })
    const text = (await shown()) ?? ''
    expect(text.length).toBeLessThan(16 * 2 ** 20 + 100)
    expect(text.slice(-30)).toMatch(/x\n\[output cut after 16 MiB\]$/)
    expect(source.bucket.tally.bytesFetched).toBeLessThan(18 * 2 ** 20)
  })

  it('costs no request when nothing changed', async () => {
    await put({ 's1.jsonl': told(home), 's1/tool-results/t.txt': whole, 's1/tool-results/empty.txt': '' })
    await put({})
    expect(source.bucket.tally.get).toBe(0)
  })
})

describe('what is told beside a subagent', () => {
  const path = 's1/subagents/agent-z'
  const meta = JSON.stringify({ agentType: 'Explore', description: 'Look around', toolUseId: 't1' }, null, 2)
  const root = log(
    user('explore', { id: 'u1', at: 1 }),
    assistant([call('t1', 'Task', { description: 'x' })], { id: 'a1', parent: 'u1', at: 2 }),
  )

  it('labels it and links it to its call, in any order', async () => {
    const files = { [`${path}.meta.json`]: meta, 's1.jsonl': root, [`${path}.jsonl`]: log(talk('z', 1, null, 5)) }
    for (const [name, text] of Object.entries(files)) await put({ [name]: text })
    const ask = archive.archive.driver
    const detail = await sessionDetail(ask, await findSession(ask, 'agent-z'))
    expect(detail).toMatchObject({ agentLabel: 'Explore', title: 'Look around', parentId: 'laptop~s1' })
    expect((await transcript('s1')).messages[1]?.toolCalls[0]?.subagentId).toBe('laptop~agent-z')
    expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
    await put({ [`${path}.meta.json`]: '{"agentType":"Plan"}' })
    expect((await sessionDetail(ask, await findSession(ask, 'agent-z')))?.agentLabel).toBe('Plan')
  })

  it('is passed over when it is no JSON or too long to be meant', async () => {
    for (const bad of ['{"agentType":', '[]', JSON.stringify({ agentType: 'x'.repeat(70_000) })]) {
      await put({ [`${path}.meta.json`]: bad, [`${path}.jsonl`]: log(talk('z', 1, null, 5)) })
      const ask = archive.archive.driver
      expect((await sessionDetail(ask, await findSession(ask, 'agent-z')))?.agentLabel).toBeNull()
    }
  })
})

describe('case 24: a session of nothing but /usage', () => {
  it('is not listed unless asked for', async () => {
    await put({ 's1.jsonl': log(user('<command-name>/usage</command-name>', { id: 'u1' })) })
    expect(await listed()).toEqual([])
    const options = { filters: noFilters, hasChildren: true, hasCopies: false, hasEmpty: true, limit: 0, cursor: null }
    expect((await listSessions(archive.archive.driver, options)).total).toBe(1)
  })
})

it('all of these together end the same in any order, in any number of syncs, growing in between', async () => {
  const bg = { sessionKind: 'bg' }
  const edited = [...talk('', 1, null, 0), ...talk('m', 4, 'a1', 10), ...talk('f', 4, 'a1', 30)]
  const run = [
    user('run', { id: 'r1', parent: 'fa4', at: 50 }),
    assistant([call('t1'), call('t2', 'Task')], { id: 'r2', parent: 'r1', at: 51 }),
    user([result('t1', '<persisted-output>\nFull output saved to: /x/s1/tool-results/o.txt')], {
      id: 'r3',
      parent: 'r2',
      at: 52,
    }),
    queued('while it ran', 51),
  ]
  const objects = {
    [keyOf('s1.jsonl')]: log(edited, run, talk('e', 1, 'fa1', 60)),
    [`backup/${keyOf('s1.jsonl')}`]: log(edited),
    [keyOf('s1.jsonl', 'desktop')]: log(edited, run),
    [keyOf('bg.jsonl')]: log(edited, user('alone', { id: 'b1', parent: 'fa4', at: 70, more: bg })),
    [keyOf('bg2.jsonl')]: log(
      edited,
      [user('alone', { id: 'b1', parent: 'fa4', at: 70, more: bg })],
      talk('g', 1, 'b1', 71),
    ),
    [keyOf('s1/tool-results/o.txt')]: 'the whole output: π\r\nand more',
    [keyOf('s1/subagents/agent-q.jsonl')]: log(talk('q', 2, null, 53)),
    [keyOf('s1/subagents/agent-q.meta.json')]: JSON.stringify({ agentType: 'Explore', toolUseId: 't2' }),
  }
  const step = fc.record({
    key: fc.constantFrom(...Object.keys(objects)),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    isSynced: fc.boolean(),
  })
  const store = (key: string, share: number): void => {
    const bytes = Buffer.from(objects[key] ?? '')
    source.bucket.put(key, bytes.subarray(0, Math.ceil(bytes.length * share)))
  }
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 14 }),
      fc.shuffledSubarray(Object.keys(objects), { minLength: 8 }),
      async (steps, order) => {
        archive.close()
        archive = await makeArchive()
        source = makeSource()
        for (const { key, share, isSynced } of steps) {
          store(key, share)
          if (isSynced) await archive.sync([source])
        }
        for (const [at, key] of order.entries()) {
          store(key, 1)
          if (at % 3 === 0) await archive.sync([source])
        }
        await archive.sync([source])
        expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
      },
    ),
    { numRuns: 30 },
  )
  expect(await charged()).toMatchObject({ 'laptop~bg': 0, 'laptop~bg2': 5 })
})
