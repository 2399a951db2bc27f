import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')

interface Room {
  /** Rooms whose values it may import. */
  readonly values: readonly string[]
  /** Rooms it may import types from, and nothing else. */
  readonly types?: readonly string[]
  readonly packages?: readonly string[]
  /** Does no I/O of its own. */
  readonly isPure?: true
}

const basics = ['base', 'model']
const rooms: Readonly<Record<string, Room>> = {
  base: { values: [], isPure: true },
  model: { values: ['base'], isPure: true },
  config: { values: basics, packages: ['smol-toml', 're2js'] },
  bucket: { values: basics, packages: ['@aws-sdk/client-s3', '@aws-sdk/lib-storage', '@smithy/node-http-handler'] },
  plan: { values: basics, packages: ['re2js'], isPure: true },
  lines: { values: basics, packages: ['fzstd'], isPure: true },
  agents: { values: basics, packages: ['jsonc-parser'], isPure: true },
  pricing: { values: basics, isPure: true },
  store: { values: basics, packages: ['drizzle-orm', 'libsql', '@libsql/client'] },
  ingest: {
    values: [...basics, 'plan', 'lines', 'agents', 'pricing'],
    types: ['bucket', 'store'],
    packages: ['p-map', 'picomatch'],
  },
  redact: { values: basics, isPure: true },
  push: { values: [...basics, 'redact'], types: ['bucket'] },
  query: { values: [...basics, 'store'], packages: ['drizzle-orm'] },
  export: { values: [...basics, 'query'], isPure: true },
  server: { values: [...basics, 'query', 'export'], types: ['ingest'], packages: ['hono', '@hono/node-server'] },
  cli: {
    values: [...basics, 'config', 'bucket', 'plan', 'lines', 'agents', 'pricing', 'store'].concat([
      'ingest',
      'redact',
      'push',
      'query',
      'export',
      'server',
    ]),
    packages: ['yargs', 'picocolors', 'string-width', '@clack/prompts'],
  },
}
const roomNames = Object.keys(rooms)

/** A file of the trial tree, and the rule that must report it (null: none may). */
interface Trial {
  readonly path: string
  readonly text: string
  readonly rule: string | null
}

const boundary = 'no-restricted-imports'

function roomTrials(): Trial[] {
  return Object.entries(rooms).flatMap(([name, room]) =>
    roomNames
      .filter((other) => other !== name)
      .flatMap((other): Trial[] => {
        const mayUse = room.values.includes(other)
        const mayName = mayUse || (room.types?.includes(other) ?? false)
        const path = `src/${name}/sub/${other}`
        const from = `'../../${other}/index.ts'`
        return [
          { path: `${path}-value.ts`, text: `export { value } from ${from}\n`, rule: mayUse ? null : boundary },
          { path: `${path}-late.ts`, text: `export const late = import(${from})\n`, rule: mayUse ? null : boundary },
          { path: `${path}-type.ts`, text: `export type { Thing } from ${from}\n`, rule: mayName ? null : boundary },
          { path: `${path}-deep.ts`, text: `export type { Thing } from '../../${other}/inside.ts'\n`, rule: boundary },
          {
            path: `src/${name}/${other}-deep.ts`,
            text: `export { value } from '../${other}/a/b.ts'\n`,
            rule: boundary,
          },
        ]
      }),
  )
}

function packageTrials(): Trial[] {
  const packages = [...new Set(Object.values(rooms).flatMap((room) => room.packages ?? []))]
  return Object.entries(rooms).flatMap(([name, room]) => [
    ...packages.map((id, index) => ({
      path: `src/${name}/package-${index}.ts`,
      text: `export type { Thing } from '${id}'\n`,
      rule: room.packages?.includes(id) ? null : boundary,
    })),
    { path: `src/${name}/unknown.ts`, text: `export { value } from 'left-pad/deep'\n`, rule: boundary },
    {
      path: `src/${name}/files.ts`,
      text: `export { readFile } from 'node:fs/promises'\n`,
      rule: room.isPure ? boundary : null,
    },
  ])
}

