import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configSource } from '../../test/config-source.ts'
import { AgentsviewError } from '../base/index.ts'
import type { ConfigSource } from './config.ts'
import { newConfigPath } from './discover.ts'
import { checkConfig, loadConfig } from './load.ts'

function messageFor(text: string, differing: Partial<ConfigSource> = {}): string {
  try {
    checkConfig(text, '/work-folder/a.toml', configSource(differing))
  } catch (error) {
    if (error instanceof AgentsviewError) return `${error.code}: ${error.message}`
    throw error
  }
  return 'no mistake'
}

const remote = '[[remotes]]\nname = "gpu"\nbucket = "b"\n'

describe('mistakes in a config', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'a misspelt key of a remote',
      `${remote}regin = "x"`,
      'a.toml:4: remotes[0].regin: unknown key; did you mean "region"?',
    ],
    ['a misspelt table', '[locl]\nenabled = true', 'a.toml:1: locl: unknown key; did you mean "local"?'],
    [
      'a wrong type',
      `${remote}concurrency = "many"`,
      'a.toml:4: remotes[0].concurrency: must be a whole number, not that text',
    ],
    ['a value out of range', `${remote}concurrency = 0`, 'a.toml:4: remotes[0].concurrency: must be from 1 to 64'],
    [
      'a value that is none of the choices',
      `${remote}provider = "mino"`,
      'remotes[0].provider: "mino" is not one of its values; did you mean "minio"?',
    ],
    [
      'a planned key',
      `${remote}bwlimit = "2m"`,
      'a.toml:4: remotes[0].bwlimit: `bwlimit` is not supported yet; remove it',
    ],
    ['a glob that is none', `${remote}include = ["["]`, 'a.toml:4: remotes[0].include: "[" has a [ without its ]'],
    ['a price that is too high', '[prices.m]\ninput = 5000', 'a.toml:2: prices.m.input: is over 4000 dollars'],
    ['a planned table', '[budgets]\nday = 3', 'a.toml:1: budgets: `budgets` is not supported yet; remove it'],
    ['a missing bucket', '\n[[remotes]]\nname = "gpu"', 'a.toml:2: remotes[0].bucket: is missing'],
    ['a missing name', '[[remotes]]\nbucket = "b"', 'a.toml:1: remotes[0].name: is missing'],
    [
      'a name with capitals',
      '[[remotes]]\nname = "GPU"\nbucket = "b"',
      'a.toml:2: remotes[0].name: "GPU" may hold only small letters',
    ],
    ['the reserved name', '[[remotes]]\nname = "local"\nbucket = "b"', '"local" is taken'],
    ['a name used twice', `${remote}${remote}`, 'a.toml:5: remotes[1].name: "gpu" is also the name of remotes[0]'],
    [
      'one pair of brackets',
      '[remotes]\nname = "gpu"',
      'a.toml:1: remotes: must be written [[remotes]], with two brackets',
    ],
    ['a bucket with a folder', '[[remotes]]\nname = "a"\nbucket = "b/c"', 'folders belong in `prefixes`'],
    [
      'an endpoint with a path',
      `${remote}endpoint = "https://h/b"`,
      'a.toml:4: remotes[0].endpoint: must end after the host and port',
    ],
    ['an endpoint with a password', `${remote}endpoint = "https://u:p@h"`, 'must not hold a user name or password'],
    [
      'an endpoint without a scheme',
      `${remote}endpoint = "s3.example.com"`,
      'https:// is missing before s3.example.com',
    ],
    ['plain http to another machine', `${remote}endpoint = "http://10.0.0.1"`, 'allow_http = true'],
    ['a prefix with a bucket', `${remote}prefixes = ["s3://b/prod"]`, 'without s3://'],
    ['an empty list of prefixes', `${remote}prefixes = []`, '[""] reads the whole bucket'],
    [
      'two machine rules',
      `${remote}machine = "m"\nlayout = "{machine}/{agent}/{path}"`,
      'only one of machine, layout can hold',
    ],
    ['a machine name with a tilde', `${remote}machine = "a~b"`, '"a~b" is no machine name'],
    [
      'a layout with an unknown placeholder',
      `${remote}layout = "{machin}/{agent}/{path}"`,
      '{machin} is not known; did you mean {machine}?',
    ],
    ['a layout without path', `${remote}layout = "{machine}/{agent}"`, 'must end with {path}'],
    [
      'an expression with look-around',
      `${remote}machine_regex = '(?<machine>a)(?=b)'`,
      'no look-around and no back-references',
    ],
    [
      'an expression that does not parse',
      `${remote}machine_regex = '('`,
      'is no regular expression: missing closing )',
    ],
    ['an expression without machine', `${remote}machine_regex = '^(?<path>.+)$'`, 'has no group (?<machine>'],
    [
      'a header of another kind',
      `${remote}machine_from = "tag:machine"`,
      'write it like "metadata:x-amz-meta-machine"',
    ],
    [
      'a rename to a path',
      `${remote}rename = { "a" = "b/c" }`,
      'a.toml:4: remotes[0].rename.a: "b/c" is no machine name',
    ],
    ['a rename in a table of its own', `${remote}[remotes.rename]\n"a" = "b/c"`, 'a.toml:5: remotes[0].rename.a:'],
    ['a second way to log in', `${remote}profile = "p"\nanonymous = true`, 'only one of profile, anonymous can hold'],
    ['half a key pair', `${remote}access_key_id_env = "A"`, 'needs secret_access_key_env too'],
    ['too many decimals', '[prices."m"]\ninput = "0.0000001"', 'a.toml:2: prices.m.input: has more than six decimals'],
    ['a price that is none', '[prices."m"]\ninput = "cheap"', 'must be dollars per million tokens'],
    ['a bad archive address', '[store]\nurl = "postgres://h/db"', 'a.toml:2: store.url: is no archive address'],
    [
      'a faulty machine name for this machine',
      '[local]\nmachine = ""',
      'a.toml:2: local.machine: "" is no machine name',
    ],
  ]
  it.each(cases)('tells %s with its line', (_name, text, expected) => {
    expect(messageFor(text)).toContain(expected)
    expect(messageFor(text)).toMatch(/^config\.invalid: /)
  })

  it('tells all of them at once, in the order of the file', () => {
    const message = messageFor('[store]\nurl = 3\n[[remotes]]\nname = "gpu"\nbuckt = "x"\n')
    const lines = [...message.matchAll(/a\.toml:(\d+)/g)].map((match) => Number(match[1]))
    expect(lines).toEqual([2, 3, 5])
    expect(message).toContain('3 mistakes in the config')
  })

  it('tells every wrong entry of rename', () => {
    const message = messageFor(`${remote}rename = { "a" = 1, "b" = "x/y", "c" = "d", "e" = true }`)
    for (const what of ['rename.a: must be text', 'rename.b: "x/y" is no machine name', 'rename.e: must be text'])
      expect(message).toContain(what)
    expect(message).toContain('3 mistakes')
  })

  it('tells file, line and column of a fault in the syntax', () => {
    expect(messageFor('a = 1\nb = =\n')).toMatch(/^config\.syntax: a\.toml:2:5: not valid TOML/)
  })

  it.each(['secret_access_key', 'access_key_id', 'aws_secret_access_key', 'session_token', 'password'])(
    'refuses the secret under %s and does not repeat it',
    (key) => {
      const message = messageFor(`${remote}${key} = "s3cr3t-value"`)
      expect(message).toContain('a secret must not stand in this file')
      expect(message).not.toContain('s3cr3t-value')
    },
  )

  it.each(['AKIAABCDEFGHIJKLMNOP', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'a1'.repeat(20)])(
    'refuses a key in place of a variable name and does not repeat it',
    (value) => {
      const message = messageFor(`${remote}access_key_id_env = "${value}"\nsecret_access_key_env = "B"`)
      expect(message).toContain('remotes[0].access_key_id_env')
      expect(message).not.toContain(value)
    },
  )
})

