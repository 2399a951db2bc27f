/**
 * node test/mutations/run.mjs [words of a rule]: breaks each rule of `rules.json` in a copy of the program and
 * expects the tests named there to fail. Ends with 1 when a broken rule goes unnoticed, or when a rule's text
 * is not in its file any more.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const wanted = process.argv.slice(2).join(' ')
const rules = JSON.parse(readFileSync(join(import.meta.dirname, 'rules.json'), 'utf8')).filter(({ rule }) =>
  rule.includes(wanted),
)
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

/** True when every test in these files passes. */
function passes(folder, tests) {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const { status, error } = spawnSync(
    process.execPath,
    [vitest, 'run', '--project', 'unit', '--bail', '1', '--reporter', 'dot', ...tests],
    { cwd: folder, encoding: 'utf8', env: { ...process.env, CI: '1' }, timeout: 300_000 },
  )
  if (error !== undefined && error.code !== 'ETIMEDOUT') throw error
  return status === 0
}

const folder = copyProgram()
const complaints = []
try {
  const all = [...new Set(rules.flatMap(({ tests }) => tests))]
  if (!passes(folder, all)) complaints.push('the tests fail before anything is broken')
  for (const { rule, file, search, replace, tests } of complaints.length > 0 ? [] : rules) {
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
    const isUnnoticed = passes(folder, tests)
    writeFileSync(path, text)
    process.stdout.write(`${isUnnoticed ? 'UNNOTICED' : 'noticed'}  ${rule}\n`)
    if (isUnnoticed) complaints.push(`${rule}: broken, and no test says so`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
for (const complaint of complaints) process.stderr.write(`${complaint}\n`)
process.exitCode = complaints.length > 0 ? 1 : 0
