import type { AgentsviewError } from '../base/index.ts'
import { isFamily } from '../base/index.ts'
import type { Credentials, ObjectInfo, Remote } from '../model/index.ts'
import type { BucketTally } from './bucket.ts'
import type { RetryPolicy } from './retry-policy.ts'
import { defaultRetryPolicy } from './retry-policy.ts'
import type { S3Connection } from './s3-client.ts'
import { askedOf, connect } from './s3-client.ts'
import { cancelledBy, remoteError } from './s3-error.ts'
import { listPages } from './s3-list.ts'
import { getObject } from './s3-read.ts'

/** One thing `remotes test` looks at. */
export interface Check {
  readonly name: 'connect' | 'credentials' | 'list' | 'read' | 'if-match' | 'clock'
  readonly ok: boolean
  /** What was found, in one line. */
  readonly detail: string
  /** What to do about it; null when nothing need be done. */
  readonly hint: string | null
  /** The code of the failure, so that a command can end with its exit code; null when `ok`. */
  readonly code: AgentsviewError['code'] | null
}

/** Beyond this the signature of a request may be refused, in milliseconds (S3 allows 15 minutes). */
const clockToleranceMs = 5 * 60_000

const probePolicy: RetryPolicy = { ...defaultRetryPolicy, tries: 2, answerMs: 10_000, idleMs: 10_000 }

/**
 * Looks at what reading a remote needs: connection, credentials, one page of a listing, a range of the first
 * object that has bytes, whether If-Match is heeded, and the clocks. A check that cannot be made because an
 * earlier one failed is left out.
 * @throws AgentsviewError `cancelled`, `config.endpoint`; what the remote does wrong is in the checks
 */
export async function probeRemote(
  remote: Remote,
  signal: AbortSignal,
  policy: RetryPolicy = probePolicy,
): Promise<readonly Check[]> {
  if (remote.problem !== undefined && remote.problem !== null) {
    const { code, message, hint } = remote.problem
    return [{ name: 'credentials', ok: false, detail: message, hint, code }]
  }
  const tally: BucketTally = { list: 0, get: 0, head: 0, bytesFetched: 0 }
  const connection = await connect(remote, tally, policy)
  try {
    const noCredentials = await checkCredentials(connection, remote)
    if (noCredentials !== null) return [noCredentials]
    const { checks, sample } = await checkList(connection, remote, signal)
    if (sample !== null) checks.push(...(await checkRead(connection, remote, sample, signal)))
    if (connection.serverDate !== null) checks.push(checkClock(connection.serverDate))
    return checks
  } finally {
    connection.client.destroy()
  }
}

async function checkCredentials(connection: S3Connection, remote: Remote): Promise<Check | null> {
  try {
    await connection.client.config.credentials()
    return null
  } catch (error) {
    return failed('credentials', remoteError(error, askedOf(remote, 'list')))
  }
}

interface ListOutcome {
  readonly checks: Check[]
  /** An object whose bytes can be asked for; null when the page has none. */
  readonly sample: ObjectInfo | null
}

async function checkList(connection: S3Connection, remote: Remote, signal: AbortSignal): Promise<ListOutcome> {
  const { host } = askedOf(remote, 'list')
  const startedAt = performance.now()
  const objects: ObjectInfo[] = []
  let pages = 0
  try {
    for (const prefix of remote.prefixes) {
      for await (const page of listPages(connection, remote, { prefix, depth: 'all', after: null }, signal)) {
        objects.push(...page.objects)
        pages += 1
        break
      }
    }
  } catch (error) {
    return {
      checks: checksOfListFailure(remoteError(error, askedOf(remote, 'list'), signal), remote, signal),
      sample: null,
    }
  }
  const ms = Math.round((performance.now() - startedAt) / Math.max(1, pages))
  const detail = objects.length === 0 ? 'nothing under the prefixes' : `${objects.length} objects on the first page`
  const hint = objects.length === 0 ? `check \`prefixes\`. Try: agentsview remotes ls ${remote.name}` : null
  return {
    checks: [
      passed('connect', `${host} answers`),
      passed('credentials', wordsFor(remote.credentials)),
      passed('list', `${detail}, ${ms} ms`, hint),
    ],
    sample: objects.find(({ size, archivedClass }) => size > 0 && archivedClass === undefined) ?? null,
  }
}

