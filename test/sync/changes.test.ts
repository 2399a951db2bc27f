import { gzipSync } from 'node:zlib'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { AgentsviewError } from '../../src/base/index.ts'
import type { SyncSummary } from '../../src/model/index.ts'
import { differences } from './dump.ts'
import { allObjects, longLog } from './fixture-objects.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource, sourceWith } from './synced-archive.ts'

const folder = 'prod/box/raw/claude/projects/-home-ann-app'
const long = longLog('long', 600, 3000)
const key = `${folder}/long.jsonl`
const other = `${folder}/other.jsonl`

let archive: SyncedArchive
let source: TestSource
beforeEach(async () => {
  archive = await makeArchive()
  source = makeSource()
})
afterEach(() => {
  archive.close()
})

const sync = (): Promise<SyncSummary> => archive.sync([source])

/** The archive tells what a new one over the same bucket tells. */
async function expectAsFresh(): Promise<void> {
  expect(differences(await archive.dump(), await freshDump([source]))).toEqual({})
}

/** What the second sync does after a bucket held `before` and then what `change` made of it. */
async function after(before: Uint8Array | string, change: () => void): Promise<SyncSummary> {
  source.bucket.put(key, before)
  source.bucket.put(other, longLog('other', 3, 10))
  expect((await sync()).ok).toBe(true)
  change()
  const summary = await sync()
  expect(summary.ok).toBe(true)
  return summary
}

/** Byte after the n-th line of the long log. */
function lineEnd(lines: number): number {
  let at = 0
  for (let line = 0; line < lines; line += 1) at = long.indexOf(10, at) + 1
  return at
}

const proofRoom = 64 * 1024

describe('an object that only grew', () => {
  const cuts = [
    { title: 'whole lines', before: lineEnd(800), to: lineEnd(820) },
    { title: 'in the middle of a line', before: lineEnd(800) + 700, to: lineEnd(810) + 33 },
    { title: 'by the newline that was missing', before: lineEnd(800) - 1, to: lineEnd(800) },
    { title: 'by a part of its only line', before: 40, to: lineEnd(0) + 60 },
    { title: 'from nothing', before: 0, to: lineEnd(3) },
    { title: 'from one byte to all', before: 1, to: long.length },
  ]
  for (const { title, before, to } of cuts) {
    it(`is read on: ${title}`, async () => {
      const grow = (): void => void source.bucket.put(key, long.subarray(0, to))
      const { totals } = await after(long.subarray(0, before), grow)
      expect(totals.objects).toMatchObject({ listed: 2, appended: 1, unchanged: 1, reread: 0 })
      expect(totals.requests.get).toBe(1)
      expect(totals.bytes.fetched).toBeLessThanOrEqual(to - before + proofRoom)
      await expectAsFresh()
    })
  }

  it('is read on many times, a few hundred bytes at a time', async () => {
    const end = lineEnd(24)
    for (let to = 0; to < end; to += 911) {
      source.bucket.put(key, long.subarray(0, to))
      expect((await sync()).ok).toBe(true)
    }
    source.bucket.put(key, long.subarray(0, end))
    await sync()
    await expectAsFresh()
  })

  it('gives the rows of every fixture, wherever it was cut', async () => {
    const objects = allObjects()
    for (const share of [0.21, 0.5, 0.93, 1]) {
      for (const [name, bytes] of objects) source.bucket.put(name, bytes.subarray(0, Math.floor(bytes.length * share)))
      expect((await sync()).totals.objects.failed).toBe(0)
      await expectAsFresh()
    }
    expect((await archive.dump()).messages.length).toBeGreaterThan(100)
  })

  it('costs little when a fifth of many objects grow', async () => {
    const names = Array.from({ length: 50 }, (_, at) => `${folder}/s${at}.jsonl`)
    for (const [at, name] of names.entries()) source.bucket.put(name, longLog(`s${at}`, 40, 2500))
    await sync()
    let appended = 0
    for (let at = 0; at < names.length; at += 5) {
      const more = longLog(`s${at}-more`, 2, 400)
      appended += more.length
      source.bucket.append(names[at] ?? '', more)
    }
    const { totals } = await sync()
    expect(totals.objects).toMatchObject({ appended: 10, unchanged: 40 })
    expect(totals.bytes.fetched).toBeLessThanOrEqual(1.1 * appended + proofRoom * 10)
    await expectAsFresh()
  })
})

