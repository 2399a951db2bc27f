import type { FailureKind } from './failure-kind.ts'

interface About {
  readonly remote: string
  readonly bucket: string
  readonly host: string
  readonly region: string
  readonly operation: 'list' | 'read' | 'head'
}

type HintOf = (about: About, toldRegion: string | undefined) => string

const hints: Readonly<Record<FailureKind, HintOf>> = {
  'refused.no-such-bucket': ({ remote, bucket, host }) =>
    `there is no bucket "${bucket}" at ${host}: check \`bucket\` and \`endpoint\`. Try: agentsview remotes show ${remote}`,
  'refused.bad-bucket-name': ({ remote }) =>
    `write the bucket's bare name. Try: agentsview remotes edit ${remote} bucket=NAME`,
  'refused.denied': ({ remote, operation }) =>
    operation === 'list'
      ? `the key is not allowed to list this bucket (s3:ListBucket). Try: agentsview remotes policy ${remote}`
      : `the key is not allowed to read this object (s3:GetObject). Try: agentsview remotes policy ${remote}`,
  'refused.bad-key': ({ remote, host }) =>
    `${host} does not know this access key: check where it comes from. Try: agentsview remotes show ${remote}`,
  'refused.bad-secret': ({ remote }) =>
    `the secret key does not belong to the access key: check where it comes from. Try: agentsview remotes show ${remote}`,
  'refused.expired-token': ({ remote }) =>
    `sign in again or renew the session token (for an SSO profile: aws sso login). Then: agentsview remotes test ${remote}`,
  'refused.clock-skew': ({ host }) => `the clock of this machine differs from that of ${host}: set it, then try again`,
  'refused.wrong-region': ({ remote, region }, told) =>
    told === undefined || told === region
      ? `the bucket is not in region "${region}": set the right one. Try: agentsview remotes edit ${remote} region=REGION`
      : `the bucket is in region "${told}", not "${region}". Try: agentsview remotes edit ${remote} region=${told}`,
  'refused.wrong-addressing': ({ remote }) =>
    `this provider wants the bucket in the host name. Try: agentsview remotes edit ${remote} addressing=virtual`,
  'refused.no-credentials': ({ remote }) =>
    `name a profile or the environment variables that hold the key, or set anonymous = true for a public bucket. Try: agentsview remotes show ${remote}`,
  'refused.archived': () => 'the object is in an archive storage class: restore it in the bucket to have it read',
  'refused.gone': ({ remote }) => `the object was deleted after it was listed. Try: agentsview sync --remote ${remote}`,
  'refused.kms': ({ remote }) =>
    `the key may not use the bucket's encryption key: allow kms:Decrypt. Then: agentsview remotes test ${remote}`,
  'refused.other': ({ remote }) => `check the remote's settings. Try: agentsview remotes test ${remote}`,
  'unreachable.dns': ({ remote, host }) =>
    `the name ${host} is not known here: check \`endpoint\`, \`region\` and the network. Try: agentsview remotes show ${remote}`,
  'unreachable.refused-connection': ({ remote, host }) =>
    `nothing answers at ${host}: is the server running, is the port right? Try: agentsview remotes test ${remote}`,
  'unreachable.timeout': ({ remote, host }) =>
    `${host} does not answer in time: check the network, then try again. Try: agentsview remotes test ${remote}`,
  'unreachable.tls': ({ host }) =>
    `no secure connection to ${host}: check its certificate (NODE_EXTRA_CA_CERTS adds a private authority) and http or https in \`endpoint\``,
  'unreachable.protocol': ({ remote, host }) =>
    `${host} does not answer as an S3 server does: check \`endpoint\` and any proxy between. Try: agentsview remotes show ${remote}`,
  'unreachable.network': ({ remote }) =>
    `the connection failed: try again. If it stays: agentsview remotes test ${remote}`,
  'unreachable.server': () =>
    'the server has trouble or asks for fewer requests: try again later, or lower `concurrency`',
  'unreachable.body': ({ remote }) =>
    `the object could not be read to its end: try again. Try: agentsview sync --remote ${remote}`,
  'unreachable.length': ({ host }) =>
    `${host} sends another number of bytes than it lists: does it unpack objects stored with Content-Encoding? Store them without`,
  'unreachable.changed': ({ remote }) =>
    `the object was written again after it was listed: the next sync reads it. Try: agentsview sync --remote ${remote}`,
  'unreachable.listing-cut': ({ remote }) =>
    `the server ended the listing before its end, so nothing was concluded from it. Try again, or: agentsview remotes edit ${remote} list_version=1`,
}

/**
 * What to do about a failure, in one line.
 * @param toldRegion  the region the server named as the right one
 */
export function failureHint(kind: FailureKind, about: About, toldRegion: string | undefined): string {
  return hints[kind](about, toldRegion)
}