describe('what a config gives', () => {
  it('expands ~ and takes a relative archive from the folder of the file', () => {
    const config = checkConfig(
      '[store]\nurl = "file:data/a.db"\n[local]\nclaude = ["~/logs"]',
      '/etc/x/a.toml',
      configSource(),
    )
    expect(config.store).toMatchObject({ url: 'file:/etc/x/data/a.db', origin: 'config' })
    expect(config.local.folders).toEqual([
      { agent: 'claude', path: '/home/me/logs' },
      { agent: 'codex', path: '/home/me/.codex' },
    ])
  })

  it('takes project rules in the order of the file, and tells what is missing in one', () => {
    const text =
      '[[projects]]\nname = "shop"\nmatch = ["*/shop-api", "C:\\\\shop"]\n[[projects]]\nname = "b"\nmatch = ["b"]'
    expect(checkConfig(text, null, configSource()).projects).toEqual([
      { name: 'shop', match: ['*/shop-api', 'C:/shop'] },
      { name: 'b', match: ['b'] },
    ])
    const wrong = '[[projects]]\nname = " "\nmatch = []\nglob = "x"'
    expect(() => checkConfig(wrong, null, configSource())).toThrow(/projects\[0\]\.name.*\n.*match.*\n.*unknown key/s)
    expect(() => checkConfig('projects = 1', null, configSource())).toThrow(/must be blocks/)
  })

  it('keeps prices exact, as pico-dollars per token', () => {
    const text = '[prices."m"]\ninput = 0.3\noutput = "15"\ncache_read = "0.000001"\ncache_write_5m = 3.75'
    expect(checkConfig(text, null, configSource()).prices).toEqual([
      {
        model: 'm',
        input: 300_000,
        output: 15_000_000,
        cacheRead: 1,
        cacheWrite5m: 3_750_000,
        cacheWrite1h: null,
        place: 'config:1',
      },
    ])
  })

  it('ends prefixes in a slash and reads nested ones once, with a warning', () => {
    const config = checkConfig(`${remote}prefixes = ["prod", "prod/a/", "lab/", "prod"]`, 'a.toml', configSource())
    expect(config.remotes[0]?.prefixes).toEqual(['prod/', 'lab/'])
    expect(config.warnings).toHaveLength(2)
    expect(config.warnings[0]).toContain('"prod/a/" lies inside "prod/"')
  })

  it('sends the token of the file to no other archive', () => {
    const text = '[store]\nurl = "libsql://mine.example"\ntoken_env = "T"'
    const env = { T: 'tok' }
    expect(checkConfig(text, null, configSource({ env })).store.token?.reveal()).toBe('tok')
    const other = configSource({ env, explicitStoreUrl: 'libsql://other.example' })
    expect(checkConfig(text, null, other).store).toMatchObject({ token: null, problem: null, origin: '--db' })
  })

  it('lets --db win over AGENTSVIEW_DB_URL, and that over the file', () => {
    const text = '[store]\nurl = "file:/in-file.db"'
    const env = { AGENTSVIEW_DB_URL: 'file:/in-env.db' }
    expect(checkConfig(text, null, configSource()).store.url).toBe('file:/in-file.db')
    expect(checkConfig(text, null, configSource({ env })).store.url).toBe('file:/in-env.db')
    expect(checkConfig(text, null, configSource({ env, explicitStoreUrl: 'x.db' })).store.url).toBe(
      'file:/work-folder/x.db',
    )
    expect(checkConfig('', null, configSource()).store.url).toBe('file:/home/me/.local/share/agentsview/agentsview.db')
  })

  it('takes the shipped example as it is', () => {
    const text = readFileSync(new URL('../../agentsview.toml', import.meta.url), 'utf8')
    const env = {
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9321',
      AGENTSVIEW_DEMO_KEY_ID: 'k',
      AGENTSVIEW_DEMO_SECRET: 's',
    }
    const config = checkConfig(text, 'agentsview.toml', configSource({ env }))
    expect(config.local.enabled).toBe(false)
    expect(
      config.remotes.map(({ name, endpoint, prefixes, problem }) => ({ name, endpoint, prefixes, problem })),
    ).toEqual([
      { name: 'prod', endpoint: 'http://127.0.0.1:9321', prefixes: ['prod/'], problem: null },
      { name: 'lab', endpoint: 'http://127.0.0.1:9321', prefixes: ['lab/'], problem: null },
    ])
  })
})

