import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
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
    expect((await fetch(url)).headers.get('content-type')).toContain('text/html')
    const about = await fetch(`${url}api/v1/about`)
    expect(await about.json()).toMatchObject({ isEmpty: true, hasActions: false, watchIntervalMs: null })
    stop.abort()
    expect(await code).toBe(0)
  })

  it('listens for others only with a token', async () => {
    for (const more of [
      ['--host', '0.0.0.0'],
      ['--host', '::'],
      ['--allow-host', 'box.lan'],
    ]) {
      const { code, stderr } = await runCli(['serve', ...more], { cwd })
      expect(code).toBe(2)
      expect(stderr).toContain('--token-file')
      expect(stderr).toContain('tunnel')
    }
  })

  it.each([
    ['missing', null],
    ['empty', ''],
    ['short', 'abc'],
    ['more than a word', 'correct horse battery staple'],
  ])('refuses a token file that is %s', async (_what, text) => {
    const file = join(cwd, 'token')
    if (text !== null) writeFileSync(file, text)
    const { code, stderr } = await runCli(['serve', '--token-file', file], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('openssl rand')
  })

  it.each(['0s', '2 weeks', '-1m', '500h', 'soon'])('refuses the interval %s', async (interval) => {
    const { code, stderr } = await runCli(['serve', '--watch', '--interval', interval], { cwd })
    expect(code).toBe(2)
    expect(stderr).toContain('30s, 2m or 1h')
  })
})

describe('serve --watch', () => {
  it('stops at once where there is nothing to read', async () => {
    writeFileSync(join(cwd, 'agentsview.toml'), '[local]\nenabled = false\n')
    const { code, stderr } = await runCli(['serve', '--watch', '--port', '0', '--no-open'], { cwd })
    expect(code).toBe(7)
    expect(stderr).toContain('nothing to sync')
  })
})

describe('agentsview alone', () => {
  it('says how to begin while there is neither config nor archive', async () => {
    const { code, stdout } = await runCli([], { cwd })
    expect(code).toBe(0)
    expect(stdout).toContain('agentsview remotes add')
  })
})
