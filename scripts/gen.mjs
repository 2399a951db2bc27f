/**
 * npm run gen: writes the files that are made from others: migrations from the schema, docs/cli.md from the help
 * of every command, docs/agentsview.schema.json from the config's schema. With `--check` it writes nothing and
 * fails when one of them is stale.
 */
import { execFile } from 'node:child_process'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { build } from './build.mjs'
import { cleanEnvironment, finishWith, root, runTool, setUp } from './setup.mjs'

const isCheck = process.argv.includes('--check')
const execute = promisify(execFile)

/** Runs the built program where neither a config nor a home folder of the user shows in its output. */
async function agentsview(args) {
  const env = cleanEnvironment({ HOME: '/home/you', NO_COLOR: '1', COLUMNS: '100' })
  delete env.XDG_CONFIG_HOME
  delete env.XDG_DATA_HOME
  const { stdout } = await execute(process.execPath, [join(root, 'dist/main.js'), ...args], { env, cwd: tmpdir() })
  return stdout.trimEnd()
}

/** Words of the commands a help page lists: `  agentsview remotes add <name>  …` under `Commands:`. */
function commandsIn(help, path) {
  const section = /^Commands:\n((?: +.*\n?)+)/m.exec(help)?.[1] ?? ''
  const start = new RegExp(`^ {1,4}agentsview ${[...path, ''].join(' ')}([a-z][a-z-]*)(?: |$)`)
  return section.split('\n').flatMap((line) => start.exec(line)?.[1] ?? [])
}

async function helpPages(path = []) {
  const help = await agentsview([...path, '--help'])
  const pages = [{ path, help }]
  for (const word of commandsIn(help, path)) pages.push(...(await helpPages([...path, word])))
  return pages
}

async function commandDocs() {
  const pages = await helpPages()
  const sections = pages.map(({ path, help }) => {
    const title = ['agentsview', ...path].join(' ')
    return `${'#'.repeat(Math.min(path.length + 2, 4))} \`${title}\`\n\n\`\`\`text\n${help}\n\`\`\`\n`
  })
  return `# Commands\n\nWritten by \`npm run gen\` from the help of every command; not edited by hand.\n\n${sections.join('\n')}`
}

/** Compares, or writes; gives true when the file was stale. */
async function settle(path, text) {
  const target = join(root, path)
  const before = await readFile(target, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (before === text) return false
  process.stdout.write(isCheck ? `${path} is stale: run npm run gen\n` : `wrote ${path}\n`)
  if (!isCheck) await writeFile(target, text)
  return true
}

/** Lets drizzle-kit write the next migration; with --check what it wrote is taken back. */
async function migrations() {
  const folder = join(root, 'migrations')
  const kept = await mkdtemp(join(tmpdir(), 'agentsview-migrations-'))
  await cp(folder, kept, { recursive: true })
  const before = await readdir(kept, { recursive: true })
  try {
    const code = await runTool('drizzle-kit', ['generate'], { quiet: true })
    if (code !== 0) throw new Error(`drizzle-kit generate ended with ${code}`)
    const added = (await readdir(folder, { recursive: true })).filter((name) => !before.includes(name))
    if (added.length === 0) return false
    if (isCheck) {
      for (const name of added) await rm(join(folder, name))
      await cp(kept, folder, { recursive: true, force: true })
    }
    process.stdout.write(
      isCheck ? 'migrations/ is stale: run npm run gen\n' : `wrote ${added.join(', ')} in migrations/\n`,
    )
    return true
  } finally {
    await rm(kept, { recursive: true, force: true })
  }
}

async function generate() {
  const built = await build()
  if (built !== 0) return built
  const stale = [
    await migrations(),
    await settle('docs/cli.md', await commandDocs()),
    await settle('docs/agentsview.schema.json', `${await agentsview(['config', 'schema'])}\n`),
  ]
  return isCheck && stale.includes(true) ? 1 : 0
}

await setUp()
await finishWith(generate())
