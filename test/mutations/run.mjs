/**
 * node test/mutations/run.mjs [--list codex-usage,pricing] [words of a rule]: breaks each rule of the lists in
 * `rules/` in a copy of the program and expects one of the tests in the files named there to fail; prints its name.
 * Ends with 1 when a broken rule goes unnoticed, when a break only keeps the program from loading, or when a rule's
 * text is not in its file any more.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'

const root = resolve(import.meta.dirname, '../..')
const lists = join(import.meta.dirname, 'rules')
const { values, positionals } = parseArgs({ options: { list: { type: 'string' } }, allowPositionals: true })
const names = values.list?.split(',') ?? readdirSync(lists).map((file) => file.replace(/\.json$/, ''))
const rules = names
  .flatMap((name) => JSON.parse(readFileSync(join(lists, `${name}.json`), 'utf8')))
  .filter(({ rule }) => rule.includes(positionals.join(' ')))
const copied = [
  'src',
  'test',
  'fixtures',
  'migrations',
  'docs',
  'bench',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
]

function copyProgram() {
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-mutations-'))
  for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  return folder
}

/** How these files' tests end: whether all pass, and the name of the first that does not, if any could run. */
function runTests(folder, tests) {
  const report = join(folder, 'report.json')
  rmSync(report, { force: true })
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const options = ['--project', 'unit', '--bail', '1', '--reporter', 'json', '--outputFile', report]
  // One seed for all, so that a rule is noticed in every run or in none.
  const env = { ...process.env, CI: '1', AGENTSVIEW_SEED: process.env.AGENTSVIEW_SEED ?? '1' }
  const { status, error } = spawnSync(process.execPath, [vitest, 'run', ...options, ...tests], {
    cwd: folder,
    encoding: 'utf8',
    env,
    timeout: 300_000,
  })
  if (error?.code === 'ETIMEDOUT') return { isGreen: false, failed: 'did not end' }
  if (error !== undefined) throw error
  const files = JSON.parse(readFileSync(report, 'utf8')).testResults
  const failed = files.flatMap(({ assertionResults }) => assertionResults).find((test) => test.status === 'failed')
  return { isGreen: status === 0, failed: failed?.fullName ?? null }
}

const folder = copyProgram()
const complaints = []
try {
  const before = runTests(folder, [...new Set(rules.flatMap(({ tests }) => tests))])
  if (!before.isGreen) complaints.push(`a test fails before anything is broken: ${before.failed}`)
  for (const { rule, file, search, replace, tests } of before.isGreen ? rules : []) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    if (text.split(search).length !== 2) {
      complaints.push(`${rule}: its text does not stand in ${file} exactly once`)
      continue
    }
    writeFileSync(
      path,
      text.replace(search, () => replace),
    )
    const { isGreen, failed } = runTests(folder, tests)
    writeFileSync(path, text)
    process.stdout.write(`${isGreen ? 'UNNOTICED' : 'noticed'}  ${rule}${failed === null ? '' : `  ← ${failed}`}\n`)
    if (isGreen) complaints.push(`${rule}: broken, and no test says so`)
    else if (failed === null) complaints.push(`${rule}: the break keeps the tests from starting, so it shows nothing`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const complaint of complaints) process.stderr.write(`${complaint}\n`)
process.stdout.write(`${rules.length} rules broken, ${complaints.length} complaints\n`)
process.exitCode = complaints.length > 0 ? 1 : 0
