import { html } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Escaped markup, perhaps still on its way. */
export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>

/** A whole page around its content. */
export function page(about: { readonly title: string; readonly query: string }, content: Markup): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${about.title} · agentsview</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <header>
          <a class="brand" href="/">agentsview</a>
          <form action="/search" role="search">
            <input
              type="search"
              name="q"
              value="${about.query}"
              placeholder="Search messages"
              aria-label="Search messages"
            />
          </form>
        </header>
        <main>${content}</main>
      </body>
    </html>`
}

/** Address of a session's transcript, at one of its messages when given. */
export function sessionHref(id: string, ordinal: number | null = null): string {
  const path = `/sessions/${encodeURIComponent(id)}`
  return ordinal === null ? path : `${path}?from=${Math.max(0, ordinal - 3)}#m${ordinal}`
}

/** A share of a whole as a bar; the numbers stand beside it, so it is hidden from readers. */
export function shareBar(part: number, whole: number): Markup {
  const percent = whole > 0 ? Math.max(0.5, Math.min(100, (part / whole) * 100)).toFixed(1) : '0'
  return html`<svg class="share" width="100%" height="6" aria-hidden="true">
    <rect width="${percent}%" height="6" rx="2"></rect>
  </svg>`
}
