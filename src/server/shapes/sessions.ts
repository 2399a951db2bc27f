import type {
  ApiLiveSession,
  ApiMessage,
  ApiOutlineEntry,
  ApiPlace,
  ApiSession,
  ApiSessionDetail,
  ApiSessionLink,
  ApiStep,
  ApiStepUsage,
  ApiToolCall,
  ApiToolCount,
  ApiUsagePart,
  FindAnswer,
  LiveAnswer,
  MessagesAnswer,
  OutlineAnswer,
  RawAnswer,
  SessionAnswer,
  SessionsAnswer,
  SessionUsageAnswer,
} from '../api.ts'
import { count, flag, list, named, number, object, oneOf, orNull, text, time } from '../shape.ts'
import { kind, pageFields, role, texts, tokenFields } from './common.ts'
import { modelBreakdown } from './usage.ts'

const money = { costUSD: orNull(number), costNanoUSD: orNull(count) }
const presence = oneOf('present', 'gone')

const sessionFields = {
  id: text,
  agent: text,
  machine: text,
  remote: text,
  project: orNull(text),
  title: text,
  startedAt: orNull(time),
  endedAt: orNull(time),
  messageCount: count,
  userMessageCount: count,
  models: texts,
  ...tokenFields,
  ...money,
  unpricedModels: texts,
  parentId: orNull(text),
  relationship: orNull(text),
  branch: orNull(text),
  agentLabel: orNull(text),
  endState: orNull(text),
  source: text,
  sourceState: presence,
  copies: count,
  badLines: count,
}
const session = named('Session', object<ApiSession>(sessionFields))
export const sessions = object<SessionsAnswer>({ ...kind('sessionList'), sessions: list(session), ...pageFields })

const link = named('SessionLink', object<ApiSessionLink>({ id: text, relationship: orNull(text), title: text }))
const place = named(
  'Place',
  object<ApiPlace>({
    source: text,
    machine: text,
    remote: text,
    bucket: text,
    key: text,
    state: presence,
    bytes: count,
    modifiedAt: orNull(time),
    isLead: flag,
  }),
)
const toolCount = named('ToolCount', object<ApiToolCount>({ name: text, category: text, calls: count, errors: count }))

export const sessionDetail = object<SessionAnswer>({
  ...kind('session'),
  session: named(
    'SessionDetail',
    object<ApiSessionDetail>({
      ...sessionFields,
      cwd: orNull(text),
      agentVersion: orNull(text),
      entrypoint: orNull(text),
      isTruncated: flag,
      isLive: flag,
      durationMs: orNull(count),
      resumeCommand: orNull(text),
      places: list(place),
      parents: list(link),
      children: list(link),
      otherMachines: list(link),
      modelBreakdowns: list(modelBreakdown),
      tools: list(toolCount),
    }),
  ),
})

const stepUsageFields = { ...tokenFields, ...money, isCounted: flag }
const call = named(
  'ToolCall',
  object<ApiToolCall>({
    id: orNull(text),
    name: text,
    category: text,
    input: text,
    result: orNull(text),
    isError: flag,
    subagentId: orNull(text),
  }),
)
const message = named(
  'Message',
  object<ApiMessage>({
    ordinal: count,
    role,
    subtype: orNull(text),
    timestamp: orNull(time),
    model: orNull(text),
    text,
    thinking: text,
    toolCalls: list(call),
    offset: count,
    isUserTurn: flag,
    usage: orNull(named('StepUsage', object<ApiStepUsage>(stepUsageFields))),
  }),
)
export const messages = object<MessagesAnswer>({
  ...kind('sessionMessages'),
  sessionId: text,
  messages: list(message),
  ...pageFields,
})

const entry = named(
  'OutlineEntry',
  object<ApiOutlineEntry>({
    kind: oneOf('prompt', 'compaction', 'interruption', 'subagent'),
    ordinal: count,
    timestamp: orNull(time),
    text,
    sessionId: orNull(text),
  }),
)
export const outline = object<OutlineAnswer>({
  ...kind('sessionOutline'),
  sessionId: text,
  entries: list(entry),
  total: count,
})

const part = object<ApiUsagePart>({
  sessionId: text,
  relationship: orNull(text),
  agentLabel: orNull(text),
  ...tokenFields,
  ...money,
})
const step = named(
  'Step',
  object<ApiStep>({
    ordinal: orNull(count),
    timestamp: orNull(time),
    model: text,
    contextTokens: count,
    ...stepUsageFields,
  }),
)
export const sessionUsage = object<SessionUsageAnswer>({
  ...kind('sessionUsage'),
  sessionId: text,
  isOwnOnly: flag,
  ...tokenFields,
  ...money,
  models: list(modelBreakdown),
  unpricedModels: texts,
  parts: list(part),
  steps: list(step),
  stepCount: count,
})

export const raw = object<RawAnswer>({
  ...kind('sessionRaw'),
  remote: text,
  bucket: text,
  key: text,
  offset: count,
  length: count,
  isCut: flag,
  hasGrown: flag,
  text,
})

export const find = object<FindAnswer>({
  ...kind('sessionFind'),
  sessionId: text,
  hits: list(object({ ordinal: count, field: oneOf('text', 'thinking', 'input', 'result') })),
  total: count,
})

const last = object<NonNullable<ApiLiveSession['last']>>({
  ordinal: count,
  role,
  timestamp: orNull(time),
  text,
  tool: orNull(text),
})
export const live = object<LiveAnswer>({
  ...kind('live'),
  sessions: list(named('LiveSession', object<ApiLiveSession>({ ...sessionFields, last: orNull(last) }))),
  lastHour: object({ ...money, totalTokens: count }),
})
