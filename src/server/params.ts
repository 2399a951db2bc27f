import type { JsonSchema } from './shape.ts'

interface Param {
  readonly description: string
  readonly schema: JsonSchema
}

const text = { type: 'string' }
const count = { type: 'integer', minimum: 0 }
const amount = { type: 'number', minimum: 0 }
const switched = { type: 'string', enum: ['1', 'true', ''] }
const dimensions = ['machine', 'remote', 'project', 'agent', 'model']
const dimension = { type: 'string', enum: dimensions }
const names = (what: string): Param => ({
  description: `${what}: several by comma or by repeating; * stands for any text.`,
  schema: text,
})

/** Every query parameter, by its name. */
export const params = {
  machine: names('Machines that wrote the logs'),
  remote: names('Remotes the logs were read from; local = the local folders'),
  project: names('Projects'),
  agent: names('Agents'),
  model: names('Models'),
  branch: names('Git branches'),
  since: { description: 'From then on: 7d, yesterday, 2026-08-01 or a full time.', schema: text },
  until: { description: 'Up to and with then, in the same words.', schema: text },
  timezone: { description: 'IANA name of the zone days begin and end in.', schema: text },
  limit: { description: 'Rows at most; 0 = as many as one answer holds.', schema: count },
  cursor: { description: 'nextCursor of the page before.', schema: text },
  q: { description: 'What to look for.', schema: text },
  children: { description: 'Also sessions that agents started.', schema: switched },
  copies: { description: 'Copies on other machines as entries of their own.', schema: switched },
  all: { description: 'Also sessions in which nothing was said.', schema: switched },
  errors: { description: 'Only sessions with a failed tool call or a bad line.', schema: switched },
  cost_min: { description: 'Only sessions that cost at least so many dollars.', schema: amount },
  cost_max: { description: 'Only sessions that cost at most so many dollars.', schema: amount },
  sort: { description: 'Order, most first.', schema: { type: 'string', enum: ['ended', 'cost', 'messages'] } },
  from: { description: 'Ordinal of the first message.', schema: count },
  own: { description: 'Without the sessions it started.', schema: switched },
  offset: { description: 'First byte.', schema: count },
  length: { description: 'Bytes, at most 1048576; left out: to the end of the line.', schema: count },
  id: { description: 'Id of a session, or its beginning; several by repeating.', schema: text },
  as: { description: 'Form of the file.', schema: { type: 'string', enum: ['md', 'html', 'json', 'raw'] } },
  call: { description: 'Id of the tool call whose result is meant.', schema: text },
  facets: { description: 'Also count all hits by machine, agent, project, role and month.', schema: switched },
  by: { description: 'Dimensions to split by, by comma.', schema: text },
  rows: { description: 'Dimension of the rows.', schema: dimension },
  cols: { description: 'Dimension of the columns.', schema: dimension },
  year: { description: 'Calendar year; the present one when left out.', schema: count },
  state: {
    description: 'Only objects in this state.',
    schema: { type: 'string', enum: ['complete', 'partial', 'failing', 'gone'] },
  },
} as const satisfies Readonly<Record<string, Param>>

export type ParamName = keyof typeof params

/** The filters that every list and sum takes. */
export const filterParams: readonly ParamName[] = [
  'machine',
  'remote',
  'project',
  'agent',
  'model',
  'branch',
  'since',
  'until',
  'timezone',
]
export const pageParams: readonly ParamName[] = ['limit', 'cursor']
