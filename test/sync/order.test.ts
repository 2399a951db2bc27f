import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import type { Dump } from './dump.ts'
import { differences } from './dump.ts'
import type { Objects } from './fixture-objects.ts'
import { demoObjects } from './fixture-objects.ts'
import type { SyncedArchive, TestSource } from './synced-archive.ts'
import { freshDump, makeArchive, makeSource } from './synced-archive.ts'

const claudeFolder = 'raw/claude/projects/-home-ann-app'

/** One line of a Claude Code log. */
function claudeLine(session: string, minute: number, fields: Readonly<Record<string, unknown>>): string {
  const timestamp = new Date(Date.UTC(2026, 5, 1, 8, minute)).toISOString()
  return `${JSON.stringify({ sessionId: session, timestamp, cwd: '/home/ann/app', version: '2.1.9', ...fields })}\n`
}

function prompt(session: string, minute: number, text: string): string {
  return claudeLine(session, minute, { type: 'user', uuid: `u-${minute}`, message: { role: 'user', content: text } })
}

function answer(session: string, minute: number, id: string, output: number, text = `answer ${id}`): string {
  const message = {
    id,
    role: 'assistant',
    model: 'claude-opus-4-6',
    content: [{ type: 'text', text }],
    usage: { input_tokens: 3, output_tokens: output },
  }
  return claudeLine(session, minute, { type: 'assistant', uuid: `a-${minute}-${id}`, requestId: `r-${id}`, message })
}

/** A call of the tool that starts a subagent, and what it gave back. */
function spawn(session: string, minute: number, callId: string, agentId: string): string {
  const call = { type: 'tool_use', id: callId, name: 'Task', input: { description: 'look', prompt: 'look around' } }
  const message = { id: `m-${callId}`, role: 'assistant', model: 'claude-opus-4-6', content: [call] }
  const result = { type: 'tool_result', tool_use_id: callId, content: `found it\nagentId: ${agentId}` }
  return (
    claudeLine(session, minute, { type: 'assistant', uuid: `c-${callId}`, message }) +
    claudeLine(session, minute + 1, {
      type: 'user',
      uuid: `t-${callId}`,
      message: { role: 'user', content: [result] },
      toolUseResult: { status: 'completed', agentId },
    })
  )
}

/**
 * Objects that speak about each other: parents, forks, subagents, copies by resuming, copies in other
 * places and on other machines, titles.
 */
