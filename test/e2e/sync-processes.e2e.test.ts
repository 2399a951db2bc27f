import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'

import { openArchive } from '../../src/store/index.ts'
import { embedded } from '../servers/embedded.ts'
import type { TestBucket } from '../servers/fill.ts'
import { makeBucket } from '../servers/fill.ts'
import type { TestServer } from '../servers/server.ts'
import type { Dump } from '../sync/dump.ts'
import { differences, dumpOf } from '../sync/dump.ts'
import { longLog } from '../sync/fixture-objects.ts'
import type { Program } from '../sync/program.ts'
import { buildProgram, startProcess } from '../sync/program.ts'
import { keysOf, writeConfig } from '../sync/remote-config.ts'

const fixtures = resolve(import.meta.dirname, '../../fixtures/bucket')
/** Tells of every file a process makes; used where it is installed and allowed. */
const tracer = 'strace'
const seed = Number(process.env['AGENTSVIEW_SEED'] ?? '1')

let program: Program
let server: TestServer
let bucket: TestBucket
let truth: Dump
let root = ''

beforeAll(async () => {
  program = await buildProgram()
  server = await embedded.start()
  bucket = await makeBucket(server)
  await bucket.putFolder(fixtures)
  for (let at = 0; at < 4; at += 1) {
    await bucket.put(`prod/box/raw/claude/projects/-app/long${at}.jsonl`, longLog(`long${at}`, 1500, 3000))
  }
  root = mkdtempSync(join(tmpdir(), 'agentsview-truth-'))
  prepare(root)
  expect(await sync(root)).toMatchObject({ code: 0 })
  truth = await dumpIn(root)
}, 120_000)
afterAll(async () => {
  rmSync(root, { recursive: true, force: true })
  bucket.close()
  await server.stop()
  program.remove()
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'agentsview-processes-'))
  prepare(folder)
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

function prepare(cwd: string): void {
  writeConfig(cwd, [{ name: 'all', endpoint: server.endpoint, region: server.region, bucket: bucket.name }])
}

const argv = ['sync', '--remote', 'all', '--progress', 'none']
const sync = (cwd: string): ReturnType<Program['run']> => program.run(argv, { cwd, env: keysOf(server) })

async function dumpIn(cwd: string): Promise<Dump> {
  const archive = await openArchive({ url: `file:${join(cwd, 'archive.db')}`, token: null })
  const dump = await dumpOf(archive)
  archive.close()
  return dump
}

describe('a sync that is killed', () => {
  it('at any moment leaves an archive that the next runs make whole', async () => {
    let state = seed
    let killed = 0
    for (let kill = 1; kill <= 6; kill += 1) {
      state = (state * 48_271) % 2_147_483_647
      // Killed when it has told of so many events, whatever it is doing then.
      let left = 1 + (state % (20 * kill))
      const talking = [...argv.slice(0, -1), 'json']
      const { child, ended } = program.start(talking, { cwd: folder, env: keysOf(server) })
      child.stderr?.on('data', (chunk: Buffer) => {
        left -= chunk.toString('utf8').split('\n').length - 1
        if (left <= 0) child.kill('SIGKILL')
      })
      killed += Number((await ended).code === -1)
    }
    expect(killed).toBeGreaterThan(1)
    const last = await sync(folder)
    expect(last.code, `${last.stderr} (seed ${seed})`).toBe(0)
    expect(differences(await dumpIn(folder), truth), `seed ${seed}`).toEqual({})
  })

  it('by Ctrl-C ends with exit 130, one JSON object on stdout, and goes on later', async () => {
    const { child, ended } = program.start(['sync', '--remote', '--json', '--progress', 'json'], {
      cwd: folder,
      env: keysOf(server),
    })
    child.stderr?.once('data', () => child.kill('SIGINT'))
    const { code, stdout, stderr } = await ended
    expect(code, stderr).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'syncSummary', ok: false })
    expect((await sync(folder)).code).toBe(0)
    expect(differences(await dumpIn(folder), truth)).toEqual({})
  })
})

describe('two syncs at once on one archive', () => {
  it('double nothing and miss nothing', async () => {
    const both = await Promise.all([sync(folder), sync(folder)])
    for (const { code, stderr } of both) expect(code, stderr).toBe(0)
    expect((await sync(folder)).code).toBe(0)
    expect(differences(await dumpIn(folder), truth)).toEqual({})
  })
})

describe('a sync', () => {
  const hasTracer = ((): boolean => {
    try {
      execFileSync(tracer, ['-o', '/dev/null', 'true'], { stdio: 'ignore' })
      return true
    } catch (error) {
      // Not installed, or tracing is not allowed here: the folders are looked at instead.
      return !(error instanceof Error)
    }
  })()

  /** Paths of all files below a folder. */
  const filesIn = (path: string): readonly string[] =>
    readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name))

  /** Node's own copy of the compiled program, which it keeps from 22.1 on; nothing of a log is in it. */
  const isCode = (path: string): boolean => /\/home\/\.cache(\/agentsview(\/v\d+[^"]*)?)?("|$)/.test(path)

  it('makes no file but those of its archive', async () => {
    const places = { HOME: join(folder, 'home'), TMPDIR: join(folder, 'tmp'), cwd: join(folder, 'work') }
    for (const path of Object.values(places)) mkdirSync(path)
    prepare(places.cwd)
    const env = { ...keysOf(server), HOME: places.HOME, TMPDIR: places.TMPDIR }
    const seen = new Set<string>()
    const look = setInterval(() => {
      for (const path of filesIn(folder)) seen.add(path)
    }, 5)
    const trace = join(folder, 'trace.txt')
    const calls = 'trace=openat,open,creat,rename,renameat,renameat2,mkdir,mkdirat,link,linkat,symlink,symlinkat'
    const { ended } = hasTracer
      ? startProcess(tracer, ['-f', '-e', calls, '-o', trace, process.execPath, program.entry, ...argv], {
          cwd: places.cwd,
          env,
        })
      : program.start(argv, { cwd: places.cwd, env })
    const result = await ended
    clearInterval(look)
    expect(result.code, result.stderr).toBe(0)
    for (const path of filesIn(folder)) seen.add(path)
    const expected = (path: string): boolean =>
      /\/work\/(archive\.db(-wal|-shm|-journal)?|agentsview\.toml)$/.test(path) ||
      isCode(path) ||
      path === trace ||
      path === join(folder, 'agentsview.toml')
    expect([...seen].filter((path) => !expected(path))).toEqual([])
    if (hasTracer) {
      const made = readFileSync(trace, 'utf8')
        .split('\n')
        .filter(
          (line) => /O_CREAT|\b(creat|rename\w*|mkdir\w*|link\w*|symlink\w*)\(/.test(line) && !/= -1 E/.test(line),
        )
        .filter((line) => !/archive\.db(-wal|-shm|-journal)?"/.test(line) && !isCode(line))
      expect(made).toEqual([])
    }
  })
})
