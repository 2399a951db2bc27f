import { AgentsviewError } from '../../../base/index.ts'
import type { TomlValue } from '../../../config/index.ts'

type Entries = Readonly<Record<string, TomlValue>>

/**
 * Reads `s3://bucket/prefix`, or the address of a folder in a bucket on some server
 * (`https://host/bucket/prefix`), as keys of a remote.
 * @throws AgentsviewError `usage.from-url`; the address is not repeated, it may hold a key
 */
export function entriesFromUrl(text: string): Entries {
  if (!URL.canParse(text)) throw refusal('it is not a URL')
  const url = new URL(text)
  if (url.username !== '' || url.password !== '')
    throw refusal('it holds credentials; name environment variables instead')
  if (url.search !== '' || url.hash !== '') throw refusal('it must end after the folder')
  const parts = url.pathname.split('/').filter((part) => part !== '')
  if (url.protocol === 's3:') return { bucket: hostOf(text), ...prefixOf(parts) }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refusal('it begins with neither s3:// nor https://')
  const aws = /^(.+)\.s3[.-]([a-z0-9-]+)\.amazonaws\.com$/.exec(url.hostname)
  if (aws !== null) return { provider: 'aws', region: aws[2] ?? '', bucket: aws[1] ?? '', ...prefixOf(parts) }
  const [bucket, ...rest] = parts
  if (bucket === undefined) throw refusal('it names no bucket')
  return { endpoint: url.origin, bucket: decodeURIComponent(bucket), ...prefixOf(rest) }
}

/** As written: a URL's own parser would change the letters of a bucket's name. */
function hostOf(text: string): string {
  const bucket = /^s3:\/\/([^/]*)/i.exec(text)?.[1] ?? ''
  if (bucket === '') throw refusal('it names no bucket')
  return bucket
}

function prefixOf(parts: readonly string[]): Entries {
  return parts.length === 0 ? {} : { prefixes: [`${parts.map(decodeURIComponent).join('/')}/`] }
}

function refusal(why: string): AgentsviewError {
  return new AgentsviewError({
    code: 'usage.from-url',
    message: `--from-url cannot be used: ${why}`,
    hint: 'Write it like s3://my-bucket/prod/ or https://s3.example.com/my-bucket/prod/',
  })
}
