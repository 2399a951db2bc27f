import { createHash } from 'node:crypto'
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import Database from 'libsql'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { embedded } from '../servers/embedded.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestServer } from '../servers/server.ts'
import type { CliResult } from '../run-cli.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { Program } from '../sync/program.ts'
import { buildProgram, startProcess } from '../sync/program.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

const fixtures = resolve(import.meta.dirname, '../../fixtures/bucket')
const migrations = resolve(import.meta.dirname, '../../migrations')

let program: Program
let server: TestServer
let bucket: TestBucket
beforeAll(async () => {
  program = await buildProgram()
  server = await embedded.start()
  bucket = await makeBucket(server)
  await bucket.putFolder(fixtures)
  for (let at = 0; at < 8; at += 1) {
    await bucket.put(`prod/box/raw/claude/projects/-app/long${at}.jsonl`, longLog(`long${at}`, 150, 3000))
  }
})
afterAll(async () => {
  bucket.close()
  await server.stop()
  program.remove()
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-trouble-'))
  writeConfig(folder, [{ name: 'all', endpoint: server.endpoint, region: server.region, bucket: bucket.name }])
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const archive = (): string => join(folder, 'archive.db')
const run = (...argv: readonly string[]): Promise<CliResult> => program.run(argv, { cwd: folder, env: keysOf(server) })
const sync = (): Promise<CliResult> => run('sync', '--remote', 'all', '--progress', 'none')
const hashOf = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex')
const failureIn = ({ stderr }: CliResult): { code: string; hint?: string } =>
  (JSON.parse(stderr.trim().split('\n').at(-1) ?? '{}') as { error: { code: string; hint?: string } }).error

async function expectWhole(): Promise<void> {
  expect(await sync()).toMatchObject({ code: 0 })
  expect(await run('db', 'check')).toMatchObject({ code: 0, stdout: 'The archive is sound.\n' })
  expect(JSON.parse((await run('db', 'info', '--json')).stdout)).toMatchObject({ rows: { messages: await messages() } })
}

let known: number | null = null
/** Messages of an archive that had no trouble. */
async function messages(): Promise<number> {
  if (known !== null) return known
  const args = ['--db', `file:${join(folder, 'other', 'archive.db')}`]
  await run('sync', '--remote', 'all', '--progress', 'none', ...args)
  const { rows } = JSON.parse((await run('db', 'info', '--json', ...args)).stdout) as { rows: { messages: number } }
  known = rows.messages
  return known
}

/** The same program as it was, or will be: with other migrations. */
function programWith(
  name: string,
  change: (tags: { readonly tag: string }[], migrationsFolder: string) => void,
): string {
  const own = join(folder, name)
  mkdirSync(own)
  for (const part of ['node_modules', 'package.json'])
    symlinkSync(join(dirname(dirname(program.entry)), part), join(own, part))
  // Paths are told from where a file really lies, so the compiled files must be there themselves.
  cpSync(dirname(program.entry), join(own, 'dist'), { recursive: true })
  cpSync(migrations, join(own, 'migrations'), { recursive: true })
  const path = join(own, 'migrations/meta/_journal.json')
  const journal = JSON.parse(readFileSync(path, 'utf8')) as { entries: { tag: string }[] }
  change(journal.entries, join(own, 'migrations'))
  writeFileSync(path, JSON.stringify(journal))
  return join(own, 'dist/main.js')
}

const newer = (): string =>
  programWith('newer', (entries, into) => {
    entries.push({ tag: '9999_slow' })
    const rows = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000) SELECT i, hex(i) AS t FROM n`
    writeFileSync(
      join(into, '9999_slow.sql'),
      `CREATE TABLE slow AS ${rows};--> statement-breakpoint\nCREATE INDEX slow_by ON slow (t)`,
    )
  })
const runAs = (entry: string, ...argv: readonly string[]) =>
  startProcess(process.execPath, [entry, ...argv], { cwd: folder, env: keysOf(server) })

describe('an archive of an older program', () => {
  it('is copied beside itself before it is changed, and the copy works', async () => {
    await sync()
    await runAs(newer(), 'db', 'info').ended
    const copies = readdirSync(folder).filter((name) => name.startsWith('archive.db.'))
    const [copy = ''] = copies.filter((name) => name.startsWith('archive.db.backup-'))
    expect(copy).toMatch(/^archive\.db\.backup-\d{4}$/)
    expect(copies.filter((name) => name.endsWith('.part'))).toEqual([])
    // Put back in its place, it is the archive it was.
    for (const name of copies) if (name !== copy) rmSync(join(folder, name))
    copyFileSync(join(folder, copy), archive())
    await expectWhole()
  })

  it('is, when its migration is killed, what it was or what it shall be', async () => {
    await sync()
    const entry = newer()
    const outcomes = new Set<number>()
    for (let kill = 0; kill < 8; kill += 1) {
      rmSync(join(folder, 'copy'), { recursive: true, force: true })
      mkdirSync(join(folder, 'copy'))
      const copy = join(folder, 'copy', 'archive.db')
      copyFileSync(archive(), copy)
      const { child, ended } = runAs(entry, 'db', 'info', '--db', `file:${copy}`)
      await wait(150 + 150 * kill)
      child.kill('SIGKILL')
      await ended
      const { code } = await run('db', 'check', '--db', `file:${copy}`)
      // 10: the newer program has changed it, whole; this one refuses it then.
      expect([0, 10]).toContain(code)
      outcomes.add(code)
      const now = await runAs(entry, 'db', 'info', '--json', '--db', `file:${copy}`).ended
      expect(JSON.parse(now.stdout)).toMatchObject({ schema: '9999_slow' })
    }
    expect(outcomes.has(0)).toBe(true)
  }, 120_000)
})

describe('an archive that cannot be used', () => {
  it('because a newer program changed it is left untouched', async () => {
    await sync()
    await runAs(newer(), 'db', 'info').ended
    const before = hashOf(archive())
    for (const argv of [
      ['sync', '--remote', 'all', '--json'],
      ['session', 'list', '--json'],
      ['db', 'check', '--json'],
    ]) {
      const result = await run(...argv)
      expect(result).toMatchObject({ code: 10, stdout: '' })
      expect(failureIn(result)).toMatchObject({ code: 'store.newer' })
    }
    expect(hashOf(archive())).toBe(before)
  })

  it('because it is a database of another program is left untouched', async () => {
    const other = new Database(archive())
    other.exec('CREATE TABLE bookmarks (url TEXT)')
    other.close()
    const before = hashOf(archive())
    const result = await run('sync', '--remote', 'all', '--json')
    expect(result.code).toBe(10)
    expect(failureIn(result)).toMatchObject({ code: 'store.foreign' })
    expect(hashOf(archive())).toBe(before)
  })

  it('because it is no database, or was cut, says so and what to do', async () => {
    writeFileSync(archive(), 'these are no rows '.repeat(1000))
    const text = await run('sync', '--remote', 'all', '--json')
    expect(text.code).toBe(10)
    expect(failureIn(text)).toMatchObject({ code: 'store.corrupt' })
    expect(failureIn(text).hint).toContain('backup')
    rmSync(archive())
    await sync()
    await run('db', 'vacuum')
    truncateSync(archive(), 200_000)
    for (const argv of [
      ['sync', '--remote', 'all', '--full', '--json'],
      ['db', 'check', '--json'],
    ]) {
      const cut = await run(...argv)
      expect(cut.code, cut.stderr).toBe(10)
    }
  })

  it('because others hold it for too long says so; nothing is lost', async () => {
    await sync()
    const holder = new Database(archive())
    holder.exec('BEGIN IMMEDIATE')
    const result = await run('sync', '--remote', 'all', '--json')
    holder.exec('ROLLBACK')
    holder.close()
    expect(result.code).toBe(10)
    expect(failureIn(result)).toMatchObject({ code: 'store.locked' })
    await expectWhole()
  })

  it('because it may not be written says so', async () => {
    await sync()
    await run('db', 'vacuum')
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o444)
    chmodSync(folder, 0o555)
    const isRoot = process.getuid?.() === 0
    // Root may write everything: another user asks then.
    const words = `require('process').setuid(65534); process.argv.splice(1, 1); import(process.argv[1])`
    const argv = ['sync', '--remote', 'all', '--json', '--progress', 'none']
    const env = keysOf(server)
    chmodSync(dirname(dirname(program.entry)), 0o755)
    const result = isRoot
      ? await startProcess(process.execPath, ['-e', words, 'node', program.entry, ...argv], { cwd: folder, env }).ended
      : await run(...argv)
    chmodSync(folder, 0o755)
    for (const name of readdirSync(folder)) chmodSync(join(folder, name), 0o644)
    expect(result.code, result.stderr).toBe(10)
    expect(failureIn(result)).toMatchObject({ code: 'store.denied' })
    await expectWhole()
  })

  it('because no space is left says so; what was committed stays, and the rest follows', async () => {
    const full = await startProcess(
      'sh',
      // No file may grow over 1.5 MiB (512-byte blocks).
      [
        '-c',
        `trap '' XFSZ; ulimit -f 3000; exec "$0" "$@"`,
        process.execPath,
        program.entry,
        'sync',
        '--remote',
        'all',
        '--json',
        '--progress',
        'none',
      ],
      { cwd: folder, env: keysOf(server) },
    ).ended
    expect(full.code, full.stderr).toBe(10)
    expect(['store.full', 'store.io']).toContain(failureIn(full).code)
    expect(existsSync(archive())).toBe(true)
    await expectWhole()
  })
})
