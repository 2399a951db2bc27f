import { AgentsviewError } from '../../../base/index.ts'
import type { TomlValue } from '../../../config/index.ts'
import type { CommandContext } from '../../context.ts'

type Entries = Readonly<Record<string, TomlValue>>

/** Whether a person is there to be asked. */
export function canAsk(context: CommandContext): boolean {
  const { isTTY } = context.io
  return context.globals.mayAsk && isTTY.stdin && isTTY.stderr && context.globals.format === 'table'
}

/**
 * Asks for what a remote needs and was not given; questions go to stderr.
 * @throws AgentsviewError `cancelled` when the person stops
 */
export async function askForRemote(context: CommandContext, given: Entries): Promise<Entries> {
  const { select, text } = await import('@clack/prompts')
  const common = { input: context.io.stdin, output: context.io.stderr, signal: context.signal }
  const ask = async (message: string, placeholder: string, isNeeded: boolean): Promise<string> => {
    const validate = (value: string | undefined): string | undefined =>
      isNeeded && (value ?? '').trim() === '' ? 'This is needed.' : undefined
    return (answered(await text({ ...common, message, placeholder, validate })) ?? '').trim()
  }
  const entries: Record<string, TomlValue> = { ...given }
  if (given['provider'] === undefined && given['endpoint'] === undefined) {
    const provider = await select({ ...common, message: 'Which service holds the bucket?', options: services() })
    entries['provider'] = answered(provider)
    if (provider !== 'aws') entries['endpoint'] = await ask('Its endpoint?', 'https://s3.example.com', true)
  }
  entries['bucket'] ??= await ask('Name of the bucket?', 'team-agents', true)
  if (given['prefixes'] === undefined) {
    const prefixes = await ask('Folders to read, by comma? Empty: the whole bucket', 'prod/', false)
    if (prefixes !== '') entries['prefixes'] = prefixes.split(',').map((one) => one.trim())
  }
  if (!hasCredentials(given)) Object.assign(entries, await askForCredentials(context, ask))
  return entries
}

/** Asks yes or no on stderr; no is the answer to just Enter. */
export async function confirmed(context: CommandContext, message: string): Promise<boolean> {
  const options = [
    { value: 'no', label: 'No' },
    { value: 'yes', label: 'Yes' },
  ]
  const { select } = await import('@clack/prompts')
  const { stdin: input, stderr: output } = context.io
  return answered(await select({ message, options, input, output, signal: context.signal })) === 'yes'
}

async function askForCredentials(
  context: CommandContext,
  ask: (message: string, placeholder: string, isNeeded: boolean) => Promise<string>,
): Promise<Entries> {
  const options = [
    { value: 'chain', label: 'The usual AWS places (environment, AWS files, instance role)' },
    { value: 'profile', label: 'A profile of the AWS config files' },
    { value: 'env', label: 'Environment variables with names of my own' },
    { value: 'anonymous', label: 'None: the bucket is public' },
  ]
  const { select } = await import('@clack/prompts')
  const { stdin: input, stderr: output } = context.io
  const way = answered(
    await select({ message: 'Where do its keys come from?', options, input, output, signal: context.signal }),
  )
  if (way === 'profile') return { profile: await ask('Name of the profile?', 'default', true) }
  if (way === 'anonymous') return { anonymous: true }
  if (way !== 'env') return {}
  return {
    access_key_id_env: await ask('Variable with the access key id? (its name, not the key)', 'GPU_KEY_ID', true),
    secret_access_key_env: await ask('Variable with the secret? (its name, not the secret)', 'GPU_SECRET', true),
  }
}

function services(): { value: string; label: string }[] {
  return [
    { value: 'aws', label: 'AWS S3' },
    { value: 'minio', label: 'MinIO' },
    { value: 'r2', label: 'Cloudflare R2' },
    { value: 'oss', label: 'Aliyun OSS' },
    { value: 'b2', label: 'Backblaze B2' },
    { value: 'gcs', label: 'Google Cloud Storage' },
    { value: 'wasabi', label: 'Wasabi' },
    { value: 'garage', label: 'Garage' },
    { value: 'ceph', label: 'Ceph' },
    { value: 'other', label: 'Another S3-compatible server' },
  ]
}

function hasCredentials(given: Entries): boolean {
  return ['profile', 'anonymous', 'access_key_id_env', 'secret_access_key_env'].some((key) => given[key] !== undefined)
}

function answered<T>(answer: T): Exclude<T, symbol> {
  // A symbol says that the person stopped.
  if (typeof answer !== 'symbol') return answer as Exclude<T, symbol>
  throw new AgentsviewError({
    code: 'cancelled',
    message: 'stopped; nothing was written',
    hint: 'Run it again to go on.',
  })
}
