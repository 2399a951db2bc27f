import type { Line, SessionRecord } from '../../model/index.ts'
import type { LineParser } from '../agent.ts'
import { badLine, cleanString, decodeLine } from '../shared/index.ts'
import { sessionIdOf, threadIdOf } from './paths.ts'

/** Opens a parser for `session_index.jsonl`: one mark `title` a line, about the session it names. */
export function openTitles(): LineParser {
  return { push: takeLine, flush: () => [], resume: () => ({ offset: null, state: null }) }
}

function takeLine(line: Line): readonly SessionRecord[] {
  const decoded = decodeLine(line)
  if (decoded.kind === 'bad') return [badLine(line)]
  if (decoded.kind !== 'object') return []
  const threadId = threadIdOf(decoded.value['id'])
  const name = decoded.value['thread_name']
  if (threadId === null || typeof name !== 'string') return []
  return [
    {
      kind: 'mark',
      sessionId: sessionIdOf(threadId),
      offset: line.offset,
      name: 'title',
      key: '',
      value: cleanString(name)?.trim() ?? '',
    },
  ]
}
