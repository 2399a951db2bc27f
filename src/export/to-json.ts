import type { SessionToExport } from './session.ts'

/** One object: each session as `session show --json` has it, its messages as `session messages --json`. */
export async function* toJson(sessions: AsyncIterable<SessionToExport>): AsyncIterable<string> {
  yield '{\n"schemaVersion": 1,\n"kind": "sessionExport",\n"sessions": ['
  let isFirst = true
  for await (const { session, messages } of sessions) {
    yield `${isFirst ? '' : ','}\n{"session": ${JSON.stringify(session)},\n"messages": [`
    isFirst = false
    let isFirstMessage = true
    for await (const page of messages) {
      const rows = page.map((message) => JSON.stringify(message))
      if (rows.length === 0) continue
      yield `${isFirstMessage ? '' : ','}\n${rows.join(',\n')}`
      isFirstMessage = false
    }
    yield '\n]}'
  }
  yield '\n]\n}\n'
}
