/** Checks an endpoint; gives it without a trailing slash, or what is wrong with it. */
export function readEndpoint(
  text: string,
  allowHttp: boolean,
): { readonly url: string; readonly host: string } | { readonly problem: string } {
  const url = parseUrl(text)
  if (url === null) return { problem: `is not a URL; write it like https://s3.example.com${guessScheme(text)}` }
  if (url.username !== '' || url.password !== '') return { problem: 'must not hold a user name or password' }
  if (url.search !== '' || url.hash !== '') return { problem: 'must end after the host and port' }
  if (url.pathname !== '/' && url.pathname !== '')
    return { problem: 'must end after the host and port: the bucket belongs in `bucket`, a folder in `prefixes`' }
  if (url.protocol === 'http:' && !allowHttp && !isLoopback(url.hostname))
    return {
      problem:
        'is http:// to another machine, so anyone between may read the logs; use https://, or set allow_http = true',
    }
  return { url: url.origin, host: url.hostname }
}

/** True for this machine's own addresses. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '').toLowerCase()
  return bare === 'localhost' || bare.endsWith('.localhost') || bare === '::1' || /^127(\.\d{1,3}){3}$/.test(bare)
}

function parseUrl(text: string): URL | null {
  if (!URL.canParse(text)) return null
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.hostname !== '' ? url : null
}

function guessScheme(text: string): string {
  return /^[A-Za-z0-9.-]+(:\d+)?\/?$/.test(text) ? ` (https:// is missing before ${text})` : ''
}
