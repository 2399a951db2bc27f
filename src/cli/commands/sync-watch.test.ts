import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { runCli } from '../../../test/run-cli.ts'
import { longLog } from '../../../test/sync/fixture-objects.ts'
import type { SyncSummary } from '../../model/index.ts'
import { run } from '../run.ts'

let cwd = ''
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsview-watch-'))
  mkdirSync(join(cwd, 'logs', '-app'), { recursive: true })
  const local = '[local]\nmachine = "m"\nclaude = ["logs"]\ncodex = []\n'
  writeFileSync(join(cwd, 'agentsview.toml'), `[store]\nurl = "file:archive.db"\n${local}`)
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

/** Runs a command line that goes on until it is stopped; what it prints decides when. */
async function watch(
  argv: readonly string[],
  onText: (from: 'stdout' | 'stderr', text: string, stop: () => void) => void,
): Promise<number> {
  const stop = new AbortController()
  const stream = (from: 'stdout' | 'stderr'): Writable =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        onText(from, chunk.toString(), () => stop.abort())
        done()
      },
    })
  return await run(['sync', '--local', '--watch', '--interval', '1s', ...argv], {
    stdin: Readable.from([]),
    stdout: stream('stdout'),
    stderr: stream('stderr'),
    env: {},
    cwd,
    home: cwd,
    hostname: 'h',
    isTTY: { stdin: false, stdout: false, stderr: false },
    columns: 80,
    now: Date.now,
    signal: stop.signal,
  })
}

describe('sync --watch', () => {
  it('reads what is new round after round, and ends with 0 when it is stopped', async () => {
    const log = join(cwd, 'logs/-app/one.jsonl')
    writeFileSync(log, longLog('one', 2, 10))
    const told: SyncSummary[] = []
    const code = await watch(['--json'], (from, text, stop) => {
      if (from === 'stderr') return
      expect(text.trimEnd()).not.toContain('\n')
      const summary = JSON.parse(text) as SyncSummary
      if (told.length === 0) appendFileSync(log, longLog('more', 1, 10))
      told.push(summary)
      if (summary.totals.objects.appended > 0) stop()
    })
    expect(code).toBe(0)
    expect(told[0]?.totals.objects).toMatchObject({ reread: 1 })
    expect(told.at(-1)?.totals.objects).toMatchObject({ listed: 1, appended: 1 })
  })

  it('tells of the first round, and says that it goes on', async () => {
    let stdout = ''
    const code = await watch([], (from, text, stop) => {
      if (from === 'stdout') stdout += text
      if (text.includes('Watching; stop with Ctrl-C.')) stop()
    })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^local /m)
  })

  it('refuses what cannot go on, and intervals that are none', async () => {
    expect((await runCli(['sync', '--watch', '--dry-run'], { cwd })).code).toBe(2)
    expect((await runCli(['sync', '--watch', '--interval', 'soon'], { cwd })).code).toBe(2)
  })
})
