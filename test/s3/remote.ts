import { Secret } from '../../src/base/index.ts'
import type { Remote } from '../../src/model/index.ts'

/** A remote for a test's own server on the loopback, with every other field filled in. */
export function testRemote(endpoint: string, changes: Partial<Remote> = {}): Remote {
  return {
    name: 'gpu',
    provider: 'minio',
    endpoint,
    region: 'us-east-1',
    bucket: 'logs',
    prefixes: [''],
    agents: ['claude', 'codex'],
    enabled: true,
    machineRule: { kind: 'layout', template: '{machine}/raw/{agent}/{path}' },
    rename: [],
    credentials: {
      kind: 'keys',
      accessKeyId: 'S3RVER',
      secretAccessKey: new Secret('S3RVER'),
      sessionToken: null,
      from: 'env TEST_KEY / TEST_SECRET',
    },
    addressing: 'path',
    allowHttp: false,
    checksums: 'when_required',
    listVersion: 2,
    concurrency: 8,
    maxLineBytes: 64 * 2 ** 20,
    maxObjectBytes: null,
    include: [],
    exclude: [],
    ...changes,
  }
}
