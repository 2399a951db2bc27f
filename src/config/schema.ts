/**
 * Every key of the config file, once: checks, suggestions, JSON Schema and docs all read this table.
 */

/** What a value must be. */
export type KeyType =
  | { readonly is: 'text'; readonly choices?: readonly string[] }
  | { readonly is: 'flag' }
  | { readonly is: 'count'; readonly min: number; readonly max: number }
  /** A size such as `64MiB`, or whole bytes. */
  | { readonly is: 'size'; readonly min: number }
  /** A span of time such as `30s`, `2m`, `1h` or `7d`; `min` and `max` in milliseconds. */
  | { readonly is: 'span'; readonly min: number; readonly max: number }
  | { readonly is: 'texts'; readonly choices?: readonly string[] }
  /** A table of text to text. */
  | { readonly is: 'text-map' }
  /** US dollars per million tokens: a number or decimal text. */
  | { readonly is: 'price' }

export interface KeySpec {
  readonly type: KeyType
  /** One sentence for docs and editors. */
  readonly describe: string
  /** What holds when the key is left out, in words. */
  readonly fallback?: string
}

export type TableSpec = Readonly<Record<string, KeySpec>>

export const providers = ['aws', 'minio', 'r2', 'oss', 'ceph', 'garage', 'b2', 'gcs', 'wasabi', 'other'] as const
export type Provider = (typeof providers)[number]

const dayMs = 86_400_000
const text = { is: 'text' } as const
const flag = { is: 'flag' } as const

/** Keys of `[store]`. */
export const storeKeys: TableSpec = {
  url: {
    type: text,
    describe: 'Where the archive is: file:<path>, libsql://<host> or http(s)://<host>.',
    fallback: "the user's data folder",
  },
  token_env: { type: text, describe: 'Environment variable that holds the token of a libsql archive.' },
}

/** Keys of `[local]`; one more for each agent, with the folders of its logs. */
export function localKeys(agents: readonly string[]): TableSpec {
  const folders = agents.map((agent): [string, KeySpec] => [
    agent,
    {
      type: { is: 'texts' },
      describe: `Folders on this machine that hold logs of ${agent}.`,
      fallback: 'its usual folder',
    },
  ])
  return {
    enabled: { type: flag, describe: 'Whether a sync reads the folders of this machine.', fallback: 'true' },
    machine: { type: text, describe: 'Name of this machine.', fallback: "the host's name" },
    ...Object.fromEntries(folders),
  }
}

