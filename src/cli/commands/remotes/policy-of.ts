import { AgentsviewError } from '../../../base/index.ts'
import type { JsonObject } from '../../../base/index.ts'
import { machineNameProblem } from '../../../model/index.ts'
import type { Remote } from '../../../model/index.ts'

export const policyRoles = ['reader', 'writer'] as const
/** `reader`: whoever runs `sync`; `writer`: a machine that puts its logs into the bucket. */
export type PolicyRole = (typeof policyRoles)[number]

/** The words of one service for the same rights. */
interface Words {
  readonly version: string
  readonly service: string
  readonly list: string
  readonly prefixKey: string
  readonly arn: string
}

const aws: Words = {
  version: '2012-10-17',
  service: 's3',
  list: 's3:ListBucket',
  prefixKey: 's3:prefix',
  arn: 'arn:aws:s3:::',
}
const oss: Words = {
  version: '1',
  service: 'oss',
  list: 'oss:ListObjects',
  prefixKey: 'oss:Prefix',
  arn: 'acs:oss:*:*:',
}

/**
 * The least rights a role needs, as a policy document of the remote's service.
 * @param machine  the writer's machine; not needed where the config fixes the name
 * @throws AgentsviewError `usage.*` when the writer's folder cannot be told
 */
export function policyOf(remote: Remote, role: PolicyRole, machine: string | null): JsonObject {
  const words = wordsOf(remote)
  const folders = role === 'reader' ? remote.prefixes.map(literal) : foldersOf(remote, machine)
  const keys = folders.map((folder) => `${words.arn}${remote.bucket}/${folder}*`)
  const actions = role === 'reader' ? ['GetObject'] : ['PutObject', 'AbortMultipartUpload']
  return {
    Version: words.version,
    Statement: [
      {
        Effect: 'Allow',
        Action: [words.list],
        Resource: [`${words.arn}${remote.bucket}`],
        ...(folders.includes('')
          ? {}
          : { Condition: { StringLike: { [words.prefixKey]: folders.map((folder) => `${folder}*`) } } }),
      },
      { Effect: 'Allow', Action: actions.map((action) => `${words.service}:${action}`), Resource: keys },
    ],
  }
}

/** What to do instead where the service takes no such document; null where it does. */
export function policyAdvice({ provider, bucket }: Remote, role: PolicyRole): string | null {
  const isReader = role === 'reader'
  switch (provider) {
    case 'r2':
      return `Cloudflare R2 takes no such document: make an API token with "Object ${isReader ? 'Read only' : 'Read & Write'}" for the bucket ${bucket} alone.`
    case 'b2':
      return `Backblaze B2 takes no such document: make an application key for the bucket ${bucket} with ${isReader ? 'listFiles and readFiles' : 'listFiles and writeFiles'}, limited to the prefix.`
    case 'gcs':
      return `Google Cloud Storage takes no such document: give the account of the HMAC key the role ${isReader ? 'Storage Object Viewer' : 'Storage Object Creator and Storage Object Viewer'} on the bucket ${bucket}, with a condition on the prefix.`
    case 'garage':
      return `Garage takes no such document: garage bucket allow ${isReader ? '--read' : '--read --write'} ${bucket} --key KEY`
    default:
      return null
  }
}

function wordsOf({ provider, region }: Remote): Words {
  if (provider === 'oss') return oss
  if (provider !== 'aws') return aws
  const partition = region.startsWith('cn-') ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws'
  return { ...aws, arn: `arn:${partition}:s3:::` }
}

/** The folders below which a machine may write, and nobody else. */
function foldersOf(remote: Remote, machine: string | null): readonly string[] {
  const { machineRule, prefixes, agents } = remote
  if (machineRule.kind === 'fixed') return prefixes.map(literal)
  if (prefixes.every((prefix) => isAgentFolder(prefix, agents))) return prefixes.map(literal)
  if (machineRule.kind !== 'layout') {
    throw new AgentsviewError({
      code: 'usage.option',
      message: `which folder is a machine's cannot be told from ${machineRule.kind === 'regex' ? 'machine_regex' : 'machine_from'}`,
      hint: `agentsview remotes policy ${remote.name} --role reader`,
    })
  }
  const name = machineOf(remote, machine)
  return prefixes.flatMap((prefix) =>
    isAgentFolder(prefix, agents)
      ? [literal(prefix)]
      : agents.map((agent) => literal(`${prefix}${folderIn(machineRule.template, name, agent)}`)),
  )
}

function machineOf(remote: Remote, machine: string | null): string {
  if (machine === null) {
    throw new AgentsviewError({
      code: 'usage.missing',
      message: '--machine is missing: a writer may write in the folder of its own machine alone',
      hint: `agentsview remotes policy ${remote.name} --role writer --machine NAME`,
    })
  }
  const problem = machineNameProblem(machine)
  if (problem === null) return machine
  throw new AgentsviewError({
    code: 'usage.option',
    message: `"${machine}" is no machine name: ${problem}`,
    hint: 'Name the machine as its folder in the bucket is called.',
  })
}

/** A prefix that is one machine's folder of one agent already: `…/<machine>/raw/<agent>/`. */
function isAgentFolder(prefix: string, agents: readonly string[]): boolean {
  const parts = prefix.split('/')
  return parts.some((part, at) => at > 0 && part === 'raw' && agents.includes(parts[at + 1] ?? ''))
}

function folderIn(template: string, machine: string, agent: string): string {
  return template
    .replace('{machine}', () => machine)
    .replace('{agent}', agent)
    .replace('{path}', '')
}

/** Signs that a policy would take for others stand for themselves. */
function literal(text: string): string {
  return text.replaceAll(/[$*?]/g, (sign) => `\${${sign}}`)
}