const otherTrials: Trial[] = [
  { path: 'src/agents/one/a.ts', text: `export { value } from '../two/index.ts'\n`, rule: boundary },
  { path: 'src/agents/one/b.ts', text: `export type { Thing } from '../two/format.ts'\n`, rule: boundary },
  { path: 'src/agents/one/c.ts', text: `export { value } from '../index.ts'\n`, rule: boundary },
  { path: 'src/agents/one/d.ts', text: `export { value } from '../shared/text.ts'\n`, rule: null },
  { path: 'src/agents/one/e.ts', text: `export type { Thing } from '../agent.ts'\n`, rule: null },
  { path: 'src/agents/one/f.ts', text: `export { value } from '../../base/index.ts'\n`, rule: null },
  { path: 'src/agents/one/g.ts', text: `export { value } from '../../store/index.ts'\n`, rule: boundary },
  { path: 'src/agents/shared/h.ts', text: `export { value } from '../one/format.ts'\n`, rule: boundary },
  { path: 'src/agents/index.ts', text: `export { format } from './one/format.ts'\n`, rule: null },
  { path: 'src/ingest/read-worker.ts', text: `export { value } from '../bucket/index.ts'\n`, rule: null },
  { path: 'src/ingest/write-worker.ts', text: `export { value } from '../query/index.ts'\n`, rule: boundary },
  { path: 'src/main.ts', text: `export { value } from './cli/index.ts'\n`, rule: null },
  { path: 'src/store/main-user.ts', text: `export { value } from '../main.ts'\n`, rule: boundary },
  { path: 'src/base/anything.test.ts', text: `export { value } from '../cli/inside.ts'\n`, rule: null },
  { path: 'src/base/loop-a.ts', text: `import { b } from './loop-b.ts'\nexport const a = () => b\n`, rule: 'no-cycle' },
  { path: 'src/base/loop-b.ts', text: `import { a } from './loop-a.ts'\nexport const b = () => a\n`, rule: 'no-cycle' },
  { path: 'src/cli/print.ts', text: `console.log('hello')\n`, rule: 'no-console' },
  { path: 'scripts/print.ts', text: `console.log('hello')\n`, rule: null },
  { path: 'src/cli/leave.ts', text: `process.exit(1)\n`, rule: 'no-process-exit' },
  { path: 'src/base/default.ts', text: `export default 1\n`, rule: 'no-default-export' },
  { path: 'any.config.ts', text: `export default 1\n`, rule: null },
  { path: 'src/base/any.ts', text: `export const a: any = 1\n`, rule: 'no-explicit-any' },
  { path: 'src/base/swallow.ts', text: `try { String(1) } catch {}\n`, rule: 'no-empty' },
  { path: 'src/base/float.ts', text: `export const a = async () => 1\na()\n`, rule: 'no-floating-promises' },
  { path: 'src/base/throw.ts', text: `export const a = () => { throw 'text' }\n`, rule: 'only-throw-error' },
  {
    path: 'src/base/switch.ts',
    text: `export function a(b: 'c' | 'd'): number {\n  switch (b) {\n    case 'c':\n      return 1\n  }\n  return 2\n}\n`,
    rule: 'switch-exhaustiveness-check',
  },
]

interface Diagnostic {
  readonly code: string
  readonly filename: string
}

function lint(folder: string): Promise<readonly Diagnostic[]> {
  return new Promise((done, fail) => {
    const bin = join(root, 'node_modules/oxlint/bin/oxlint')
    const options = { cwd: folder, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, [bin, '-f', 'json', '.'], options, (error, stdout, stderr) => {
      if (stdout === '') fail(new Error(`the linter said nothing: ${stderr}`, { cause: error }))
      else done((JSON.parse(stdout) as { diagnostics: Diagnostic[] }).diagnostics)
    })
  })
}

