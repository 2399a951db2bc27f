import { randomBytes } from 'node:crypto'

/** A running S3 server of a test, on loopback. */
export interface TestServer {
  readonly name: string
  readonly endpoint: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Ends the server and removes what it stored. */
  stop(): Promise<void>
}

/** One kind of server that tests can run against. */
export interface ServerKind {
  readonly name: string
  /** What is needed to start it; null when it is not installed. The text tells how to get it. */
  readonly missing: () => string | null
  readonly start: () => Promise<TestServer>
}

/** A random key pair in the length real servers ask for. */
export function randomKeys(): { readonly accessKeyId: string; readonly secretAccessKey: string } {
  return {
    accessKeyId: `AK${randomBytes(9).toString('hex').toUpperCase()}`,
    secretAccessKey: randomBytes(20).toString('hex'),
  }
}
