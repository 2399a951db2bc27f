import type { S3ClientConfig } from '@aws-sdk/client-s3'

import type { Credentials } from '../model/index.ts'

/**
 * Longest wait for one answer of the instance-metadata service, in milliseconds. Off a cloud machine
 * that address answers nothing at all, and the chain asks it twice before it gives up.
 */
const metadataTimeoutMs = 800

/** Swallows the provider chain's own advice, which it would print on the console. */
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

type AuthConfig = Pick<S3ClientConfig, 'credentials' | 'signer'>

/**
 * The client settings that stand for a remote's credentials. Nothing is looked up here: the SDK
 * asks when it signs its first request, and again when temporary credentials run out.
 */
export async function authConfig(credentials: Credentials): Promise<AuthConfig> {
  switch (credentials.kind) {
    case 'keys':
      return {
        credentials: {
          accessKeyId: credentials.accessKeyId,
          secretAccessKey: credentials.secretAccessKey.reveal(),
          ...(credentials.sessionToken === null ? {} : { sessionToken: credentials.sessionToken.reveal() }),
        },
      }
    case 'anonymous':
      // A signer that signs nothing; the empty key keeps the SDK from searching for a real one.
      return {
        credentials: { accessKeyId: '', secretAccessKey: '' },
        signer: { sign: (request) => Promise.resolve(request) },
      }
    case 'profile': {
      const { fromIni } = await import('@aws-sdk/credential-providers')
      return { credentials: fromIni({ profile: credentials.profile, logger: quiet }) }
    }
    case 'default-chain': {
      const { fromNodeProviderChain } = await import('@aws-sdk/credential-providers')
      return { credentials: fromNodeProviderChain({ timeout: metadataTimeoutMs, maxRetries: 0, logger: quiet }) }
    }
  }
}
