import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { runCli } from '../../../test/run-cli.ts'
import { run } from '../run.ts'
import { Readable } from 'node:stream'

let cwd: string
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'agentsview-serve-'))
})
afterEach(() => rmSync(cwd, { recursive: true, force: true }))

describe('serve', () => {
  it('prints its address, answers until it is stopped, and ends with 0', async () => {
    const stop = new AbortController()
    let told: (line: string) => void = () => undefined
    const line = new Promise<string>((resolve) => {
      told = resolve
    })
    const stdout = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        told(chunk.toString())
        done()
      },
    })
    const code = run(['serve', '--port', '0', '--no-open'], {
      stdin: Readable.from([]),
      stdout,
      stderr: new Writable({ write: (_chunk, _encoding, done) => done() }),
      env: { AGENTSVIEW_DB_URL: `file:${join(cwd, 'none.db')}` },
      cwd,
      home: cwd,
      hostname: 'h',
      isTTY: { stdin: false, stdout: false, stderr: false },
      columns: 80,
      now: () => 0,
      signal: stop.signal,
    })
    const url = /http:\/\/127\.0\.0\.1:\d+\//.exec(await line)?.[0] ?? ''
    const answer = await fetch(url)
    expect(await answer.text()).toContain('Nothing is in the archive yet')
    stop.abort()
    expect(await code).toBe(0)
  })

  it('listens on this machine alone', async () => {
    for (const host of ['0.0.0.0', '::', 'example.org']) {
      const { code, stderr } = await runCli(['serve', '--host', host], { cwd })
      expect(code).toBe(2)
      expect(stderr).toContain('tunnel')
    }
  })
})
