import DOMPurify from 'dompurify'
import { Marked } from 'marked'

import { visible } from './visible.ts'

/** Longer texts, and texts nested deeper than anyone writes, are shown as they stand. */
const mostCharacters = 60_000
const deep = /^[ \t>*+-]{80}|(?:^[ \t]*[>*+-][ \t]?(?:[>*+-][ \t]?){11})|[[(*_~]{40}/m

const marked = new Marked({
  gfm: true,
  breaks: false,
  async: false,
  renderer: {
    // Markup in a transcript is something to read, never something to run.
    html: ({ text }) => escapeHtml(text),
    image: ({ text, href }) =>
      `<span class="no-image">${escapeHtml(`[${text === '' ? 'image' : text}] ${href}`)}</span>`,
  },
})

const safe = {
  ALLOWED_TAGS: (
    'p br hr h1 h2 h3 h4 h5 h6 strong em del s code pre blockquote ul ol li a span ' +
    'table thead tbody tr th td input'
  ).split(' '),
  ALLOWED_ATTR: ['href', 'class', 'type', 'checked', 'disabled', 'align', 'start'],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true as const,
}

/** Classes that may stay: the language of a code block and our own. */
const ownClass = /^(?:language-[\w+#.-]{1,30}|no-image)$/

/**
 * Markdown as elements that can do nothing: no script, style, image or frame, links only to http, https
 * and mail, which open apart and tell nothing of this page.
 * @returns null when the text should be shown as it stands
 */
export function renderMarkdown(text: string): DocumentFragment | null {
  if (text.length > mostCharacters || deep.test(text)) return null
  const html = parse(visible(text))
  if (html === null) return null
  const fragment = DOMPurify.sanitize(html, safe)
  for (const link of fragment.querySelectorAll('a')) {
    link.target = '_blank'
    link.rel = 'noopener noreferrer nofollow'
    // A link that says another address than it has is told.
    link.title = link.href
  }
  for (const element of fragment.querySelectorAll('[class]')) {
    if (![...element.classList].every((name) => ownClass.test(name))) element.removeAttribute('class')
  }
  for (const box of fragment.querySelectorAll('input')) {
    if (box.type === 'checkbox') {
      box.disabled = true
      box.setAttribute('aria-label', box.checked ? '✓' : '–')
    } else box.remove()
  }
  for (const table of fragment.querySelectorAll('table, pre')) table.setAttribute('tabindex', '0')
  return fragment
}

function parse(text: string): string | null {
  try {
    return marked.parse(text, { async: false })
  } catch (error) {
    // The stack ended inside: nested deeper than the guard above thought possible.
    if (error instanceof RangeError) return null
    throw error
  }
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
