/** Bundles src/ into dist/ and web/ into dist/web; each only when something of it changed. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { startSize } from './page-size.mjs'
import { finishWith, root, runTool, setUp } from './setup.mjs'

const dist = join(root, 'dist')
const page = join(dist, 'web')
const stamp = join(dist, '.built-from')
const pageStamp = join(page, '.built-from')

/** Builds what changed; types are checked by `npm run check`. Gives the exit code of the first part that failed. */
export async function build() {
  const code = await buildProgram()
  return code === 0 ? buildPage() : code
}

/** The page: bundled from web/ and the types of the API. */
async function buildPage() {
  const files = await filesUnder(join(root, 'web'))
  const wanted = await fingerprint([...files, join(root, 'package-lock.json')])
  if (existsSync(pageStamp) && (await readFile(pageStamp, 'utf8')) === wanted) return 0
  process.stderr.write('Building the page …\n')
  const code = await runTool('vite', ['build', '--config', 'web/vite.config.ts', '--logLevel', 'warn'])
  if (code !== 0) return code
  process.stderr.write(`Page: ${Math.round((await startSize()) / 1000)} kB of JavaScript to begin with (gzip)\n`)
  await writeFile(pageStamp, wanted)
  return 0
}

async function buildProgram() {
  const files = await filesUnder(join(root, 'src'))
  const wanted = await fingerprint([
    ...files,
    ...['scripts/bundle.mjs', 'package-lock.json'].map((name) => join(root, name)),
  ])
  if (existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted) return 0
  process.stderr.write('Building …\n')
  await emptyDist()
  // Loaded only now: where nothing changed, a start need not wait for the bundler.
  const { bundle } = await import('./bundle.mjs')
  await bundle(dist)
  await writeFile(stamp, wanted)
  return 0
}

/** The page has a stamp of its own and stays. */
async function emptyDist() {
  if (!existsSync(dist)) return
  const names = (await readdir(dist)).filter((name) => name !== 'web')
  for (const name of names) await rm(join(dist, name), { recursive: true, force: true })
}

async function filesUnder(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.md') && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

async function fingerprint(files) {
  const hash = createHash('sha256')
  for (const file of files) {
    const { size, mtimeMs } = await stat(file)
    hash.update(`${relative(root, file)}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await setUp()
  await finishWith(build())
}
