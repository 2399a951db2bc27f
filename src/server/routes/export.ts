import type { Context } from 'hono'

import { AgentsviewError } from '../../base/index.ts'
import { exportFileName, exportFormats, exportSessions, exportTypes, readSessions } from '../../export/index.ts'
import type { FoundSession } from '../../query/index.ts'
import { findSession, sessionObject } from '../../query/index.ts'
import type { ServerContext } from '../context.ts'
import { notReadable } from '../readable.ts'
import { wordOf } from '../request.ts'
import type { FileRoute } from '../route.ts'

const forms = [...exportFormats, 'raw'] as const
const rawType = 'application/octet-stream'
/** An address with more ids would be longer than servers and proxies take. */
const mostSessions = 100

/** Sessions as files to save. */
export const exportRoutes: readonly FileRoute[] = [
  {
    path: '/export',
    summary: 'Sessions as one file: Markdown, HTML or JSON; raw = the bytes of the one session’s object',
    params: ['id', 'as'],
    types: [...Object.values(exportTypes).map((type) => type.split(';')[0] ?? type), rawType],
    answer: async (request, context) => {
      const form = wordOf(request, 'as', forms, 'md')
      const found = await sessionsOf(request, context)
      const [first, ...others] = found
      if (first === undefined) throw wrong('no session is named', 'Say id=… once or more.')
      const name = others.length === 0 ? first.id : `${found.length}-sessions`
      if (form !== 'raw') {
        const pieces = exportSessions(form, readSessions(context.ask, found))
        return fileOf(bytesOf(pieces), exportFileName(name, form), { 'Content-Type': exportTypes[form] })
      }
      if (others.length > 0) throw wrong('several logs make no log together', 'Ask for one session at a time.')
      return await rawFile(first, context, request.req.raw.signal)
    },
  },
]

async function sessionsOf(request: Context, { ask }: ServerContext): Promise<readonly FoundSession[]> {
  const ids = [...new Set(request.req.queries('id') ?? [])]
  if (ids.length > mostSessions) throw wrong(`more than ${mostSessions} sessions are named`, 'Save them in parts.')
  const found: FoundSession[] = []
  for (const id of ids) found.push(await findSession(ask, id))
  return found
}

async function rawFile(found: FoundSession, context: ServerContext, signal: AbortSignal): Promise<Response> {
  const object = await sessionObject(context.ask, found)
  if (object === null || context.openObject === undefined) throw notReadable()
  const { size, chunks } = await context.openObject(object, signal)
  const ending = /\.(jsonl(?:\.(?:gz|zst))?|json)$/i.exec(object.key)?.[1]?.toLowerCase() ?? 'jsonl'
  const headers = { 'Content-Type': rawType, 'Content-Length': String(size) }
  return fileOf(chunks, exportFileName(found.id, ending), headers)
}

/** A file to be saved: opened in a browser all the same, it runs nothing and loads nothing. */
function fileOf(pieces: AsyncIterable<Uint8Array>, name: string, headers: Readonly<Record<string, string>>): Response {
  return new Response(ReadableStream.from(pieces), {
    headers: {
      ...headers,
      'Content-Disposition': `attachment; filename="${name}"`,
      'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'Cache-Control': 'no-store',
    },
  })
}

/** Pieces of text as bytes, of a size worth sending. */
async function* bytesOf(pieces: AsyncIterable<string>): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder()
  let waiting = ''
  for await (const piece of pieces) {
    waiting += piece
    if (waiting.length < 32 * 1024) continue
    yield encoder.encode(waiting)
    waiting = ''
  }
  if (waiting !== '') yield encoder.encode(waiting)
}

function wrong(message: string, hint: string): AgentsviewError {
  return new AgentsviewError({ code: 'usage.option', message, hint })
}