const credentialFailures: readonly string[] = [
  'remote.refused.bad-key',
  'remote.refused.bad-secret',
  'remote.refused.expired-token',
  'remote.refused.no-credentials',
]

function checksOfListFailure(error: AgentsviewError, remote: Remote, signal: AbortSignal): Check[] {
  if (signal.aborted) throw cancelledBy(signal)
  if (isFamily(error, 'remote.unreachable') && error.code !== 'remote.unreachable.listing-cut') {
    return [failed('connect', error)]
  }
  const reached = passed('connect', `${askedOf(remote, 'list').host} answers`)
  if (credentialFailures.includes(error.code)) return [reached, failed('credentials', error)]
  return [reached, passed('credentials', wordsFor(remote.credentials)), failed('list', error)]
}

async function checkRead(
  connection: S3Connection,
  remote: Remote,
  sample: ObjectInfo,
  signal: AbortSignal,
): Promise<readonly Check[]> {
  try {
    // The last byte: the shortest range that shows whether Range is honoured.
    const answer = await getObject(connection, remote, sample, sample.size - 1, signal)
    answer.body.destroy()
    const isWhole = sample.size > 1 && answer.skip > 0
    const range = isWhole
      ? passed(
          'read',
          'Range is ignored: each read takes the whole object',
          'reading will cost more traffic than need be',
        )
      : passed('read', 'a range of an object can be read')
    return [range, await checkIfMatch(connection, remote, sample, signal)]
  } catch (error) {
    if (signal.aborted) throw cancelledBy(signal)
    return [failed('read', remoteError(error, askedOf(remote, 'read', sample.key), signal))]
  }
}

async function checkIfMatch(
  { sdk, client }: S3Connection,
  remote: Remote,
  sample: ObjectInfo,
  signal: AbortSignal,
): Promise<Check> {
  const input = { Bucket: remote.bucket, Key: sample.key, IfMatch: '"00000000000000000000000000000000"' }
  const command = new sdk.GetObjectCommand({ ...input, Range: 'bytes=0-0' })
  try {
    const answer = await client.send(command, { abortSignal: signal })
    await answer.Body?.transformToByteArray()
    return passed('if-match', 'If-Match is ignored: the ETag of each answer is checked instead')
  } catch (error) {
    const failure = remoteError(error, askedOf(remote, 'read', sample.key), signal)
    if (failure.code === 'remote.unreachable.changed') return passed('if-match', 'If-Match is heeded')
    if (signal.aborted) throw cancelledBy(signal)
    return failed('if-match', failure)
  }
}

function checkClock(serverDate: string): Check {
  const aheadMs = Date.parse(serverDate) - Date.now()
  if (Number.isNaN(aheadMs)) return passed('clock', 'the server tells no readable time')
  const seconds = Math.round(Math.abs(aheadMs) / 1000)
  if (Math.abs(aheadMs) <= clockToleranceMs) return passed('clock', `within ${seconds} s of the server's`)
  const direction = aheadMs > 0 ? 'behind' : 'ahead of'
  const detail = `this machine is ${seconds} s ${direction} the server; requests are signed with the server's time`
  return passed('clock', detail, 'set the clock of this machine')
}

/** Where credentials come from; never their value. */
function wordsFor(credentials: Credentials): string {
  switch (credentials.kind) {
    case 'keys':
      return credentials.from
    case 'profile':
      return `profile ${credentials.profile}`
    case 'anonymous':
      return 'none (anonymous)'
    case 'default-chain':
      return 'AWS default chain'
  }
}

function passed(name: Check['name'], detail: string, hint: string | null = null): Check {
  return { name, ok: true, detail, hint, code: null }
}

function failed(name: Check['name'], error: AgentsviewError): Check {
  return { name, ok: false, detail: error.message, hint: error.hint ?? null, code: error.code }
}
