/**
 * Holds an archive against the truth of the corpus it was read from.
 * `npx tsx bench/corpus/verify.ts --truth DIR/truth.json --db file:PATH`; exit 1 with every difference named.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

import { openArchiveToRead } from '../../src/store/index.ts'
import type { Sums, Truth } from './truth.ts'

/** Differences between an archive and a truth, one line each; empty when all agree. */
export async function differences(url: string, truth: Truth): Promise<readonly string[]> {
  const archive = await openArchiveToRead({ url, token: null })
  if (archive === null) return [`there is no archive at ${url}`]
  const found: string[] = []
  const ask = async (sql: string): Promise<readonly (readonly unknown[])[]> => archive.driver.all({ sql, args: [] })
  const sums = `sum(u.input), sum(u.output), sum(u.cache_read), sum(u.cache_write_5m), sum(u.cache_write_1h), count(*),
    coalesce(sum(u.tokens_cost IS NULL), 0), coalesce(sum(u.tokens_cost), 0), sum(u.fee_cost)`
  const from = 'FROM usage u JOIN sessions s ON s.id = u.owner_id WHERE u.counts = 1 GROUP BY 1'
  const compare = async (what: string, key: string, expected: Readonly<Record<string, Sums>>): Promise<void> => {
    const rows = new Map((await ask(`SELECT ${key}, ${sums} ${from}`)).map((row) => [String(row[0]), row.slice(1)]))
    for (const name of new Set([...rows.keys(), ...Object.keys(expected)])) {
      const want = sumsOf(expected[name])
      const got = rows.get(name)?.map(Number) ?? []
      if (want.some((value, at) => value !== (got[at] ?? 0))) {
        found.push(`${what} ${name}: archive ${got.join(' ')}, truth ${want.join(' ')}`)
      }
    }
  }
  try {
    await compare('total', `'all'`, { all: truth.totals })
    await compare('model', 'u.model', truth.byModel)
    await compare('machine', 's.machine', truth.byMachine)
    await compare('day', `date(coalesce(u.at, s.started_at) / 1000, 'unixepoch')`, truth.byDay)
    const owned = truth.sessions.filter(({ own }) => own.responses > 0)
    const byId = Object.fromEntries(owned.map(({ machine, id, own }) => [`${machine}~${id}`, own]))
    await compare('session', `s.machine || '~' || s.native_id`, byId)
    found.push(...(await differentSessions(ask, truth)))
  } finally {
    archive.close()
  }
  return found
}

function sumsOf(sums: Sums | undefined): readonly number[] {
  if (sums === undefined) return []
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h, responses, unpricedResponses } = sums
  const { tokensCostNanoUsd, feeNanoUsd } = sums
  return [
    input,
    output,
    cacheRead,
    cacheWrite5m,
    cacheWrite1h,
    responses,
    unpricedResponses,
    tokensCostNanoUsd,
    feeNanoUsd,
  ]
}

async function differentSessions(
  ask: (sql: string) => Promise<readonly (readonly unknown[])[]>,
  truth: Truth,
): Promise<readonly string[]> {
  const rows = await ask(`SELECT machine || '~' || native_id, user_message_count, bad_lines, started_at, ended_at,
      coalesce(relationship = 'subagent', 0), title,
      (SELECT count(*) FROM tool_calls t WHERE t.session_id = sessions.id AND t.hidden = 0)
    FROM sessions WHERE live = 1 AND lead = 1`)
  const found: string[] = []
  const expected = new Map(truth.sessions.map((session) => [`${session.machine}~${session.id}`, session]))
  for (const row of rows) if (!expected.has(String(row[0]))) found.push(`session ${String(row[0])} is not in the truth`)
  const got = new Map(rows.map((row) => [String(row[0]), row]))
  for (const [id, session] of expected) {
    const row = got.get(id)
    if (row === undefined) {
      found.push(`session ${id} is missing`)
      continue
    }
    const want = [
      session.userTurns,
      session.badLines,
      Date.parse(session.startedAt),
      Date.parse(session.endedAt),
      Number(session.kind === 'subagent'),
      session.title,
      session.toolCalls,
    ]
    const have = row.slice(1)
    if (want.some((value, at) => value !== have[at])) {
      found.push(`session ${id} (${session.kind}): archive ${have.join(' | ')}, truth ${want.join(' | ')}`)
    }
  }
  return found
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { truth: { type: 'string' }, db: { type: 'string' } } })
  const truth = JSON.parse(readFileSync(values.truth ?? 'truth.json', 'utf8')) as Truth
  const found = await differences(values.db ?? '', truth)
  for (const line of found.slice(0, 40)) process.stdout.write(`${line}\n`)
  process.stdout.write(found.length === 0 ? 'archive and truth agree\n' : `${found.length} differences\n`)
  process.exitCode = found.length === 0 ? 0 : 1
}

if (import.meta.filename === process.argv[1]) await main()
