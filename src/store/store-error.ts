import { AgentsviewError, messageOf } from '../base/index.ts'

/** What an engine's own error code means to the person who runs the program. */
const causes: readonly {
  readonly sign: RegExp
  readonly code: `store.${string}`
  readonly message: string
  readonly hint: string
}[] = [
  {
    sign: /SQLITE_(BUSY|LOCKED)|database (table )?is locked/i,
    code: 'store.locked',
    message: 'the archive is being written by another program',
    hint: 'wait for the other sync to end, then run the command again',
  },
  {
    sign: /TRANSACTION_TIMEOUT/,
    code: 'store.locked',
    message: 'the archive server gave this program’s turn to others, again and again',
    hint: 'run the command again when fewer collectors write; what was committed is safe',
  },
  {
    sign: /RESPONSE_TOO_LARGE/,
    code: 'store.too-large',
    message: 'one row is more than the archive server sends',
    hint: 'start the server with a larger answer size (sqld --max-response-size 100MB)',
  },
  {
    sign: /SQLITE_FULL|disk is full|ENOSPC|EFBIG/i,
    code: 'store.full',
    message: 'no space is left for the archive',
    hint: 'free space on that disk; nothing that was committed is lost',
  },
  {
    sign: /SQLITE_(CORRUPT|NOTADB)|malformed|not a database/i,
    code: 'store.corrupt',
    message: 'the archive is damaged, or is not an archive',
    hint: 'put a backup in its place, or move it away and run: agentsview sync (everything is read again)',
  },
  {
    sign: /SQLITE_(READONLY|PERM|CANTOPEN)|readonly database|unable to open|EACCES|EROFS/i,
    code: 'store.denied',
    message: 'the archive cannot be opened for writing',
    hint: 'check the folder and its permissions, or name another archive with --db',
  },
  {
    sign: /SQLITE_IOERR|disk I\/O error/i,
    code: 'store.io',
    message: 'the disk of the archive cannot be read or written',
    hint: 'look at that disk: is it full, gone, or failing? What was committed is safe as long as the file is',
  },
  {
    sign: /401|403|AUTH|Unauthorized/i,
    code: 'store.denied',
    message: 'the archive server refused the token',
    hint: 'set [store] token_env to the name of a variable that holds a valid token',
  },
  {
    sign: /ECONN|ENOTFOUND|EAI_AGAIN|fetch failed|ETIMEDOUT|socket/i,
    code: 'store.unreachable',
    message: 'the archive server cannot be reached',
    hint: 'check [store] url and that the server is up',
  },
]

/**
 * Turns what a driver throws into an error with a cause, a next step and exit code 10. Anything that does not
 * come from a driver is a bug of ours, and stays what it is.
 */
export function storeError(error: unknown, url: string): Error {
  if (error instanceof AgentsviewError) return error
  if (!(error instanceof Error)) return new Error(messageOf(error), { cause: error })
  if (!('code' in error) && !error.message.includes('fetch failed')) return error
  const code = 'code' in error ? String(error.code) : ''
  const text = `${code} ${error.message} ${messageOf(error.cause ?? '')}`
  const known = causes.find((cause) => cause.sign.test(text))
  return new AgentsviewError({
    code: known?.code ?? 'store.failed',
    message: `${known?.message ?? 'the archive failed'} (${url}): ${error.message}`,
    hint: known?.hint,
    cause: error,
  })
}
