/** How much JavaScript the built page needs before it shows anything. Called by itself it prints the bytes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { root } from './setup.mjs'

const page = join(root, 'dist', 'web')

/** Bytes, packed by gzip, of the scripts that index.html asks for and all they import at once. */
export async function startSize() {
  const manifest = JSON.parse(await readFile(join(page, '.vite', 'manifest.json'), 'utf8'))
  const needed = new Set()
  const take = (name) => {
    const chunk = manifest[name]
    if (needed.has(chunk.file)) return
    needed.add(chunk.file)
    for (const other of chunk.imports ?? []) take(other)
  }
  take('index.html')
  const sizes = await Promise.all([...needed].map(async (file) => gzipSync(await readFile(join(page, file))).length))
  return sizes.reduce((sum, size) => sum + size, 0)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.stdout.write(`${await startSize()}\n`)
