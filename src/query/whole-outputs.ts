import type { Ask } from './ask.ts'
import { int, listed, select, str } from './ask.ts'
import type { FoundSession } from './find-session.ts'
import { sql } from './sql.ts'

/**
 * Outputs too large for their log that are in the archive, by the place (`offset/part`) of the result
 * they belong to. Only files under the same folder of the same bucket and machine count: a log cannot
 * name another one's.
 */
export async function wholeOutputs(
  ask: Ask,
  found: FoundSession,
  callIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const folderOf = (object: string) => {
    const [key, path] = [sql.raw(`${object}.key`), sql.raw(`${object}.path`)]
    return sql`substr(${key}, 1, length(${key}) - length(${path}))`
  }
  const pieces = await select(
    ask,
    { offset: [sql`r."offset"`, int], part: [sql`r.part`, int], key: [sql`f.key`, str], text: [sql`p.text`, str] },
    sql`FROM tool_results r JOIN sessions s ON s.id = r.session_id JOIN objects o ON o.id = s.object_id
      JOIN outputs p ON p.ref = r.output_ref
      JOIN objects f ON f.id = p.object_id AND f.generation = p.generation AND f.remote = o.remote
        AND f.bucket = o.bucket AND f.machine = o.machine AND f.agent = o.agent AND ${folderOf('f')} = ${folderOf('o')}
      WHERE r.session_id = ${found.rowId} AND r.output_ref IS NOT NULL AND r.call_id IN ${listed(callIds)}
      ORDER BY f.key, p."offset"`,
  )
  const outputs = new Map<string, { readonly key: string; text: string }>()
  for (const { offset, part, key, text } of pieces) {
    const place = `${offset}/${part}`
    const output = outputs.get(place)
    if (output === undefined) outputs.set(place, { key, text })
    // The same file may be there packed and plain.
    else if (output.key === key) output.text += text
  }
  return new Map([...outputs].map(([place, { text }]) => [place, text]))
}
