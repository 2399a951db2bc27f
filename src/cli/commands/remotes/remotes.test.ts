import { chmod, lstat, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { runCli } from '../../../../test/run-cli.ts'
import type { CliResult } from '../../../../test/run-cli.ts'

let cwd = ''
let file = ''
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'agentsview-remotes-'))
  file = join(cwd, 'agentsview.toml')
})
afterEach(async () => {
  await rm(cwd, { recursive: true })
})

const text = `# mine
[[remotes]]
name = "gpu" # the big one
bucket = "team"
prefixes = ["prod/"]
endpoint = "http://127.0.0.1:1"
access_key_id_env = "KEY"
secret_access_key_env = "SECRET"

[[remotes]]
name = "home"
bucket = "b2"
enabled = false
`

async function remotes(words: string, env: Readonly<Record<string, string>> = {}): Promise<CliResult> {
  return await runCli(['remotes', ...words.split(' ')], { cwd, env })
}

describe('remotes add', () => {
  it('makes the config in the folder of the user and says where', async () => {
    const result = await remotes('add gpu --from-url s3://team/prod --no-test')
    const made = join(cwd, '.config/agentsview/agentsview.toml')
    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(result.stderr).toContain(`Added remote "gpu" to the new config ${made}`)
    expect(await readFile(made, 'utf8')).toBe('[[remotes]]\nname = "gpu"\nbucket = "team"\nprefixes = ["prod/"]\n')
  })

  it('makes the file that --config names', async () => {
    expect((await remotes('add gpu --bucket b --no-test --config sub/my.toml')).code).toBe(0)
    expect(await readFile(join(cwd, 'sub/my.toml'), 'utf8')).toContain('bucket = "b"')
  })

  it('appends to the config and keeps what was there', async () => {
    await writeFile(file, text)
    const flags =
      '--endpoint https://s3.example.com --bucket b --prefix a/,b/ --prefix c/ --path-style --concurrency 4 --anonymous'
    expect((await remotes(`add new ${flags} --no-test`)).code).toBe(0)
    expect(await readFile(file, 'utf8')).toBe(
      `${text}\n[[remotes]]\nname = "new"\nendpoint = "https://s3.example.com"\nbucket = "b"\n` +
        'prefixes = ["a/", "b/", "c/"]\nanonymous = true\naddressing = "path"\nconcurrency = 4\n',
    )
  })

  it('takes bucket, endpoint and folder from the address of any server', async () => {
    const { stdout } = await remotes('add m --from-url http://127.0.0.1:9000/logs/a/b --dry-run')
    expect(stdout).toBe(
      '[[remotes]]\nname = "m"\nendpoint = "http://127.0.0.1:9000"\nbucket = "logs"\nprefixes = ["a/b/"]\n',
    )
  })

  it('writes nothing with --dry-run', async () => {
    await writeFile(file, text)
    const { code, stdout } = await remotes('add new --bucket b --dry-run --json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'remoteAdd',
      written: false,
      block: '[[remotes]]\nname = "new"\nbucket = "b"',
    })
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it.each([
    ['add gpu --bucket b', 'there is a remote "gpu" already'],
    ['add Bad --bucket b', 'the name "Bad" may hold only small letters'],
    ['add local --bucket b', '"local" is taken'],
    ['add new', '--bucket is missing'],
    ['add new --from-url s3://key:secret@b', 'it holds credentials'],
    ['add new --from-url ftp://b', 'begins with neither'],
    ['add new --bucket b --provider mino', 'did you mean "minio"'],
    ['add new --bucket b --endpoint http://10.0.0.1', 'allow_http'],
    [
      'add new --bucket b --access-key-id-env AKIAABCDEFGHIJKLMNOP --secret-access-key-env S',
      'looks like a key itself',
    ],
  ])('refuses "%s" with code 2 and writes nothing', async (words, message) => {
    await writeFile(file, text)
    const result = await remotes(`${words} --no-test`)
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toMatch(/AKIAABCDEFGHIJKLMNOP|key:secret/)
    expect(result.code).toBe(2)
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it('writes the block though the test fails, ends with the code of that failure and says what to do', async () => {
    const result = await remotes('add gpu --bucket b --endpoint http://127.0.0.1:1 --anonymous --json')
    expect(result.code).toBe(5)
    expect(JSON.parse(result.stdout)).toMatchObject({ kind: 'remoteAdd', written: true, test: { ok: false } })
    const { error } = JSON.parse(result.stderr.trim().split('\n').at(-1) ?? '') as { error: Record<string, string> }
    expect(error).toMatchObject({ remote: 'gpu' })
    expect(error['message']).toContain('the remote was added, but its test failed')
    expect(error['hint']).toContain('agentsview remotes remove gpu --yes')
    expect(await readFile(join(cwd, '.config/agentsview/agentsview.toml'), 'utf8')).toContain('name = "gpu"')
  })
})

describe('remotes list and show', () => {
  it('lists as JSON what is declared and where the keys come from, never the keys', async () => {
    await writeFile(file, text)
    const { stdout } = await runCli(['remotes', 'list', '--json'], {
      cwd,
      env: { KEY: 'key-value', SECRET: 'secret-value' },
    })
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      kind: 'remoteList',
      remotes: [
        {
          name: 'gpu',
          bucket: 'team',
          prefixes: ['prod/'],
          endpoint: 'http://127.0.0.1:1',
          region: 'us-east-1',
          enabled: true,
          credentials: 'env KEY / SECRET',
          problem: null,
        },
        {
          name: 'home',
          bucket: 'b2',
          prefixes: [''],
          endpoint: null,
          enabled: false,
          credentials: 'AWS default chain',
        },
      ],
    })
    expect(stdout).not.toMatch(/key-value|secret-value/)
  })

  it('says how to begin when nothing is declared', async () => {
    const result = await remotes('list')
    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(result.stderr).toContain('agentsview remotes add')
  })

  it('shows where every value comes from', async () => {
    await writeFile(file, text)
    const { stdout } = await runCli(['remotes', 'show', 'home', '--json'], {
      cwd,
      env: { AWS_ENDPOINT_URL_S3: 'https://s3.example.com' },
    })
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'remote',
      settings: { endpoint: 'https://s3.example.com', enabled: false, concurrency: 8 },
      origins: {
        endpoint: 'env AWS_ENDPOINT_URL_S3',
        enabled: 'config',
        concurrency: 'default',
        addressing: 'preset other',
      },
    })
  })

  it('names the nearest remote for one that is not there', async () => {
    await writeFile(file, text)
    const result = await remotes('show gpuu')
    expect(result.code).toBe(3)
    expect(result.stderr).toContain('there is no remote "gpuu"; did you mean "gpu"?')
  })
})