describe('the linter knows the table of rooms', () => {
  const trials = [...roomTrials(), ...packageTrials(), ...otherTrials]
  let folder = ''
  /** Rules reported, by file. */
  const reported = new Map<string, string[]>()

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agentsview-layout-'))
    for (const trial of trials) {
      await mkdir(dirname(join(folder, trial.path)), { recursive: true })
      await writeFile(join(folder, trial.path), trial.text)
    }
    await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
    await copyFile(join(root, 'tsconfig.json'), join(folder, 'tsconfig.json'))
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
    for (const { code, filename } of await lint(folder)) {
      reported.set(filename, [...(reported.get(filename) ?? []), /\((.+)\)/.exec(code)?.[1] ?? code])
    }
  }, 60_000)
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('reports every import the table forbids, and every banned habit', () => {
    const missed = trials.filter(({ path, rule }) => rule !== null && !reported.get(path)?.includes(rule))
    expect(missed).toEqual([])
  })

  it('lets every import pass that the table allows', () => {
    const refused = trials.filter(({ path, rule }) => rule === null && reported.get(path)?.includes(boundary))
    expect(refused).toEqual([])
    const habits = ['no-console', 'no-default-export']
    const wrong = trials.filter(
      ({ path, rule }) => rule === null && reported.get(path)?.some((name) => habits.includes(name)),
    )
    expect(wrong).toEqual([])
  })
})

async function sourceFiles(): Promise<string[]> {
  const entries = await readdir(join(root, 'src'), { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
}

describe('the source tree', () => {
  it('holds no room the table does not know', async () => {
    const entries = await readdir(join(root, 'src'), { withFileTypes: true })
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
    expect(folders.filter((name) => !roomNames.includes(name))).toEqual([])
  })

  // Nobody uses the command line but main.ts, which starts its run.ts.
  it.each(roomNames.filter((name) => name !== 'cli'))(
    'gives %s/ a public face that says its job, input, output and limits',
    async (name) => {
      const folder = join(root, 'src', name)
      // A room of the table that is still to come.
      if (!(await sourceFiles()).some((path) => path.startsWith(`src/${name}/`))) return
      const text = await readFile(join(folder, 'index.ts'), 'utf8')
      const header = /^\/\*\*\n((?: \* .+\n){2,5}) \*\/\n/.exec(text)?.[1] ?? ''
      expect(header).toMatch(new RegExp(`^ \\* ${name}: `))
      expect(header).toContain('In: ')
      expect(header).toContain('Out: ')
      expect(header).toContain('Must not: ')
      expect(text).not.toMatch(/export \* from/)
    },
  )

  it('names an agent only in its own room, in the list of formats and in what config takes as default', async () => {
    // The model family that pricing must know shares its name with an agent.
    const allowed = [/^src\/agents\//, /^src\/config\//, /^src\/pricing\/find-price\.ts$/]
    const ids = (await readdir(join(root, 'src/agents'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared' && !entry.name.startsWith('_'))
      .map((entry) => entry.name)
    expect(ids.length).toBeGreaterThan(0)
    const literal = new RegExp(`['"\`/](${ids.join('|')})['"\`/]`)
    const files = (await sourceFiles()).filter(
      (path) => !path.endsWith('.test.ts') && !allowed.some((pattern) => pattern.test(path)),
    )
    const texts = await Promise.all(
      files.map(async (path) => ({ path, text: await readFile(join(root, path), 'utf8') })),
    )
    const named = texts.filter(({ text }) => literal.test(text.replace(/^\s*(\/\*\*|\*|\/\/).*$/gm, '')))
    expect(named.map(({ path }) => path)).toEqual([])
  })

  it('keeps the formats apart: neither mentions another', async () => {
    const ids = (await readdir(join(root, 'src/agents'), { withFileTypes: true }))
      .filter((entry) => entry.isDirectory() && entry.name !== 'shared' && !entry.name.startsWith('_'))
      .map((entry) => entry.name)
    const wrong: string[] = []
    for (const path of await sourceFiles()) {
      const own = /^src\/agents\/([^/]+)\//.exec(path)?.[1]
      if (own === undefined || own === 'shared' || path.endsWith('.test.ts')) continue
      const text = await readFile(join(root, path), 'utf8')
      for (const other of ids) if (other !== own && new RegExp(`['"/]${other}['"/]`).test(text)) wrong.push(path)
    }
    expect(wrong).toEqual([])
  })
})
