import { computed, signal } from '@preact/signals'

/** Where the page is: path and query of the address bar. */
export const address = signal(read())
/** The path alone, so that a changed filter does not redraw the frame of the page. */
export const path = computed(() => address.value.path)
/** The query of the address: all filters live there. */
export const query = computed(() => address.value.query)

function read(): { readonly path: string; readonly query: URLSearchParams; readonly hash: string } {
  const { pathname, search, hash } = window.location
  return { path: pathname, query: new URLSearchParams(search), hash: hash.slice(1) }
}

window.addEventListener('popstate', () => {
  address.value = read()
})

/** Goes to another page of this view; `replace` leaves no entry in the history. */
export function navigate(href: string, replace = false): void {
  const here = window.location.pathname + window.location.search + window.location.hash
  if (href === here) return
  if (replace) window.history.replaceState(null, '', href)
  else window.history.pushState(null, '', href)
  address.value = read()
}

/** Takes over plain clicks on links to this view; all else is left to the browser. */
export function takeOverLinks(): void {
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = event.target instanceof Element ? event.target.closest('a') : null
    if (link === null || link.target !== '' || link.hasAttribute('download')) return
    const url = new URL(link.href, window.location.href)
    if (url.origin !== window.location.origin || url.pathname.startsWith('/api/')) return
    if (link.getAttribute('href')?.startsWith('#') === true) return
    event.preventDefault()
    navigate(url.pathname + url.search + url.hash)
  })
}

/** The present address with some parameters changed; null or an empty list removes one. */
export function withQuery(changes: Readonly<Record<string, string | readonly string[] | null>>): string {
  const next = new URLSearchParams(query.peek())
  for (const [name, value] of Object.entries(changes)) {
    const text = value === null || typeof value === 'string' ? value : value.join(',')
    if (text === null || text === '') next.delete(name)
    else next.set(name, text)
  }
  const text = next.toString()
  return text === '' ? path.peek() : `${path.peek()}?${text}`
}

/** Changes parameters of the address in place. */
export function setQuery(
  changes: Readonly<Record<string, string | readonly string[] | null>>,
  options: { readonly replace?: boolean } = {},
): void {
  navigate(withQuery(changes), options.replace ?? false)
}

/** Values of a list in the query: repeated or with commas. */
export function listOf(params: URLSearchParams, name: string): readonly string[] {
  return params
    .getAll(name)
    .flatMap((value) => value.split(','))
    .filter((value) => value !== '')
}

/** Address of a session, at one of its messages when given. */
export function sessionHref(id: string, ordinal: number | null = null): string {
  const base = `/s/${encodeURIComponent(id)}`
  return ordinal === null ? base : `${base}?m=${ordinal}`
}