describe('changes of a remote', () => {
  beforeEach(async () => {
    await writeFile(file, text)
  })

  it.each([
    ['edit gpu bucket=other', 'bucket = "team"', 'bucket = "other"'],
    ['edit gpu prefixes=a/,b/', '["prod/"]', '["a/", "b/"]'],
    ['edit gpu prefixes=["a/","b/"]', '["prod/"]', '["a/", "b/"]'],
    ['edit gpu prefixes=', 'prefixes = ["prod/"]\n', ''],
    ['edit gpu rename.ci-*=ci', '= "SECRET"\n', '= "SECRET"\nrename = { "ci-*" = "ci" }\n'],
    ['edit gpu max-line-bytes=1MiB', '= "SECRET"\n', '= "SECRET"\nmax_line_bytes = "1MiB"\n'],
    ['rename gpu big', 'name = "gpu" #', 'name = "big" #'],
    ['disable gpu', '= "SECRET"\n', '= "SECRET"\nenabled = false\n'],
    ['enable home', 'enabled = false', 'enabled = true'],
    ['enable gpu', '', ''],
    ['remove gpu --yes', text.slice(text.indexOf('[[remotes]]'), text.lastIndexOf('[[remotes]]')), ''],
  ])('"%s" changes those bytes alone', async (words, before, after) => {
    const result = await remotes(words)
    expect(result).toMatchObject({ code: 0, stdout: '' })
    expect(await readFile(file, 'utf8')).toBe(text.replace(before, after))
  })

  it.each([
    ['edit gpu bucket', 'not written key=value'],
    ['edit gpu name=x', 'agentsview remotes rename'],
    ['edit gpu buckt=x', 'unknown key; did you mean "bucket"?'],
    ['edit gpu secret_access_key=abc', 'a secret must not stand in this file'],
    ['edit gpu concurrency=many', 'must be a whole number'],
    ['edit gpu prefixes=["a/",', 'prefixes is not written as a list'],
    ['edit gpu enabled=maybe', 'enabled must be true or false'],
    ['rename gpu home', '"home" is also the name of remotes[0]'],
    ['rename gpu local', '"local" is taken'],
    ['remove gpu', 'nothing was removed'],
  ])('"%s" is refused with code 2 and changes nothing', async (words, message) => {
    const result = await remotes(words)
    expect(result.stderr).toContain(message)
    expect(result.code).toBe(2)
    expect(await readFile(file, 'utf8')).toBe(text)
  })

  it('keeps the mode of the file and writes through a link', async () => {
    const link = join(cwd, 'link.toml')
    await symlink(file, link)
    await chmod(file, 0o600)
    expect((await remotes('disable gpu --config link.toml')).code).toBe(0)
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    expect(await readFile(file, 'utf8')).toContain('enabled = false\n\n[[remotes]]')
  })
})

