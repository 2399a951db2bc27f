/** What can go wrong with a remote: the code of the error after `remote.`. */
export type FailureKind =
  | 'refused.no-such-bucket'
  | 'refused.bad-bucket-name'
  | 'refused.denied'
  | 'refused.bad-key'
  | 'refused.bad-secret'
  | 'refused.expired-token'
  | 'refused.clock-skew'
  | 'refused.wrong-region'
  | 'refused.wrong-addressing'
  | 'refused.no-credentials'
  | 'refused.archived'
  | 'refused.gone'
  | 'refused.kms'
  | 'refused.other'
  | 'unreachable.dns'
  | 'unreachable.refused-connection'
  | 'unreachable.timeout'
  | 'unreachable.tls'
  | 'unreachable.protocol'
  | 'unreachable.network'
  | 'unreachable.server'
  | 'unreachable.body'
  | 'unreachable.length'
  | 'unreachable.changed'
  | 'unreachable.listing-cut'

/** Codes of S3 and of the services that speak its protocol (OSS, R2, Garage, GCS, Ceph, B2). */
const providerCodes: Readonly<Record<string, FailureKind>> = {
  NoSuchBucket: 'refused.no-such-bucket',
  InvalidBucketName: 'refused.bad-bucket-name',
  AccessDenied: 'refused.denied',
  AllAccessDisabled: 'refused.denied',
  AccountProblem: 'refused.denied',
  Forbidden: 'refused.denied',
  Unauthorized: 'refused.denied',
  InvalidAccessKeyId: 'refused.bad-key',
  UnrecognizedClientException: 'refused.bad-key',
  XAdminUserNotFound: 'refused.bad-key',
  SignatureDoesNotMatch: 'refused.bad-secret',
  ExpiredToken: 'refused.expired-token',
  ExpiredTokenException: 'refused.expired-token',
  TokenRefreshRequired: 'refused.expired-token',
  InvalidToken: 'refused.expired-token',
  InvalidSecurityToken: 'refused.expired-token',
  SecurityTokenExpired: 'refused.expired-token',
  RequestTimeTooSkewed: 'refused.clock-skew',
  PermanentRedirect: 'refused.wrong-region',
  TemporaryRedirect: 'refused.wrong-region',
  AuthorizationHeaderMalformed: 'refused.wrong-region',
  IllegalLocationConstraintException: 'refused.wrong-region',
  SecondLevelDomainForbidden: 'refused.wrong-addressing',
  VirtualHostDomainRequired: 'refused.wrong-addressing',
  InvalidObjectState: 'refused.archived',
  NoSuchKey: 'refused.gone',
  NoSuchVersion: 'refused.gone',
  MethodNotAllowed: 'refused.gone',
  PreconditionFailed: 'unreachable.changed',
  InvalidRange: 'unreachable.changed',
  SlowDown: 'unreachable.server',
  RequestTimeout: 'unreachable.timeout',
}

/** The kind a provider's error code stands for; null when the code alone does not tell. */
export function kindOfProviderCode(code: string): FailureKind | null {
  return Object.hasOwn(providerCodes, code) ? (providerCodes[code] ?? null) : null
}

/**
 * The kind an HTTP status (300 or above) stands for when its code does not tell.
 * @param hasCode  the answer had a code, one that is not known here
 */
export function kindOfStatus(status: number, operation: string, hasCode: boolean): FailureKind {
  if (status === 401 || status === 403) return 'refused.denied'
  if (status === 404 && hasCode) return 'refused.other'
  if (status === 404) return operation === 'list' ? 'refused.no-such-bucket' : 'refused.gone'
  if (status === 405 && operation !== 'list') return 'refused.gone'
  if (status === 412 || status === 416) return 'unreachable.changed'
  if (status === 408) return 'unreachable.timeout'
  if (status === 429 || status >= 500) return 'unreachable.server'
  if (status === 301 || status === 307) return 'refused.wrong-region'
  return 'refused.other'
}

const networkCodes: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'unreachable.dns',
  EAI_AGAIN: 'unreachable.dns',
  ECONNREFUSED: 'unreachable.refused-connection',
  ETIMEDOUT: 'unreachable.timeout',
  ESOCKETTIMEDOUT: 'unreachable.timeout',
  ECONNRESET: 'unreachable.network',
  ECONNABORTED: 'unreachable.network',
  EPIPE: 'unreachable.network',
  EHOSTUNREACH: 'unreachable.network',
  ENETUNREACH: 'unreachable.network',
  EPROTO: 'unreachable.tls',
}

/** The kind of a failure below HTTP, from Node's error code or, without one, the error's name. */
export function kindOfNetworkCode(code: string, name: string): FailureKind {
  const known = Object.hasOwn(networkCodes, code) ? networkCodes[code] : undefined
  if (known !== undefined) return known
  if (/CERT|^ERR_TLS|^ERR_SSL|SELF_SIGNED|UNABLE_TO_(VERIFY|GET)/.test(code)) return 'unreachable.tls'
  // HPE_* is the HTTP parser's; a SyntaxError is the SDK's when the answer is not the XML it should be.
  if (code.startsWith('HPE_') || name === 'SyntaxError') return 'unreachable.protocol'
  if (name === 'TimeoutError') return 'unreachable.timeout'
  return 'unreachable.network'
}
