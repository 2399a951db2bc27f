import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import type { TestArchive } from '../../test/filled-archive.ts'
import { makeTestArchive } from '../../test/filled-archive.ts'
import { findSession } from '../query/index.ts'
import type { ExportFormat } from './index.ts'
import { exportFileName, exportSessions, readSessions } from './index.ts'

let archive: TestArchive
beforeEach(async () => {
  archive = await makeTestArchive()
})
afterEach(() => archive.close())

const written = async (format: ExportFormat, ...ids: string[]): Promise<string> => {
  const ask = archive.archive.driver
  const found = []
  for (const id of ids) found.push(await findSession(ask, id))
  let text = ''
  for await (const piece of exportSessions(format, readSessions(ask, found))) text += piece
  return text
}

const hostile = [
  '<script>window.owned=1</script><img src=x onerror=alert(1)>',
  '![beacon](https://evil.example/a.png) and ![`]`(https://evil.example/b.png)',
  '`<b>` stays, as does a < b and <https://ok.example>',
  '```html\n<i>code</i>',
].join('\n\n')

describe('a session as Markdown', () => {
  it('has its facts, and every message with its tools', async () => {
    const { sessionId } = await archive.add({
      nativeId: 'a',
      columns: { title: 'Fix *the* parser', cwd: '/w/`x`' },
      messages: [
        { role: 'user', text: 'please' },
        { text: 'done', thinking: 'hm\nwell', columns: { model: 'opus' } },
      ],
      usage: [{ input: 5, tokens_cost: 1_500_000_000 }],
    })
    const call = { session_id: sessionId, offset: 100, part: 0, idx: 0, call_id: 't', name: 'Bash' }
    await archive.insert('tool_calls', { ...call, input: '{"command":"ls"}' })
    await archive.insert('tool_results', { session_id: sessionId, offset: 150, call_id: 't', text: 'a\n```\nb\n' })
    const text = await written('md', 'a')
    expect(text).toContain('# Fix \\*the\\* parser\n')
    expect(text).toContain('- Session: `gpu~a`\n')
    expect(text).toContain('- Folder: `` /w/`x` ``\n')
    expect(text).toContain('- Cost: `$1.50`\n')
    expect(text).toContain('\n## 0 · Prompt · 2026-')
    expect(text).toContain('\nplease\n')
    expect(text).toContain('\n## 1 · Model (opus) · ')
    expect(text).toContain('\n> hm\n> well\n')
    expect(text).toContain('\n**Tool `Bash`**\n\n```\n{"command":"ls"}\n```\n\nResult:\n\n````\na\n```\nb\n````\n')
  })

  it('keeps markup, but nothing a viewer would run or fetch, and ends code with its message', async () => {
    await archive.add({ nativeId: 'a', messages: [{ role: 'user', text: hostile }, { text: 'next' }] })
    const text = await written('md', 'a')
    expect(text).toContain('\\<script>window.owned=1\\</script>\\<img src=x onerror=alert(1)>')
    expect(text).toContain('!\\[beacon](https://evil.example/a.png)')
    expect(text).toContain('`<b>` stays, as does a < b and')
    expect(text).toContain('```html\n<i>code</i>\n```\n\n## 1 ·')
    expect(text).not.toMatch(/(?<!\\)<script|!\[/)
  })
})

describe('a session as HTML', () => {
  it('is one page that runs nothing, fetches nothing and shows everything as text', async () => {
    const { sessionId } = await archive.add({
      nativeId: 'a',
      columns: { title: '</title><script>alert(1)</script>' },
      messages: [{ role: 'user', text: hostile }, { text: 'left\u202Eright' }],
    })
    const call = { session_id: sessionId, offset: 100, part: 0, idx: 0, call_id: 't' }
    await archive.insert('tool_calls', { ...call, name: '<u>', input: '"><script>' })
    await archive.insert('tool_results', { session_id: sessionId, offset: 150, call_id: 't', text: '<iframe>' })
    const text = await written('html', 'a')
    const tags = new Set([...text.matchAll(/<\/?([a-z!]\w*)/gi)].map(([, name]) => (name ?? '').toLowerCase()))
    const own = 'html head meta title style body main section h1 dl dt dd article header b time a p pre details summary'
    expect([...tags].filter((name) => !own.split(' ').includes(name))).toEqual(['!doctype'])
    expect([...text.matchAll(/<[^>]* (\w+)=/g)].map(([, name]) => name)).not.toContain('onerror')
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(text).toContain('<pre>&lt;i&gt;code&lt;/i&gt;</pre>')
    expect(text).toContain('left⟨U+202E⟩right')
    expect([...text.matchAll(/(?:src|href)="([^"]*)"/g)].every(([, href]) => href?.startsWith('#s0m'))).toBe(true)
    expect(text).toContain(`http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-`)
  })

  it('is a whole page without any session', async () => {
    expect(await written('html')).toMatch(/^<!doctype html>[^]*<\/html>\n$/)
  })
})

describe('several sessions', () => {
  it('stand in one document, in the order asked for', async () => {
    for (const nativeId of ['a', 'b']) await archive.add({ nativeId, columns: { title: `title ${nativeId}` } })
    for (const format of ['md', 'html'] as const) {
      const text = await written(format, 'b', 'a')
      expect(text.indexOf('title b')).toBeGreaterThan(0)
      expect(text.lastIndexOf('title a')).toBeGreaterThan(text.lastIndexOf('title b'))
    }
    const { sessions } = JSON.parse(await written('json', 'b', 'a')) as { sessions: readonly object[] }
    expect(sessions).toMatchObject([
      { session: { id: 'gpu~b' }, messages: [{ ordinal: 0, text: 'hello' }] },
      { session: { id: 'gpu~a' }, messages: [{ ordinal: 0 }] },
    ])
  })

  it('of many messages are whole', async () => {
    const messages = Array.from({ length: 450 }, (_, at) => ({ text: `message ${at}` }))
    await archive.add({ nativeId: 'a', messages })
    const { sessions } = JSON.parse(await written('json', 'a')) as {
      sessions: readonly { readonly messages: readonly { readonly ordinal: number }[] }[]
    }
    expect(sessions[0]?.messages.map(({ ordinal }) => ordinal)).toEqual(messages.map((_, at) => at))
    expect((await written('md', 'a')).match(/^message \d+$/gm)).toHaveLength(450)
    expect(JSON.parse(await written('json'))).toMatchObject({ schemaVersion: 1, kind: 'sessionExport', sessions: [] })
  })
})

describe('the name of a file', () => {
  it.each([
    ['gpu~0f3a', 'gpu~0f3a.md'],
    ['gpu~codex:0f3a', 'gpu~codex_0f3a.md'],
    ['../../etc/passwd', 'etc_passwd.md'],
    ['-rf', 'rf.md'],
    ['~.ssh', 'ssh.md'],
    ['a\u0000b\nc"d', 'a_b_c_d.md'],
    ['机器~a', 'a.md'],
    ['NUL', 'session_NUL.md'],
    ['con.x', 'session_con.x.md'],
    ['...', 'session_.md'],
    ['x'.repeat(400), `${'x'.repeat(120)}.md`],
  ])('of %j is safe', (id, name) => expect(exportFileName(id, 'md')).toBe(name))
})