describe('an object that was written anew', () => {
  const rewrites = [
    { title: 'shorter', bytes: long.subarray(0, lineEnd(500)) },
    { title: 'as nothing', bytes: Buffer.alloc(0) },
    {
      title: 'with the same length',
      bytes: Buffer.from(long.subarray(0, lineEnd(700)).toString().replaceAll('word', 'WORD')),
    },
    { title: 'with other lines, and longer', bytes: longLog('elsewhere', 500, 3000) },
    {
      title: 'with other bytes just before where reading ended, and longer',
      bytes: Buffer.from(long.subarray(0, lineEnd(900)).toString().replaceAll('word', 'WORD')),
    },
  ]
  for (const { title, bytes } of rewrites) {
    it(`is read from its start: ${title}`, async () => {
      const { totals } = await after(long.subarray(0, lineEnd(700)), () => void source.bucket.put(key, bytes))
      expect(totals.objects).toMatchObject({ reread: 1, unchanged: 1, appended: 0 })
      await expectAsFresh()
    })
  }

  it('under its packed name is read whole again', async () => {
    const packed = `${folder}/packed.jsonl.gz`
    source.bucket.put(packed, gzipSync(long.subarray(0, lineEnd(700))))
    await sync()
    source.bucket.put(packed, gzipSync(long))
    expect((await sync()).totals.objects).toMatchObject({ reread: 1, appended: 0 })
    await expectAsFresh()
    const unpacked = await makeArchive()
    const plain = makeSource()
    plain.bucket.put(`${folder}/packed.jsonl`, long)
    await unpacked.sync([plain])
    const strip = (rows: readonly string[]): readonly string[] => rows.map((row) => row.replace('.jsonl.gz', '.jsonl'))
    expect(strip((await archive.dump()).messages)).toEqual(strip((await unpacked.dump()).messages))
    unpacked.close()
  })

  it('by a newer parser keeps its old rows in sight until the new ones are whole', async () => {
    source.bucket.put(key, long)
    await sync()
    const truth = await archive.dump()
    await archive.archive.driver.run(
      `UPDATE objects SET agent_version = 0; UPDATE messages SET text = 'as the old parser said'`,
    )
    const old = await archive.dump()
    // Each part is committed at once, and the body breaks when most of it is written.
    let time = Date.UTC(2026, 7, 1)
    let parts = 0
    source.bucket.hooks.onChunk = (_key, at) => {
      if (at > long.length * 0.8)
        throw new AgentsviewError({ code: 'remote.unreachable.cut', message: 'cut', hint: 'again' })
    }
    const failed = await archive.sync([source], {
      now: () => (time += 3000),
      onEvent: (event) => (parts += Number(event.kind === 'batch-committed')),
    })
    source.bucket.hooks.onChunk = undefined
    expect(failed.ok).toBe(false)
    expect(parts).toBeGreaterThan(0)
    const between = await archive.dump()
    expect(differences({ ...between, objects: [] }, { ...old, objects: [] })).toEqual({})
    const again = await sync()
    expect(again.ok).toBe(true)
    expect(again.totals.bytes.fetched).toBeLessThan(long.length * 0.6)
    expect(differences(await archive.dump(), truth)).toEqual({})
  })

  it('is read from its start with --full, and tells the same', async () => {
    for (const [name, bytes] of allObjects()) source.bucket.put(name, bytes)
    await sync()
    const before = await archive.dump()
    const { totals } = await archive.sync([source], { wishes: { full: true } })
    expect(totals.objects).toMatchObject({ unchanged: 0, appended: 0 })
    expect(differences(await archive.dump(), before)).toEqual({})
  })
})

