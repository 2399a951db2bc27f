import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { runCli } from '../../../test/run-cli.ts'

let cwd = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'agentsview-config-command-'))
})
afterEach(async () => {
  await rm(cwd, { recursive: true })
})

it('prints the file in use, or where one would be', async () => {
  expect((await runCli(['config', 'path'], { cwd })).stdout).toBe(
    `${join(cwd, '.config/agentsview/agentsview.toml')}\n`,
  )
  await writeFile(join(cwd, 'agentsview.toml'), '')
  const { stdout } = await runCli(['config', 'path', '--json'], { cwd })
  expect(JSON.parse(stdout)).toMatchObject({ path: join(cwd, 'agentsview.toml'), exists: true, by: 'current folder' })
})

it('checks the file, and gives the mistakes as data with --json', async () => {
  await writeFile(join(cwd, 'agentsview.toml'), '[[remotes]]\nname = "a"\nbucket = "b"\n')
  expect((await runCli(['config', 'check'], { cwd })).stdout).toContain('no mistakes, 1 remote')
  await writeFile(join(cwd, 'agentsview.toml'), '[[remotes]]\nname = "a"\nbuckt = "b"\n')
  const result = await runCli(['config', 'check', '--json'], { cwd })
  expect(result.code).toBe(7)
  expect(JSON.parse(result.stdout)).toMatchObject({ kind: 'configCheck', ok: false })
  expect(JSON.parse(result.stderr)).toMatchObject({ error: { code: 'config.invalid' } })
})

it('shows the whole config without a secret', async () => {
  const text =
    '[store]\nurl = "libsql://h.example"\ntoken_env = "T"\n[[remotes]]\nname = "a"\nbucket = "b"\naccess_key_id_env = "K"\nsecret_access_key_env = "S"\n'
  await writeFile(join(cwd, 'agentsview.toml'), text)
  const env = { T: 'token-value', K: 'key-value', S: 'secret-value' }
  for (const argv of [
    ['config', 'show'],
    ['config', 'show', '--json'],
    ['remotes', 'show', 'a', '--json'],
  ]) {
    const { code, stdout } = await runCli(argv, { cwd, env })
    expect(code).toBe(0)
    expect(stdout).not.toMatch(/token-value|key-value|secret-value/)
  }
})

it('prints a JSON Schema that knows every key of a remote', async () => {
  const { stdout } = await runCli(['config', 'schema'], { cwd })
  const schema = JSON.parse(stdout) as { properties: { remotes: { items: { properties: object } } } }
  expect(Object.keys(schema.properties.remotes.items.properties)).toContain('machine_regex')
})

it('finds a price that cannot be used without the rates that are left out', async () => {
  await writeFile(join(cwd, 'agentsview.toml'), '[prices."no-such-model"]\ninput = "3"\n')
  const { code, stderr } = await runCli(['config', 'check'], { cwd })
  expect(stderr).toContain('agentsview.toml:1: a price set by hand cannot be used: "no-such-model"')
  expect(code).toBe(7)
})
