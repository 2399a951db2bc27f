import { readFileSync } from 'node:fs'
import { AgentsviewError, asObject, asText } from '../base/index.ts'

/** The program's version, as its package says. @throws AgentsviewError `internal.version` when the package is broken */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  const version = asText(asObject(JSON.parse(text))?.['version'])
  if (version !== null) return version
  throw new AgentsviewError({
    code: 'internal.version',
    message: 'package.json names no version',
    hint: 'Install agentsview again.',
  })
}
