import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import type { Truth } from '../corpus/truth.ts'
import type { BenchBucket } from './bucket.ts'
import { filesOf, makeBucket, upload } from './bucket.ts'
import type { Lab } from './lab.ts'
import type { Measured } from './measure.ts'
import { measure, measureNode } from './measure.ts'
import { root, say } from './tools.ts'

/** Made-up logs with their truth, on disk and in a bucket of their own. */
export interface Corpus {
  readonly folder: string
  readonly bucket: BenchBucket
  /** What stands in the bucket now. */
  readonly objects: number
  readonly bytes: number
}

/** The logs of a whole fleet. */
export async function fleetCorpus(lab: Lab, bytes: number): Promise<Corpus> {
  return await corpusOf(lab, `fleet-${bytes}`, ['make.ts', '--bytes', String(bytes), '--machines', '4'])
}

/** Logs of one unusual kind: many tiny ones, one huge session, or one with a huge line. */
export async function specialCorpus(lab: Lab, kind: 'small' | 'session' | 'line', size: number): Promise<Corpus> {
  return await corpusOf(lab, `${kind}-${size}`, ['make-special.ts', '--kind', kind, '--size', String(size)])
}

async function corpusOf(lab: Lab, name: string, [script = '', ...args]: readonly string[]): Promise<Corpus> {
  return await lab.once(name, async () => {
    const folder = join(lab.folder, name)
    say(`  making ${name} …`)
    await runScript(script, [...args, '--out', folder, '--seed', '1'])
    const bucket = await makeBucket(await lab.server(), name)
    await upload(bucket, folder)
    return { folder, bucket, ...sizeOf(folder) }
  })
}

function sizeOf(folder: string): { readonly objects: number; readonly bytes: number } {
  const { bytes } = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth
  return { objects: filesOf(folder).length, bytes }
}

/** Lets a fifth of a fleet's logs grow by a turn of some 20 KB, and puts those into the bucket. */
export async function growCorpus(corpus: Corpus, round: number): Promise<{ bytes: number; objects: number }> {
  const { folder, bucket } = corpus
  await runScript('grow.ts', ['--out', folder, '--seed', String(round), '--share', '0.2', '--most', '600'])
  const growth = JSON.parse(readFileSync(join(folder, 'growth.json'), 'utf8')) as {
    readonly bytes: number
    readonly objects: readonly { readonly path: string }[]
  }
  const paths = growth.objects.map(({ path }) => path)
  await upload(bucket, folder, paths)
  return { bytes: growth.bytes, objects: paths.length }
}

/**
 * Holds an archive against the truth of its corpus: a fast run that is wrong counts for nothing.
 * @throws Error with every difference
 */
export async function verify(corpus: Corpus, url: string): Promise<void> {
  await runScript('verify.ts', ['--truth', join(corpus.folder, 'truth.json'), '--db', url])
}

/** The yardstick over a bucket: lists it, or also reads, splits and parses everything. */
export async function bareLoop({ bucket }: Corpus, depth: 'list' | 'get' | 'split' | 'parse') {
  const { server, name } = bucket
  return await measureNode([join(root, 'bench/bare-loop.mjs'), server.endpoint, name, depth], { env: keysOf(server) })
}

/** How many pages the server's listing has: a full last page may be followed by an empty one. */
export function pagesOf(runs: readonly Measured[]): number {
  return Math.max(...runs.map(({ stdout }) => Number(/in (\d+) pages/.exec(stdout)?.[1] ?? Number.NaN)))
}

/** The keys of a server, as programs expect them. */
export function keysOf(server: BenchBucket['server']): Readonly<Record<string, string>> {
  return { AWS_ACCESS_KEY_ID: server.accessKeyId, AWS_SECRET_ACCESS_KEY: server.secretAccessKey }
}

/** Runs one of the corpus's own scripts, in a process of its own so that this one stays small. */
export async function runScript(script: string, args: readonly string[]): Promise<Measured> {
  const path = join(root, 'bench/corpus', script)
  if (!existsSync(path)) throw new Error(`there is no ${path}`)
  return await measure({ command: process.execPath, args: ['--import', 'tsx', path, ...args], cwd: root })
}
