import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'

import type { Context } from 'hono'

/** A file of the built page, as it is sent. */
interface PageFile {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
  readonly etag: string
  /** Its name changes with its contents. */
  readonly isImmutable: boolean
}

/** The files of the built page by address; nothing but these is ever sent. */
export type PageFiles = ReadonlyMap<string, PageFile>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.txt': 'text/plain; charset=utf-8',
}

/**
 * Reads the built page into memory: what is asked for later is a name in this list, never a path.
 * @returns null when it is not built
 */
export async function readPageFiles(folder: string): Promise<PageFiles | null> {
  const names = await filesIn(folder)
  if (!names.includes('index.html')) return null
  const files = await Promise.all(
    names.flatMap((name) => {
      const type = types[extname(name)]
      return type === undefined ? [] : [readPageFile(folder, name, type)]
    }),
  )
  return new Map(files)
}

async function readPageFile(folder: string, name: string, type: string): Promise<[string, PageFile]> {
  const bytes = new Uint8Array(await readFile(join(folder, name)))
  const etag = `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`
  // The bundler puts a hash of the contents before the ending, in this folder alone.
  return [`/${name}`, { bytes, type, etag, isImmutable: name.startsWith('assets/') }]
}

async function filesIn(folder: string): Promise<readonly string[]> {
  try {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    return entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}

/** The file at an address; for the address of a page the one document that draws them all; null for neither. */
export function pageFileAt(files: PageFiles, path: string): PageFile | null {
  const file = files.get(path)
  if (file !== undefined) return file
  // Ids of sessions hold dots, so only known endings tell a file from a page.
  const isFile = extname(path) in types || path.startsWith('/assets/')
  return isFile || path.startsWith('/api/') ? null : (files.get('/index.html') ?? null)
}

/** Sends a file, or says that the reader has it already. */
export function sendPageFile(request: Context, file: PageFile): Response {
  const headers = {
    'Content-Type': file.type,
    'Cache-Control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
    ETag: file.etag,
  }
  const known = (request.req.header('if-none-match') ?? '').split(',').map((one) => one.trim())
  return known.includes(file.etag)
    ? new Response(null, { status: 304, headers })
    : new Response(file.bytes, { headers })
}
