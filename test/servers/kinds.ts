import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { embedded } from './embedded.ts'
import { findProgram, startProgram, type ProgramSpec } from './program.ts'
import { randomKeys, type ServerKind } from './server.ts'

type Keys = ProgramSpec['keys']
type Recipe = Omit<ProgramSpec, 'name' | 'program' | 'keys' | 'env'> & {
  readonly env: (keys: Keys) => Readonly<Record<string, string>>
}

function programKind(name: string, variable: string, program: string, recipe: Recipe): ServerKind {
  return {
    name,
    missing: () =>
      findProgram(variable, program) === null ? `${program} is not on PATH and ${variable} does not name it` : null,
    start: async () => {
      const keys = randomKeys()
      const path = findProgram(variable, program) ?? program
      return startProgram({ ...recipe, name, program: path, keys, env: recipe.env(keys) })
    },
  }
}

const minio = programKind('minio', 'AGENTSVIEW_MINIO', 'minio', {
  region: 'us-east-1',
  args: (port, folder) => ['server', '--quiet', '--address', `127.0.0.1:${port}`, join(folder, 'data')],
  env: (keys) => ({
    MINIO_ROOT_USER: keys.accessKeyId,
    MINIO_ROOT_PASSWORD: keys.secretAccessKey,
    MINIO_BROWSER: 'off',
    MINIO_UPDATE: 'off',
  }),
  readyPath: '/minio/health/ready',
})

const versitygw = programKind('versitygw', 'AGENTSVIEW_VERSITYGW', 'versitygw', {
  region: 'us-east-1',
  args: (port, folder) => {
    const [data, sidecar] = ['data', 'sidecar'].map((name) => join(folder, name)) as [string, string]
    for (const path of [data, sidecar]) mkdirSync(path)
    // A folder for metadata of its own: temporary file systems may keep no extended attributes.
    return ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', sidecar, data]
  },
  env: (keys) => ({ ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey }),
  readyPath: '/',
})

/** Stores any key as it is, the hostile ones too; checks no signature. */
const moto = programKind('moto', 'AGENTSVIEW_MOTO', 'moto_server', {
  region: 'us-east-1',
  args: (port) => ['-H', '127.0.0.1', '-p', String(port)],
  env: () => ({}),
  readyPath: '/moto-api/data.json',
})

/** Every server the end-to-end tests know, the one that is always there first. */
export const serverKinds: readonly ServerKind[] = [embedded, minio, versitygw, moto]
