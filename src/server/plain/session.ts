import type { Context } from 'hono'
import { html } from 'hono/html'

import type { MessageRow, SessionDetail, ToolCallRow } from '../../query/index.ts'
import {
  clockOf,
  findSession,
  sessionDetail,
  sessionMessages,
  showCall,
  showCount,
  showUsd,
} from '../../query/index.ts'
import { AgentsviewError } from '../../base/index.ts'
import type { ServerContext } from '../context.ts'
import type { Markup } from './page.ts'
import { page, sessionHref } from './page.ts'
import { fromOf, pageOf, zoneOf } from '../request.ts'

/** Most characters of one text that a page shows; the whole is in the JSON. */
const longestText = 50_000

/** `/sessions/:id`: a transcript to read, page by page. */
export function sessionRoute(context: ServerContext) {
  return async (request: Context): Promise<Response> => {
    const found = await findSession(context.ask, request.req.param('id') ?? '')
    const session = await sessionDetail(context.ask, found)
    if (session === null)
      throw new AgentsviewError({ code: 'not-found.session', message: 'this session has just left the archive' })
    const from = fromOf(request)
    const { messages, total, nextCursor } = await sessionMessages(context.ask, found, { ...pageOf(request, 100), from })
    const zone = zoneOf(request, context)
    const first = messages[0]?.ordinal ?? 0
    return request.html(
      page(
        { title: session.title, query: '' },
        html`<article>
          ${head(session, zone)}
          <p class="dim">
            Messages ${showCount(first, false)} to ${showCount(Math.max(first, first + messages.length - 1), false)} of
            ${showCount(total, false)}.
            ${first > 0 ? html`<a href="${sessionHref(session.id)}">From the start</a>` : ''}
          </p>
          ${messages.map((message) => messageMarkup(message, zone))}
          ${nextCursor === null ? '' : html`<p><a class="next" href="${sessionHref(session.id)}?cursor=${nextCursor}">Next messages</a></p>`}
        </article>`,
      ),
    )
  }
}

function head(session: SessionDetail, zone: string): Markup {
  const time = [session.startedAt, session.endedAt]
    .map((at) => (at === null ? '–' : clockOf(Date.parse(at), zone)))
    .join(' to ')
  const facts = [session.machine, session.project, session.branch, session.agent, session.models.join(', ')]
  return html`<h1>${session.title}</h1>
    <p class="facts">
      ${facts.filter((fact) => fact !== null && fact !== '').map((fact) => html`<span>${fact}</span>`)}
    </p>
    <p class="facts dim">
      <span>${time}</span><span>${showCount(session.totalTokens, true)} tokens</span
      ><span>${showUsd(session.costUSD)}</span>
      ${session.badLines > 0 ? html`<span>${session.badLines} bad lines</span>` : ''}
      ${session.parentId === null ? '' : html`<a href="${sessionHref(session.parentId)}">${session.relationship ?? 'child'} of ${session.parentId}</a>`}
    </p>
    <p class="dim mono wrap">${session.source}${session.sourceState === 'gone' ? ' (gone at the source)' : ''}</p>`
}

function messageMarkup(message: MessageRow, zone: string): Markup {
  const time = message.timestamp === null ? '' : clockOf(Date.parse(message.timestamp), zone)
  return html`<section class="message ${message.role}" id="m${message.ordinal}">
    <h2>
      <a href="#m${message.ordinal}">#${message.ordinal}</a> ${message.role}
      <span class="dim"
        >${[message.subtype, time, message.model].filter((one) => one !== null && one !== '').join(' · ')}</span
      >
    </h2>
    ${
      message.thinking === ''
        ? ''
        : html`<details>
            <summary>Thinking</summary>
            <pre>${shortened(message.thinking)}</pre>
          </details>`
    }
    ${message.text === '' ? '' : html`<div class="text">${shortened(message.text)}</div>`}
    ${message.toolCalls.map(callMarkup)}
  </section>`
}

function callMarkup(call: ToolCallRow): Markup {
  return html`<details class="call${call.isError ? ' error' : ''}">
    <summary><b>${call.name}</b> <span class="mono">${showCall(call.input).slice(0, 200)}</span></summary>
    <pre>${shortened(call.input)}</pre>
    ${call.subagentId === null ? '' : html`<p><a href="${sessionHref(call.subagentId)}">Open the subagent</a></p>`}
    ${call.result === null ? html`<p class="dim">No result.</p>` : html`<pre>${shortened(call.result)}</pre>`}
  </details>`
}

function shortened(text: string): string {
  return text.length <= longestText
    ? text
    : `${text.slice(0, longestText)}\n… ${showCount(text.length - longestText, false)} more characters`
}