describe('an object that is as it was', () => {
  it('is not read again, and nothing is written but the account of the run', async () => {
    for (const [name, bytes] of allObjects()) source.bucket.put(name, bytes)
    await sync()
    const changes = async (): Promise<number> =>
      Number((await archive.archive.driver.all({ sql: 'SELECT total_changes()', args: [] }))[0]?.[0])
    const before = await changes()
    const dump = await archive.dump()
    const { totals } = await sync()
    expect(totals.requests).toEqual({ list: 1, get: 0, head: 0 })
    expect(totals.bytes.fetched).toBe(0)
    expect((await changes()) - before).toBe(1)
    expect(differences(await archive.dump(), dump)).toEqual({})
  })

  it('and was uploaded again is not read, and tells when it was pushed', async () => {
    const { totals } = await after(long, () => void source.bucket.put(key, long))
    expect(totals.requests.get).toBe(0)
    expect(totals.objects).toMatchObject({ unchanged: 2 })
    await expectAsFresh()
  })
})

describe('an object that went away', () => {
  it('is marked, its sessions stay, and its return costs nothing', async () => {
    const gone = await after(long, () => source.bucket.delete(key))
    expect(gone.totals.objects).toMatchObject({ listed: 1, gone: 1 })
    const left = await archive.dump()
    expect(left.objects.filter((row) => row.includes('"gone":1'))).toHaveLength(1)
    expect(left.messages.filter((row) => row.includes('"id":"long"'))).toHaveLength(1200)
    expect((await sync()).totals.objects.gone).toBe(0)
    source.bucket.put(key, long)
    const back = await sync()
    expect(back.totals.requests.get).toBe(0)
    await expectAsFresh()
  })

  it('and came back longer is read on', async () => {
    await after(long.subarray(0, lineEnd(600)), () => source.bucket.delete(key))
    source.bucket.put(key, long)
    expect((await sync()).totals.objects).toMatchObject({ appended: 1 })
    await expectAsFresh()
  })

  it('to another name is one session in two places, charged once', async () => {
    const moved = key.replace('prod/', 'archive/')
    const sums = async (): Promise<unknown> =>
      archive.archive.driver.all({
        sql: 'SELECT sum(tokens_cost), sum(input), sum(output), count(*) FROM usage WHERE counts = 1',
        args: [],
      })
    source.bucket.put(key, long)
    await sync()
    const before = await sums()
    source.bucket.delete(key)
    source.bucket.put(moved, long)
    await sync()
    expect(await sums()).toEqual(before)
    const { sessions } = await archive.dump()
    expect(sessions.map((row) => /"lead":\d,"places":\d/.exec(row)?.[0] ?? '').toSorted()).toEqual([
      '"lead":0,"places":2',
      '"lead":1,"places":2',
    ])
  })
})

