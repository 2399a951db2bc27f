import { createHash } from 'node:crypto'

import type { Context } from 'hono'

import { AgentsviewError } from '../../base/index.ts'
import type { SessionObject } from '../../query/index.ts'
import { messageLines } from '../../query/index.ts'
import type { LineImage, ReadObject } from '../context.ts'
import { isKnown } from '../etag.ts'
import { imageType, imageTypes } from '../image-type.ts'
import { readableOf } from '../readable.ts'
import { sessionOf } from '../request.ts'
import type { FileRoute } from '../route.ts'

/** Longest line that is read for its pictures, in bytes: no request to a model may be longer. */
const longestLine = 32 * 2 ** 20
/** Reading a line that long takes its time. */
const patienceMs = 60_000

/** Pictures of a transcript, taken out of the log's own lines when they are looked at. */
export const imageRoutes: readonly FileRoute[] = [
  {
    path: '/sessions/:id/messages/:ordinal/images/:number',
    summary: 'A picture of a message, or with call of what a tool gave back; both count from 0',
    params: ['call'],
    types: imageTypes,
    answer: async (request, context) => {
      const found = await sessionOf(request, context)
      const callId = request.req.query('call') || null
      const number = placeOf(request, 'number')
      const { object, readObject } = await readableOf(found, context)
      const lines = await messageLines(context.ask, found, placeOf(request, 'ordinal'), callId)
      const etag = etagOf([object.remote, object.bucket, object.key, object.generation, callId, number, ...lines])
      if (isKnown(request, etag)) return new Response(null, { status: 304, headers: { ETag: etag } })
      const imagesIn = context.agents?.find(({ id }) => id === found.agent)?.imagesIn
      const image = await nthImage(lines, number, callId, (offset) => imagesAt(object, offset, readObject, imagesIn))
      const bytes = Buffer.from(image.base64 ?? '', 'base64')
      const type = imageType(bytes)
      if (type === null) throw noImage('is none that is shown here', 'See the raw line.')
      return new Response(bytes, { headers: { ...imageHeaders, 'Content-Type': type, ETag: etag } })
    },
  },
]

/** Whatever the bytes are, they run nothing and load nothing, opened by themselves too. */
const imageHeaders = {
  'Content-Disposition': 'inline',
  'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'Cache-Control': 'private, no-cache',
}

async function nthImage(
  lines: readonly number[],
  number: number,
  callId: string | null,
  read: (offset: number) => Promise<readonly LineImage[]>,
): Promise<LineImage> {
  let before = 0
  for (const offset of lines) {
    const images = (await read(offset)).filter((image) => image.callId === callId)
    const image = images[number - before]
    if (image?.base64 === null) throw noImage('is not in the log, which only names where it was', 'See the raw line.')
    if (image !== undefined) return image
    before += images.length
  }
  throw noImage('does not exist', 'The message holds fewer.')
}

function noImage(why: string, hint: string): AgentsviewError {
  return new AgentsviewError({ code: 'not-found.image', message: `this picture ${why}`, hint })
}

interface KnownLine {
  readonly key: string
  readonly images: Promise<readonly LineImage[]>
}

/** The last lines that were read, by the function that read them: several pictures of a line are asked for one by one. */
const recent = new WeakMap<ReadObject, readonly KnownLine[]>()
const mostRecent = 2

async function imagesAt(
  object: SessionObject,
  offset: number,
  readObject: ReadObject,
  imagesIn: ((line: Uint8Array) => readonly LineImage[]) | undefined,
): Promise<readonly LineImage[]> {
  const key = etagOf([object.remote, object.bucket, object.key, object.etag, offset])
  const lines = (recent.get(readObject) ?? []).filter((line) => line.key !== key)
  const known = recent.get(readObject)?.find((line) => line.key === key)
  // One reader may leave while others wait for the same line.
  const images = known?.images ?? readImages(object, offset, readObject, imagesIn)
  recent.set(readObject, [{ key, images }, ...lines].slice(0, mostRecent))
  try {
    return await images
  } catch (error) {
    recent.set(
      readObject,
      (recent.get(readObject) ?? []).filter((line) => line.images !== images),
    )
    throw error
  }
}

async function readImages(
  object: SessionObject,
  offset: number,
  readObject: ReadObject,
  imagesIn: ((line: Uint8Array) => readonly LineImage[]) | undefined,
): Promise<readonly LineImage[]> {
  const wanted = { most: longestLine, isLine: true }
  const { bytes, isCut } = await readObject(object, offset, wanted, AbortSignal.timeout(patienceMs))
  if (isCut) {
    throw new AgentsviewError({
      code: 'limit.image',
      message: 'the line of the log that holds this picture is too long to be read for it',
      hint: 'Save the log itself: agentsview session export --as raw',
    })
  }
  return imagesIn?.(bytes) ?? []
}

function placeOf(request: Context, name: string): number {
  const place = Number(request.req.param(name))
  if (Number.isSafeInteger(place) && place >= 0) return place
  throw new AgentsviewError({ code: 'usage.option', message: `${name} is not a whole number`, hint: 'Say 0.' })
}

function etagOf(parts: readonly (string | number | null)[]): string {
  return `"${createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22)}"`
}