function families(): Objects {
  const objects = new Map(demoObjects())
  const add = (key: string, text: string): void => void objects.set(key, Buffer.from(text))
  for (const [key, bytes] of demoObjects()) {
    // The same sessions on another machine, and once more in another place of the same machine.
    if (key.startsWith('lab/gpu-3/raw/codex/')) objects.set(key.replace('gpu-3', 'spare'), bytes)
    if (key.includes('019c33c1')) objects.set(key.replace(/sessions\/.*\//, 'archived_sessions/'), bytes)
    if (key.includes('5b0c1f62')) objects.set(key.replace('prod/', 'backup/'), bytes)
  }
  // Two sessions call one subagent; the older one has the greater id, so that only its start decides.
  const older = prompt('zz-older', 0, 'look') + spawn('zz-older', 1, 'call-1', 'agent-both')
  add(`prod/ann/${claudeFolder}/zz-older.jsonl`, older)
  add(
    `prod/ann/${claudeFolder}/aa-newer.jsonl`,
    prompt('aa-newer', 9, 'again') + spawn('aa-newer', 10, 'call-1', 'agent-both'),
  )
  add(`prod/ann/${claudeFolder}/agent-both.jsonl`, answer('agent-both', 3, 'sub', 7))
  // One session in three places, each with an answer that the others do not have.
  for (const [place, extra] of [
    ['prod', 'aaaa'],
    ['lab', 'bb'],
    ['backup', 'c'],
  ] as const) {
    add(
      `${place}/ann/${claudeFolder}/places.jsonl`,
      prompt('places', 20, 'where') + answer('places', 21, 'all', 5) + answer('places', 22, `only-${extra}`, 9, extra),
    )
  }
  // A response that stands in two sessions, fuller in the later one.
  add(`prod/ann/${claudeFolder}/first.jsonl`, prompt('first', 30, 'go') + answer('first', 31, 'shared', 1))
  add(`prod/ann/${claudeFolder}/second.jsonl`, prompt('second', 40, 'go') + answer('second', 31, 'shared', 80))
  return objects
}

const objects = families()
const keys = [...objects.keys()]

/** Puts objects step by step, each cut where the step says, with a sync after each group; at last all are whole. */
async function arrive(archive: SyncedArchive, source: TestSource, steps: readonly Step[]): Promise<void> {
  for (const { key, share, isSyncedAfter } of steps) {
    const bytes = objects.get(key)
    if (bytes === undefined) throw new Error(`no object ${key}`)
    source.bucket.put(key, bytes.subarray(0, Math.round(bytes.length * share)))
    if (isSyncedAfter) await archive.sync([source])
  }
  await archive.sync([source])
}

interface Step {
  readonly key: string
  /** Part of the object that is there, from 0 to 1. */
  readonly share: number
  readonly isSyncedAfter: boolean
}

describe('objects of a family', () => {
  let expected: Dump
  beforeAll(async () => {
    const source = makeSource()
    for (const [key, bytes] of objects) source.bucket.put(key, bytes)
    expected = withoutTimes(await freshDump([source]))
  })
  const opened: SyncedArchive[] = []
  afterAll(() => {
    for (const archive of opened) archive.close()
  })

  const tell = async (steps: readonly Step[], pageSize = 1000): Promise<Dump> => {
    const archive = await makeArchive()
    try {
      await arrive(archive, makeSource({}, { pageSize, chunkSize: 97 + (steps.length % 7) * 5000 }), steps)
      return withoutTimes(await archive.dump())
    } finally {
      archive.close()
    }
  }

  it('book every response on a session that lists show', () => {
    expect(expected.usage.filter((row) => row.includes('"owner":"NOBODY"'))).toEqual([])
    expect(expected.usage.length).toBeGreaterThan(40)
  })

  it('give the same rows one at a time, in listing order and against it', async () => {
    const whole = keys.map((key) => ({ key, share: 1, isSyncedAfter: true }))
    expect(differences(await tell(whole), expected)).toEqual({})
    expect(differences(await tell(whole.toReversed()), expected)).toEqual({})
  })

  it('give the same rows in any order, in any number of syncs, and growing in between', async () => {
    const arrival = fc.tuple(
      fc.shuffledSubarray(keys, { minLength: keys.length }),
      fc.array(
        fc.record({
          key: fc.constantFrom(...keys),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          isSyncedAfter: fc.boolean(),
        }),
        { maxLength: 20 },
      ),
      fc.array(fc.boolean(), { minLength: keys.length, maxLength: keys.length }),
      fc.integer({ min: 1, max: 40 }),
    )
    await fc.assert(
      fc.asyncProperty(arrival, async ([order, growing, pauses, pageSize]) => {
        const whole = order.map((key, at) => ({ key, share: 1, isSyncedAfter: pauses[at] ?? false }))
        expect(differences(await tell([...ascending(growing), ...whole], pageSize), expected)).toEqual({})
      }),
      // A run is long and its steps are telling as they are: nothing is won by making them smaller.
      { numRuns: 30, endOnFailure: true },
    )
  }, 300_000)
})

/** Objects only grow: of several cuts of one object the shorter ones come first. */
function ascending(steps: readonly Step[]): readonly Step[] {
  const shares = new Map<string, number[]>()
  for (const { key, share } of steps)
    shares.set(
      key,
      [...(shares.get(key) ?? []), share].toSorted((a, b) => a - b),
    )
  return steps.map((step) => ({ ...step, share: shares.get(step.key)?.shift() ?? 1 }))
}

/** Objects put in another order were changed at other times. */
function withoutTimes(dump: Dump): Dump {
  return { ...dump, objects: dump.objects.map((row) => row.replace(/"modified":\d+,/, '')).toSorted() }
}
