import { asObject } from '../../base/index.ts'
import type { EndState, SessionRecord } from '../../model/index.ts'
import { takeSpawn } from './agent-calls.ts'
import { noteAbort } from './messages.ts'
import { takeSettings } from './meta.ts'
import { threadIdOf } from './paths.ts'
import { shortText } from './rows.ts'
import type { CodexState, Entry } from './state.ts'
import { takeTokenCount } from './usage.ts'

const endStates: ReadonlyMap<unknown, EndState> = new Map([
  ['task_started', 'tool_call_pending'],
  ['turn_started', 'tool_call_pending'],
  ['turn_aborted', 'tool_call_pending'],
  ['task_complete', 'awaiting_user'],
  ['turn_complete', 'awaiting_user'],
])

/** Records of an `event_msg` line; events that only repeat what items say give none. */
export function takeEvent(state: CodexState, entry: Entry): readonly SessionRecord[] {
  const { payload } = entry
  const { type } = payload
  state.endState = endStates.get(type) ?? state.endState
  switch (type) {
    case 'token_count':
      return takeTokenCount(state, entry)
    case 'turn_aborted':
      noteAbort(state)
      return []
    case 'thread_settings_applied':
      takeSettings(state, asObject(payload['thread_settings']) ?? asObject(payload['settings']) ?? payload)
      return []
    case 'thread_name_updated':
      if ((threadIdOf(payload['thread_id']) ?? state.threadId) === state.threadId && 'thread_name' in payload) {
        state.title = shortText(payload['thread_name'], 1024)
      }
      return []
    case 'collab_agent_spawn_end':
      return takeSpawn(state, entry, payload['call_id'], [payload['new_thread_id']])
    case 'sub_agent_activity':
      if (payload['kind'] !== 'started') return []
      return takeSpawn(state, entry, payload['event_id'], [payload['agent_thread_id'], payload['agent_path']])
    default:
      return []
  }
}
