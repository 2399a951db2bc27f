import type { JsonObject } from '../../base/index.ts'
import type { Mark } from '../../model/index.ts'
import type { ObjectContext } from '../agent.ts'
import { idOf } from './ids.ts'
import { folderOf } from './paths.ts'
import type { State } from './state.ts'

/**
 * Marks by which logs that begin with the same lines find each other; called before a user's or an
 * assistant's line leaves its id in the state. `peer`: the log's folder and first id, again with the key
 * `copy` once the log is known to be a background session's. `hang`: the parent of a line of such a log
 * that does not follow the line before it.
 */
export function noteKin(state: State, context: ObjectContext, entry: JsonObject, offset: number): readonly Mark[] {
  if (context.role === 'subagent') return []
  const { sessionId, path } = context
  const mark = (name: string, key: string, value: string): Mark => {
    return { kind: 'mark', sessionId, offset, name, key, value }
  }
  const marks: Mark[] = []
  const uuid = idOf(entry['uuid'])
  if (state.firstUuid === null && uuid !== null) {
    state.firstUuid = uuid
    marks.push(mark('peer', '', `${folderOf(path) ?? ''}/${uuid}`))
  }
  if (state.sessionKind !== 'bg' || state.firstUuid === null) return marks
  if (!state.isCopyTold) {
    state.isCopyTold = true
    marks.push(mark('peer', 'copy', `${folderOf(path) ?? ''}/${state.firstUuid}`))
  }
  const parent = idOf(entry['parentUuid'])
  if (parent !== null && parent !== state.recentUuids.at(-1)) marks.push(mark('hang', '', parent))
  return marks
}
