import { Secret } from '../base/index.ts'
import type { Credentials, FailureInfo, RemoteName } from '../model/index.ts'
import type { CheckedTable } from './check.ts'
import type { Mistakes } from './mistakes.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Where a remote's keys come from, and why they cannot be had. */
export interface FoundCredentials {
  readonly credentials: Credentials
  readonly problem: FailureInfo | null
  readonly origin: string
}

/** Reads which credentials a remote names; an unset variable is the remote's problem, not the file's mistake. */
export function readCredentials(
  remote: RemoteName,
  table: CheckedTable,
  env: Env,
  mistakes: Mistakes,
): FoundCredentials {
  const ways = waysOf(table)
  if (ways.length > 1) {
    const [, second] = ways
    if (second !== undefined) mistakes.add([...table.path, second], `only one of ${ways.join(', ')} can hold`)
  }
  const id = envName(table, 'access_key_id_env', mistakes)
  const secret = envName(table, 'secret_access_key_env', mistakes)
  const token = envName(table, 'session_token_env', mistakes)
  if (table.flag('anonymous') === true) return { credentials: { kind: 'anonymous' }, problem: null, origin: 'config' }
  const profile = table.text('profile')
  if (profile !== null) {
    if (profile.trim() === '') mistakes.add([...table.path, 'profile'], 'is empty')
    return { credentials: { kind: 'profile', profile }, problem: null, origin: 'config' }
  }
  if (id !== null && secret !== null) return namedKeys(remote, id, secret, token, env)
  missingPartner(table, mistakes)
  return fromEnvironment(env)
}

/** The value of a variable; null when it is not set or empty. */
export function valueOf(env: Env, name: string): string | null {
  const value = env[name]
  return value === undefined || value === '' ? null : value
}

/** The name of a variable a key holds; a value that looks like a secret itself is refused unseen. */
export function envName(table: CheckedTable, key: string, mistakes: Mistakes): string | null {
  const name = table.text(key)
  if (name === null) return null
  const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)
  if (isName && !/^(AKIA|ASIA)[A-Z0-9]{12,}$/.test(name) && !/^[A-Za-z0-9]{32,}$/.test(name)) return name
  const what = isName ? 'looks like a key itself' : 'is not the name of an environment variable'
  mistakes.add([...table.path, key], `${what}; write the variable's name, such as "GPU_BUCKET_KEY", never the secret`)
  return null
}

function waysOf(table: CheckedTable): readonly string[] {
  const ways: string[] = []
  if (table.has('access_key_id_env')) ways.push('access_key_id_env')
  else if (table.has('secret_access_key_env')) ways.push('secret_access_key_env')
  if (table.has('profile')) ways.push('profile')
  if (table.flag('anonymous') === true) ways.push('anonymous')
  return ways
}

function missingPartner(table: CheckedTable, mistakes: Mistakes): void {
  const needed = ['access_key_id_env', 'secret_access_key_env'] as const
  const given = ['access_key_id_env', 'secret_access_key_env', 'session_token_env'].filter((key) => table.has(key))
  const [first] = given
  const missing = needed.filter((key) => !table.has(key))
  if (first !== undefined && missing.length > 0)
    mistakes.add([...table.path, first], `needs ${missing.join(' and ')} too`)
}

function namedKeys(remote: RemoteName, id: string, secret: string, token: string | null, env: Env): FoundCredentials {
  // The token of the environment belongs to the environment's own key pair and to no other.
  const tokenName = token ?? (id === 'AWS_ACCESS_KEY_ID' ? 'AWS_SESSION_TOKEN' : null)
  const wanted = token === null ? [id, secret] : [id, secret, token]
  const unset = wanted.filter((name) => valueOf(env, name) === null)
  const tokenValue = tokenName === null ? null : valueOf(env, tokenName)
  return {
    credentials: {
      kind: 'keys',
      accessKeyId: valueOf(env, id) ?? '',
      secretAccessKey: new Secret(valueOf(env, secret) ?? ''),
      sessionToken: tokenValue === null ? null : new Secret(tokenValue),
      from: `env ${wanted.join(' / ')}`,
    },
    problem: unset.length === 0 ? null : noCredentials(remote, unset),
    origin: 'config',
  }
}

/** What the environment offers when the remote names nothing: its key pair, its profile, else the AWS default chain. */
function fromEnvironment(env: Env): FoundCredentials {
  const id = valueOf(env, 'AWS_ACCESS_KEY_ID')
  const secret = valueOf(env, 'AWS_SECRET_ACCESS_KEY')
  if (id !== null && secret !== null) {
    const token = valueOf(env, 'AWS_SESSION_TOKEN')
    return {
      credentials: {
        kind: 'keys',
        accessKeyId: id,
        secretAccessKey: new Secret(secret),
        sessionToken: token === null ? null : new Secret(token),
        from: 'env AWS_ACCESS_KEY_ID / AWS_SECRET_ACCESS_KEY',
      },
      problem: null,
      origin: 'env AWS_ACCESS_KEY_ID',
    }
  }
  const profile = valueOf(env, 'AWS_PROFILE')
  if (profile !== null) return { credentials: { kind: 'profile', profile }, problem: null, origin: 'env AWS_PROFILE' }
  return { credentials: { kind: 'default-chain' }, problem: null, origin: 'default' }
}

function noCredentials(remote: RemoteName, unset: readonly string[]): FailureInfo {
  const names = unset.join(' and ')
  return {
    code: 'remote.refused.no-credentials',
    message: `no credentials: ${names} ${unset.length === 1 ? 'is' : 'are'} not set`,
    hint: `Set ${names} in the environment, or change the credentials of remote "${remote}" in the config.`,
  }
}