describe('a remote that fails half-way', () => {
  const fault = (code: AgentsviewError['code'] = 'remote.unreachable.cut'): AgentsviewError =>
    new AgentsviewError({ code, message: 'the line broke', hint: 'run it again' })

  it('while listing marks nothing as gone, reads what it listed, and says so', async () => {
    source = makeSource({}, { pageSize: 2 })
    const names = ['a', 'b', 'c', 'd', 'e'].map((name) => `${folder}/${name}.jsonl`)
    for (const name of names) source.bucket.put(name, longLog(name.slice(-7, -6), 2, 10))
    await sync()
    source.bucket.append(names[0] ?? '', longLog('a2', 1, 10))
    source.bucket.delete(names[4] ?? '')
    source.bucket.hooks.onListPage = (page) => {
      if (page === 1) throw fault()
    }
    const broken = await sync()
    source.bucket.hooks.onListPage = undefined
    expect(broken.ok).toBe(false)
    expect(broken.remotes[0]?.error?.code).toBe('remote.unreachable.cut')
    expect(broken.totals.objects).toMatchObject({ appended: 1, gone: 0 })
    expect((await archive.dump()).objects.filter((row) => row.includes('"gone":1'))).toEqual([])
    expect((await sync()).totals.objects.gone).toBe(1)
  })

  it('while reading books the object, goes on with the others, and is whole the next time', async () => {
    source.bucket.put(key, long)
    source.bucket.put(other, longLog('other', 3, 10))
    source.bucket.hooks.onChunk = (name, at) => {
      if (name === key && at > 1_200_000) throw fault()
    }
    const broken = await sync()
    source.bucket.hooks.onChunk = undefined
    expect(broken.remotes[0]).toMatchObject({ ok: false, failures: [{ key }] })
    expect(broken.totals.objects).toMatchObject({ failed: 1, reread: 1 })
    expect((await archive.dump()).objects.filter((row) => row.includes('remote.unreachable.cut'))).toHaveLength(1)
    const whole = await sync()
    expect(whole.ok).toBe(true)
    expect(whole.totals.requests.get).toBe(1)
    await expectAsFresh()
  })

  it('before a new object gives a byte counts its session as new when it comes', async () => {
    source.bucket.put(key, long)
    source.bucket.hooks.onOpen = () => {
      throw fault()
    }
    expect((await sync()).totals.sessions).toEqual({ added: 0, updated: 0 })
    source.bucket.hooks.onOpen = undefined
    expect((await sync()).totals.sessions).toEqual({ added: 1, updated: 0 })
    await expectAsFresh()
  })

  it('by an object that changes between listing and reading looks it up and reads it at once', async () => {
    source.bucket.put(key, long.subarray(0, lineEnd(100)))
    await sync()
    source.bucket.put(key, long.subarray(0, lineEnd(200)))
    let changes = 0
    source.bucket.hooks.onOpen = (name) => {
      changes += 1
      // Grown, then grown half-way through, then another log altogether.
      if (changes === 1) source.bucket.put(name, long.subarray(0, lineEnd(300)))
      if (changes === 2) source.bucket.put(name, long.subarray(0, lineEnd(400)))
      if (changes === 3) source.bucket.put(name, longLog('quite-another', 300, 2000))
    }
    const meanwhile = await sync()
    expect(meanwhile).toMatchObject({ ok: true, remotes: [{ notices: [], objects: { failed: 0 } }] })
    expect(changes).toBeGreaterThan(3)
    source.bucket.hooks.onOpen = undefined
    await expectAsFresh()
  })

  it('by an object that changes again and again is left to the next sync, with a notice', async () => {
    source.bucket.put(key, long.subarray(0, lineEnd(100)))
    let changes = 0
    source.bucket.hooks.onOpen = (name) => {
      changes += 1
      source.bucket.put(name, long.subarray(0, lineEnd(100 + changes)))
    }
    const meanwhile = await sync()
    expect(meanwhile).toMatchObject({ ok: true, remotes: [{ notices: [{ code: 'object-changed', count: 1 }] }] })
    expect(changes).toBe(4)
    source.bucket.hooks.onOpen = undefined
    expect((await sync()).ok).toBe(true)
    await expectAsFresh()
  })

  it('by an object that vanishes while it is read marks it gone', async () => {
    source.bucket.put(key, long.subarray(0, lineEnd(100)))
    await sync()
    source.bucket.put(key, long.subarray(0, lineEnd(200)))
    source.bucket.hooks.onOpen = (name) => {
      source.bucket.put(name, 'another')
      source.bucket.delete(name)
    }
    expect(await sync()).toMatchObject({ ok: true, remotes: [{ objects: { gone: 1, failed: 0 } }] })
    const rows = await archive.archive.driver.all({ sql: 'SELECT count(gone_at) FROM objects', args: [] })
    expect(rows).toEqual([[1]])
  })

  it('by many objects at once keeps the archive whole', async () => {
    for (let at = 0; at < 60; at += 1) source.bucket.put(`${folder}/n${at}.jsonl`, longLog(`n${at}`, 2, 10))
    source.bucket.hooks.onOpen = (name) => {
      if (/[05]\.jsonl$/.test(name)) throw fault()
    }
    const broken = await sync()
    expect(broken.totals.objects).toMatchObject({ failed: 12, reread: 48 })
    source.bucket.hooks.onOpen = undefined
    expect((await sync()).ok).toBe(true)
    await expectAsFresh()
  })
})

