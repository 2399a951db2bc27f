import { AgentsviewError } from '../base/index.ts'
import type { Ask, RowOf } from './ask.ts'
import { int, select, str, strOrNull } from './ask.ts'
import { publicId, visibleSessions } from './filters.ts'
import { sql } from './sql.ts'

/** A session that an id of a person stands for. */
export interface FoundSession {
  /** Row of the session itself. */
  readonly rowId: number
  readonly id: string
  readonly machine: string
  readonly agent: string
  readonly nativeId: string
  /**
   * Rows of all the machines' copies the id stands for: more than one only when the id named no
   * machine. The session itself, the longest of them, is first.
   */
  readonly rowIds: readonly number[]
}

interface Candidate extends FoundSession {
  readonly title: string
}

/**
 * Finds the session that an id, or an unambiguous prefix of it, stands for. The machine and the part
 * before a `:` of the agent's own id may be left out.
 * @throws AgentsviewError `not-found.session`; `usage.ambiguous` with the candidates
 */
export async function findSession(ask: Ask, given: string): Promise<FoundSession> {
  const asked = given.trim()
  if (asked === '') {
    throw new AgentsviewError({
      code: 'usage.id',
      message: 'the session id is empty',
      hint: 'See: agentsview session list',
    })
  }
  // A whole id is found by the index; its beginning could stand in any row.
  const [whole, ...more] = await withWholeId(ask, asked)
  if (whole !== undefined && more.length === 0) return { ...whole, rowIds: [whole.rowId] }
  const candidates = await candidatesOf(ask, asked)
  const exact = candidates.filter(({ id, nativeId }) => [id, nativeId, bareId(id), bareId(nativeId)].includes(asked))
  const left = exact.length > 0 ? exact : candidates
  const [first] = left
  if (first === undefined) {
    throw new AgentsviewError({
      code: 'not-found.session',
      message: `there is no session "${asked}" in the archive`,
      hint: 'See: agentsview session list --all --include-children',
    })
  }
  const others = left.filter(({ agent, nativeId }) => agent !== first.agent || nativeId !== first.nativeId)
  if (others.length > 0) throw ambiguous(asked, left)
  return { ...first, rowIds: left.map(({ rowId }) => rowId) }
}

/** An id without the part of the agent's own id before its `:`. */
function bareId(id: string): string {
  return id.replace(/^([^~]*~)?[^~:]*:/, '$1')
}

const candidateColumns = {
  rowId: [sql`s.id`, int],
  machine: [sql`s.machine`, str],
  agent: [sql`s.agent`, str],
  nativeId: [sql`s.native_id`, str],
  title: [sql`coalesce(s.title, s.first_prompt, s.project)`, strOrNull],
} as const

/** Sessions with exactly this id, the machine's name included: one, but for agents that chose the same. */
async function withWholeId(ask: Ask, asked: string): Promise<readonly Candidate[]> {
  const end = asked.indexOf('~')
  if (end < 0) return []
  const rows = await select(
    ask,
    candidateColumns,
    sql`FROM ${visibleSessions}
      WHERE s.native_id = ${asked.slice(end + 1)} AND s.machine = ${asked.slice(0, end)} LIMIT 2`,
  )
  return rows.map(candidateOf)
}

/** Sessions whose id begins so, the longest copy of each first. */
async function candidatesOf(ask: Ask, asked: string): Promise<readonly Candidate[]> {
  const bare = sql`substr(s.native_id, instr(s.native_id, ':') + 1)`
  const forms = [sql`s.native_id`, bare, publicId, sql`s.machine || '~' || ${bare}`]
  // `substr` counts characters, not the UTF-16 units of a JavaScript length.
  const starts = forms.map((form) => sql`substr(${form}, 1, length(${asked})) = ${asked}`)
  const rows = await select(
    ask,
    candidateColumns,
    sql`FROM ${visibleSessions} WHERE ${sql.join(starts, sql` OR `)}
      ORDER BY s.native_id, s.agent, o.size DESC, s.machine LIMIT 1000`,
  )
  return rows.map(candidateOf)
}

function candidateOf(row: RowOf<typeof candidateColumns>): Candidate {
  return { ...row, id: `${row.machine}~${row.nativeId}`, rowIds: [], title: row.title ?? '' }
}

function ambiguous(asked: string, candidates: readonly Candidate[]): AgentsviewError {
  const shown = candidates.slice(0, 12).map(({ id, title }) => `  ${id}  ${[...title].slice(0, 60).join('')}`)
  const more = candidates.length > 12 ? [`  … and ${candidates.length - 12} more`] : []
  return new AgentsviewError({
    code: 'usage.ambiguous',
    message: [`"${asked}" stands for several sessions:`, ...shown, ...more].join('\n'),
    hint: 'Give more of the id.',
    context: { candidates: candidates.map(({ id }) => id) },
  })
}