/** Keys of one `[[remotes]]` block. */
export function remoteKeys(agents: readonly string[]): TableSpec {
  return {
    name: { type: text, describe: 'Name of the remote: small letters, digits and -, once in the file.' },
    provider: {
      type: { is: 'text', choices: providers },
      describe: 'Kind of service; fills in what its servers need, and every other key overrides it.',
      fallback: 'guessed from the endpoint, aws without one',
    },
    endpoint: {
      type: text,
      describe: 'Base URL of the service, without bucket or path; AWS needs none.',
      fallback: 'AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL or AWS_S3_ENDPOINT',
    },
    region: {
      type: text,
      describe: 'Region that requests are signed for.',
      fallback: 'AWS_REGION, or what the provider needs',
    },
    bucket: { type: text, describe: 'Name of the bucket.' },
    prefixes: {
      type: { is: 'texts' },
      describe: 'Folders of the bucket to read; "" is the whole bucket.',
      fallback: '[""]',
    },
    agents: { type: { is: 'texts', choices: agents }, describe: 'Agents whose logs are read.', fallback: 'all' },
    enabled: { type: flag, describe: 'Whether a sync of all remotes reads this one.', fallback: 'true' },
    machine: { type: text, describe: 'One fixed machine name for everything in this remote.' },
    layout: {
      type: text,
      describe: 'How machine, agent and path follow each other in a key after the prefix.',
      fallback: '{machine}/raw/{agent}/{path}',
    },
    machine_regex: {
      type: text,
      describe: 'RE2 expression on the whole key with the group machine, and agent and path if they can be told.',
    },
    machine_from: { type: text, describe: 'metadata:<header>: the machine is told by a header of each object.' },
    rename: { type: { is: 'text-map' }, describe: 'Machine names to replace; * stands for any characters.' },
    access_key_id_env: { type: text, describe: 'Environment variable that holds the access key id.' },
    secret_access_key_env: { type: text, describe: 'Environment variable that holds the secret access key.' },
    session_token_env: { type: text, describe: 'Environment variable that holds the session token, if there is one.' },
    profile: { type: text, describe: 'Profile of the AWS config files to use.', fallback: 'AWS_PROFILE' },
    anonymous: { type: flag, describe: 'Send requests unsigned, for public buckets.', fallback: 'false' },
    addressing: {
      type: { is: 'text', choices: ['auto', 'path', 'virtual'] },
      describe: 'Whether the bucket stands in the path or in the host name.',
      fallback: 'auto: what the provider needs',
    },
    allow_http: { type: flag, describe: 'Allow an http:// endpoint that is not this machine.', fallback: 'false' },
    checksums: {
      type: { is: 'text', choices: ['when_required', 'when_supported'] },
      describe: 'When requests carry the newer checksum headers, which some services refuse.',
      fallback: 'when_supported on aws, else when_required',
    },
    list_version: { type: { is: 'count', min: 1, max: 2 }, describe: 'Version of the listing call.', fallback: '2' },
    concurrency: { type: { is: 'count', min: 1, max: 64 }, describe: 'Objects read at once.', fallback: '8' },
    max_line_bytes: {
      type: { is: 'size', min: 1024 },
      describe: 'Longer lines are skipped and counted.',
      fallback: '64MiB',
    },
    max_object_bytes: {
      type: { is: 'size', min: 1 },
      describe: 'Larger objects are left out, with a notice.',
      fallback: 'no limit',
    },
    interval: {
      type: { is: 'span', min: 1000, max: dayMs },
      describe: 'Time between two syncs of `sync --watch` and `serve --watch`: 30s, 2m, 1h.',
      fallback: 'what --interval says, 2m',
    },
    full_pass_every: {
      type: { is: 'span', min: 1000, max: 366 * dayMs },
      describe: 'Between full passes this far apart (30m, 1h, 7d) only folders with recent changes are listed.',
      fallback: 'every pass is full',
    },
    quick_pass_days: {
      type: { is: 'count', min: 1, max: 3650 },
      describe: 'How many days without a change make a folder one for full passes only.',
      fallback: '7',
    },
    include: {
      type: { is: 'texts' },
      describe: 'Globs on the key after the prefix; only what matches is read.',
      fallback: '[]: all',
    },
    exclude: {
      type: { is: 'texts' },
      describe: 'Globs on the key after the prefix; what matches is not read.',
      fallback: '[]',
    },
  }
}

/** Keys of one `[prices."model"]` table. */
export const priceKeys: TableSpec = {
  input: { type: { is: 'price' }, describe: 'Input tokens.' },
  output: { type: { is: 'price' }, describe: 'Output tokens.' },
  cache_read: { type: { is: 'price' }, describe: 'Input tokens read from a cache.' },
  cache_write_5m: { type: { is: 'price' }, describe: 'Input tokens written to a cache for five minutes.' },
  cache_write_1h: { type: { is: 'price' }, describe: 'Input tokens written to a cache for an hour.' },
}

/** Keys of one `[[projects]]` block. */
export const projectKeys: TableSpec = {
  name: { type: text, describe: 'Name of the project.' },
  match: {
    type: { is: 'texts' },
    describe: 'Patterns on the working directory or the project name of a session; * stands for anything.',
  },
}

/** The tables of the file, with one line for docs. */
export const tables = {
  store: 'Where the archive is.',
  local: 'The log folders of this machine.',
  remotes: 'Buckets to read, one [[remotes]] block each.',
  projects: 'Sessions of several machines or folders as one project, one [[projects]] block each; the first that fits.',
  prices: 'Prices in US dollars per million tokens, one [prices."model"] table each, in place of the built-in ones.',
} as const

/** Keys that are planned and refused until they work. */
export const plannedKeys: Readonly<Record<'file' | 'remotes', readonly string[]>> = {
  file: ['budgets', 'redact'],
  remotes: ['custom_domain', 'ca_file', 'request_payer', 'sse_c_key_env', 'bwlimit', 'ignore_older', 'redact'],
}

/** What the environment variable keys should have been used for, when a secret's own name is a key. */
export function secretKeyAdvice(key: string): string | null {
  const name = key.toLowerCase().replace(/^aws_/, '').replaceAll('-', '_')
  const advice: Readonly<Record<string, string>> = {
    access_key_id: 'access_key_id_env',
    access_key: 'access_key_id_env',
    accesskeyid: 'access_key_id_env',
    secret_access_key: 'secret_access_key_env',
    secretaccesskey: 'secret_access_key_env',
    secret_key: 'secret_access_key_env',
    secret: 'secret_access_key_env',
    password: 'secret_access_key_env',
    session_token: 'session_token_env',
    token: 'token_env',
    auth_token: 'token_env',
    authtoken: 'token_env',
  }
  return advice[name] ?? null
}
