import type { ProjectRule } from '../model/index.ts'
import { checkTable } from './check.ts'
import type { Mistakes } from './mistakes.ts'
import { projectKeys } from './schema.ts'

/** Reads `[[projects]]` blocks. */
export function readProjects(raw: unknown, mistakes: Mistakes): readonly ProjectRule[] {
  if (raw === undefined) return []
  if (!Array.isArray(raw)) {
    mistakes.add(['projects'], 'must be blocks, one [[projects]] each')
    return []
  }
  return raw.map((value: unknown, at) => {
    const path = ['projects', at]
    const table = checkTable(value, projectKeys, path, mistakes)
    const name = (table.text('name') ?? '').trim()
    const match = table.texts('match') ?? []
    if (name === '') mistakes.add([...path, 'name'], 'must say what the project is called')
    if (match.length === 0) mistakes.add([...path, 'match'], 'must hold at least one pattern')
    if (match.some((pattern) => pattern === '')) mistakes.add([...path, 'match'], 'holds an empty pattern')
    return { name, match: match.map((pattern) => pattern.replaceAll('\\', '/')) }
  })
}