describe('finding the config', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'agentsview-config-'))
    await mkdir(join(folder, 'here'))
    await mkdir(join(folder, 'home/.config/agentsview'), { recursive: true })
  })
  afterEach(async () => {
    await chmod(folder, 0o700)
    await rm(folder, { recursive: true })
  })

  const source = (differing: Partial<ConfigSource> = {}): ConfigSource =>
    configSource({ cwd: join(folder, 'here'), home: join(folder, 'home'), ...differing })

  it('looks in --config, AGENTSVIEW_CONFIG, the current folder, then the folder of the user', async () => {
    expect((await loadConfig(source())).path).toBeNull()
    const places = ['home/.config/agentsview/agentsview.toml', 'here/agentsview.toml', 'env.toml', 'flag.toml']
    const paths = places.map((place) => join(folder, place))
    for (const path of paths) await writeFile(path, '')
    const [user = '', here = '', env = '', flag = ''] = paths
    expect((await loadConfig(source({ env: { AGENTSVIEW_CONFIG: env }, explicitPath: flag }))).path).toBe(flag)
    expect((await loadConfig(source({ env: { AGENTSVIEW_CONFIG: env } }))).path).toBe(env)
    expect((await loadConfig(source())).path).toBe(here)
    await rm(here)
    expect((await loadConfig(source())).path).toBe(user)
    const xdg = { XDG_CONFIG_HOME: join(folder, 'xdg') }
    expect((await loadConfig(source({ env: xdg }))).path).toBeNull()
    expect(newConfigPath(source({ env: xdg }))).toBe(join(folder, 'xdg/agentsview/agentsview.toml'))
  })

  it('refuses a named file that is not there, and goes on to no other', async () => {
    await writeFile(join(folder, 'here/agentsview.toml'), '')
    await expect(loadConfig(source({ explicitPath: 'nope.toml' }))).rejects.toMatchObject({ code: 'config.missing' })
  })

  it('follows a link', async () => {
    await writeFile(join(folder, 'real.toml'), remote)
    await symlink(join(folder, 'real.toml'), join(folder, 'here/agentsview.toml'))
    expect((await loadConfig(source())).remotes).toHaveLength(1)
  })

  it('refuses bytes that are not UTF-8', async () => {
    await writeFile(join(folder, 'here/agentsview.toml'), Buffer.from([0x61, 0xff]))
    await expect(loadConfig(source())).rejects.toMatchObject({ code: 'config.unreadable' })
  })
})
