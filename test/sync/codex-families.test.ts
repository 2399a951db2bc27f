import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { meta, said, tokenCount, turn } from '../agents/codex-log.ts'
import { makeArchive, makeSource } from './synced-archive.ts'

/** One thread of a made-up family: what it was forked from, and how much of that it copied. */
interface Plan {
  readonly from: number
  readonly isFork: boolean
  readonly copiedTurns: number
  readonly ownTurns: number
  readonly machine: number
  readonly isThere: boolean
}

interface Thread {
  readonly key: string
  readonly id: string
  readonly turns: readonly { readonly name: string; readonly lines: readonly string[] }[]
  readonly text: string
}

/** Version 7 UUIDs whose times follow each other as the numbers do. */
const uuid = (moment: number): string => `019c0000-${moment.toString(16).padStart(4, '0')}-7000-8000-${'0'.repeat(12)}`

/** Logs of a family; each response brings the running total of its thread to a number of its own. */
function familyOf(plans: readonly Plan[], hasIds: boolean): readonly Thread[] {
  const threads: Thread[] = []
  let moment = 1
  let total = 0
  for (const [at, plan] of plans.entries()) {
    const id = uuid((moment += 1))
    const parent = plan.isFork ? threads[plan.from % Math.max(1, at)] : undefined
    const copied = parent?.turns.slice(0, plan.copiedTurns) ?? []
    const own = Array.from({ length: plan.ownTurns }, (_, index) => {
      total += 1000
      const name = `${at}.${index}`
      const turnId = uuid((moment += 1))
      const count = tokenCount([total, 0, total / 10], [1000, 0, 100], index + 10)
      return { name, lines: [turn(hasIds ? turnId : '', 'gpt-5.5'), said('user', `ask ${name}`), count] }
    })
    const heads = parent === undefined ? [meta({}, id)] : [meta({ forked_from_id: parent.id }, id), ...headsOf(parent)]
    const lines = [...heads, ...copied.flatMap((one) => one.lines), ...own.flatMap((one) => one.lines)]
    threads.push({
      key: `m${plan.machine}/raw/codex/sessions/2026/03/0${at + 1}/rollout-2026-03-0${at + 1}T05-06-07-${id}.jsonl`,
      id,
      turns: [...copied, ...own],
      text: `${lines.join('\n')}\n`.replaceAll('2026-03-04T', `2026-03-0${at + 1}T`),
    })
  }
  return threads
}

/** The meta lines a copy of the thread begins with. */
function headsOf(thread: Thread): readonly string[] {
  return thread.text.split('\n').filter((line) => line.includes('session_meta'))
}

async function archiveOf(threads: readonly Thread[]) {
  const archive = await makeArchive()
  try {
    const source = makeSource()
    for (const { key, text } of threads) {
      source.bucket.put(key, text)
      await archive.sync([source])
    }
    const [row] = await archive.archive.driver.all({
      sql: 'SELECT sum(output > 0), sum(input) FROM usage WHERE counts = 1',
      args: [],
    })
    const { sessions, messages, usage } = await archive.dump()
    return { responses: Number(row?.[0] ?? 0), rows: { sessions, messages, usage } }
  } finally {
    archive.close()
  }
}

const plan = fc.record({
  from: fc.nat(3),
  isFork: fc.boolean(),
  copiedTurns: fc.nat(4),
  ownTurns: fc.integer({ min: 1, max: 2 }),
  machine: fc.nat(1),
  isThere: fc.boolean(),
})

describe('a family of forks', () => {
  it.each([
    ['with turn ids', true],
    ['without', false],
  ])('%s is charged once for each response that some log tells, in any order', async (_, hasIds) => {
    await fc.assert(
      fc.asyncProperty(fc.array(plan, { minLength: 2, maxLength: 4 }), fc.nat(), async (plans, seed) => {
        const threads = familyOf(plans, hasIds).filter((_thread, at) => plans[at]?.isThere === true)
        const told = new Set(threads.flatMap((thread) => thread.turns.map(({ name }) => name)))
        const inOrder = await archiveOf(threads)
        expect(inOrder.responses).toBe(told.size)
        const cut = seed % Math.max(1, threads.length)
        const turned = [...threads.slice(cut), ...threads.slice(0, cut)].toReversed()
        expect((await archiveOf(turned)).rows).toEqual(inOrder.rows)
      }),
      { numRuns: 25 },
    )
  })
})
