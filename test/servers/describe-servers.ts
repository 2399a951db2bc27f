import { afterAll, beforeAll, describe, it } from 'vitest'
import { serverKinds } from './kinds.ts'
import type { TestServer } from './server.ts'

/**
 * Runs a suite once against every S3 server there is: s3rver always, others when they are installed.
 * `AGENTSVIEW_SERVERS=minio,moto` takes only those. With `AGENTSVIEW_NO_SKIP=1` a server that is missing fails.
 * @param suite declares tests; `server()` gives the running server, inside tests and hooks only
 * @param options `except` names servers the suite cannot run against, each with its reason
 */
export function describeServers(
  title: string,
  suite: (server: () => TestServer, name: string) => void,
  options: { readonly except?: Readonly<Record<string, string>> } = {},
): void {
  const wanted = (process.env['AGENTSVIEW_SERVERS'] ?? '').split(',').filter((name) => name !== '')
  for (const kind of serverKinds) {
    if (wanted.length > 0 && !wanted.includes(kind.name)) continue
    if (options.except?.[kind.name] !== undefined) continue
    const reason = kind.missing()
    if (reason !== null) {
      const isFailure = process.env['AGENTSVIEW_NO_SKIP'] === '1'
      describe(`${title} on ${kind.name}`, () => {
        it.skipIf(!isFailure)(`needs ${kind.name}`, () => {
          throw new Error(`${kind.name} is missing: ${reason}`)
        })
      })
      continue
    }
    describe(`${title} on ${kind.name}`, () => {
      let server: TestServer | null = null
      beforeAll(async () => {
        server = await kind.start()
      }, 60_000)
      afterAll(() => server?.stop())
      suite(() => {
        if (server === null) throw new Error(`${kind.name} is not running yet`)
        return server
      }, kind.name)
    })
  }
}