describe('keys and objects of an odd kind', () => {
  it('are refused with a notice when they could be a path, and nothing of them is fetched', async () => {
    const hostile = [
      `${folder}/../up.jsonl`,
      `${folder}//empty.jsonl`,
      `${folder}/line\nbreak.jsonl`,
      `${folder}/back\\s.jsonl`,
    ]
    for (const name of hostile) source.bucket.put(name, longLog('x', 1, 1))
    source.bucket.put(other, longLog('other', 1, 1))
    source.bucket.put('prod/a~b/raw/claude/p/x.jsonl', longLog('x', 1, 1))
    const summary = await sync()
    expect(summary.ok).toBe(true)
    expect(summary.totals.objects).toMatchObject({ listed: 6, refused: 5, reread: 1 })
    expect(summary.totals.requests.get).toBe(1)
    expect((await archive.dump()).objects).toHaveLength(1)
  })

  it('give a session without messages when they are empty or hold an unfinished line alone', async () => {
    source.bucket.put(`${folder}/empty.jsonl`, '')
    source.bucket.put(`${folder}/begun.jsonl`, long.subarray(0, 50))
    source.bucket.put(`${folder}/`, '')
    const first = await sync()
    expect(first.totals.objects).toMatchObject({ listed: 3, reread: 2, failed: 0 })
    expect((await archive.dump()).messages).toEqual([])
    expect((await sync()).totals.requests.get).toBe(0)
    await expectAsFresh()
  })
})

describe('a machine', () => {
  it('that is renamed in the config takes its sessions along', async () => {
    for (const [name, bytes] of allObjects()) source.bucket.put(name, bytes)
    await sync()
    source = sourceWith(source, { rename: [{ from: 'laptop', to: 'ann-mac' }] })
    await sync()
    const { machines: _, ...told } = await archive.dump()
    const { machines: __, ...fresh } = await freshDump([source])
    expect(differences({ ...told, machines: [] }, { ...fresh, machines: [] })).toEqual({})
  })

  it('named by the metadata is followed when the metadata change, and known for an empty object', async () => {
    source = makeSource({ machineRule: { kind: 'metadata', header: 'x-amz-meta-machine' } })
    const put = (bytes: Uint8Array | string, machine: string): void =>
      void source.bucket.put(key, bytes, { metadata: { 'x-amz-meta-machine': machine } })
    put('', 'one')
    await sync()
    await expectAsFresh()
    put(long.subarray(0, lineEnd(40)), 'one')
    await sync()
    await expectAsFresh()
    put(long.subarray(0, lineEnd(60)), 'two')
    await sync()
    const { machines: _, ...told } = await archive.dump()
    const { machines: __, ...fresh } = await freshDump([source])
    expect(differences({ ...told, machines: [] }, { ...fresh, machines: [] })).toEqual({})
    expect(told.sessions).toHaveLength(1)
    expect(told.sessions[0]).toContain('"machine":"two"')
  })

  it('that the metadata give no usable name is refused, not fetched again, and read once it has a name', async () => {
    source = makeSource({ machineRule: { kind: 'metadata', header: 'x-amz-meta-machine' } })
    const put = (machine: string): void =>
      void source.bucket.put(key, long.subarray(0, lineEnd(20)), { metadata: { 'x-amz-meta-machine': machine } })
    put('../evil')
    const [first] = (await sync()).remotes
    expect([first?.ok, first?.objects.refused]).toEqual([true, 1])
    const [again] = (await sync()).remotes
    expect([again?.objects.refused, again?.requests]).toEqual([1, { list: 1, get: 0, head: 1 }])
    put('good')
    await sync()
    await expectAsFresh()
  })
})