describe('remotes test', () => {
  it('names the variable that is not set, with code 4', async () => {
    await writeFile(file, text)
    const { code, stdout, stderr } = await remotes('test gpu --json', { KEY: 'k' })
    expect(code).toBe(4)
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'remoteTest',
      remotes: [
        {
          name: 'gpu',
          ok: false,
          checks: [{ name: 'credentials', ok: false, detail: 'no credentials: SECRET is not set' }],
        },
      ],
    })
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'remote.refused.no-credentials', remote: 'gpu' } })
  })

  it('ends with code 7 when no remote is declared', async () => {
    expect((await remotes('test')).code).toBe(7)
  })
})

describe('remotes policy', () => {
  it('prints the document alone on stdout, and one object with --json', async () => {
    await writeFile(file, text)
    const plain = await remotes('policy gpu')
    expect(plain.code).toBe(0)
    expect(JSON.parse(plain.stdout)).toMatchObject({ Statement: [{ Action: ['s3:ListBucket'] }, {}] })
    const json = await remotes('policy gpu --role writer --machine m --json')
    expect(JSON.parse(json.stdout)).toMatchObject({ kind: 'remotePolicy', role: 'writer', machine: 'm' })
    expect((await remotes('policy nobody')).code).toBe(3)
  })
})

describe('remotes remove --purge', () => {
  const url = (): string => `file:${join(file, '..', 'archive.db')}`
  const purge = (words: string): ReturnType<typeof remotes> => remotes(`remove ${words} --db ${url()}`)

  it('takes a remote out of config and archive, and asks first', async () => {
    await writeFile(file, text)
    expect((await purge('gpu --purge')).code).toBe(2)
    const { code, stdout } = await purge('gpu --purge --yes --json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ name: 'gpu', path: file, purged: { objects: 0, sessions: 0, kept: 0 } })
    expect(await readFile(file, 'utf8')).not.toContain('"gpu"')
  })

  it('says so when nothing is known by that name', async () => {
    await writeFile(file, text)
    expect((await purge('nobody --purge --yes')).code).toBe(3)
  })
})
