import { createHash } from 'node:crypto'

import type { MessageRow, ToolCallRow } from '../query/index.ts'
import { showCall } from '../query/index.ts'
import { style } from './html-style.ts'
import type { SessionToExport } from './session.ts'
import { factsOf, momentOf, speakerOf } from './session.ts'

/** Nothing may run, and nothing may be fetched: the one style is known by its hash. */
const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; base-uri 'none'; form-action 'none'`

/** One page by itself: no script, no picture, no address of elsewhere that would be loaded. */
export async function* toHtml(sessions: AsyncIterable<SessionToExport>): AsyncIterable<string> {
  let place = 0
  for await (const { session, messages } of sessions) {
    if (place === 0) yield head(session.title)
    yield `<section aria-labelledby="s${place}">\n<h1 id="s${place}">${escaped(oneLine(session.title))}</h1>\n<dl>\n`
    for (const [name, value] of factsOf(session)) yield `<dt>${name}</dt><dd>${escaped(value)}</dd>\n`
    yield '</dl>\n'
    for await (const page of messages) yield page.map((message) => messageHtml(message, place)).join('')
    yield '</section>\n'
    place += 1
  }
  if (place === 0) yield head('No session')
  yield '</main>\n</body>\n</html>\n'
}

function head(title: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(oneLine(title))}</title>
<style>${style}</style>
</head>
<body>
<main>
`
}

function messageHtml(message: MessageRow, place: number): string {
  const { ordinal, timestamp, role, isUserTurn, thinking, text, toolCalls } = message
  const kind = role === 'user' && !isUserTurn ? 'added' : role
  const id = `s${place}m${ordinal}`
  const time = timestamp === null ? '' : `<time datetime="${escaped(timestamp)}">${momentOf(timestamp)}</time>`
  const parts = [
    thinking === '' ? '' : `<details><summary>Thinking</summary>${proseHtml(thinking)}</details>\n`,
    text.trim() === '' ? '' : `${proseHtml(text)}\n`,
    ...toolCalls.map(callHtml),
  ]
  const who = `<header><b>${escaped(speakerOf(message))}</b> ${time} <a href="#${id}">#${ordinal}</a></header>`
  return `<article id="${id}" class="${kind}">${who}\n${parts.join('')}</article>\n`
}

function callHtml(call: ToolCallRow): string {
  const state = call.isError ? ' <em>failed</em>' : ''
  const subagent = call.subagentId === null ? '' : `<p>Subagent: <code>${escaped(call.subagentId)}</code></p>`
  const result = call.result === null ? '<p>No result.</p>' : `<pre>${escaped(call.result)}</pre>`
  const about = [...showCall(call.input)].slice(0, 160).join('')
  return `<details class="tool"><summary><b>${escaped(call.name)}</b> ${escaped(about)}${state}</summary>
<pre>${escaped(call.input)}</pre>${subagent}${result}</details>
`
}

const fence = /^ {0,3}(`{3,}|~{3,})/

/** Text as it was written, with blocks of code set apart. */
function proseHtml(text: string): string {
  const parts: { readonly isCode: boolean; readonly lines: string[] }[] = [{ isCode: false, lines: [] }]
  let open: string | null = null
  for (const line of text.split('\n')) {
    const sign = fence.exec(line)?.[1] ?? null
    if (sign !== null && (open === null || sign.startsWith(open))) {
      open = open === null ? sign : null
      parts.push({ isCode: open !== null, lines: [] })
    } else parts.at(-1)?.lines.push(line)
  }
  return parts
    .map(({ isCode, lines }) => ({ isCode, body: isCode ? lines.join('\n') : lines.join('\n').trim() }))
    .filter(({ body }) => body !== '')
    .map(({ isCode, body }) => (isCode ? `<pre>${escaped(body)}</pre>` : `<p>${escaped(body)}</p>`))
    .join('\n')
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that can be nothing but text; marks that would turn its direction are written out. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"']/g, (sign) => entities[sign] ?? '')
    .replace(/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g, (sign) => `⟨U+${codeOf(sign)}⟩`)
}

function codeOf(sign: string): string {
  return sign.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
}
