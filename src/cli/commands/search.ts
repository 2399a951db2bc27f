import type { SearchHit } from '../../query/index.ts'
import { noteEmpty, noteMore, withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import { filterOptions, readFilters } from '../filter-options.ts'
import type { Painted } from '../output/index.ts'
import { paint } from '../output/index.ts'

/** `search`: messages of all machines that hold some words. */
export const searchCommand = defineCommand({
  command: 'search <query..>',
  describe: 'Find messages by their words',
  exits: [3, 10],
  examples: [
    ['search parser error --since 30d', 'both words'],
    [`search '"exact phrase" OR pref* -unwanted'`, 'phrases, alternatives, beginnings; a word to leave out'],
  ],
  options: (yargs) =>
    filterOptions(yargs).positional('query', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Words to look for',
    }),
  run: async (args, context) =>
    await withArchive(context, async (asking) => {
      const { ask, query } = asking
      const { globals, out } = context
      const filters = await readFilters(args, context, query, ask)
      const page = await query.search(ask, args.query.join(' '), filters, {
        limit: globals.limit,
        cursor: globals.cursor,
      })
      const { hits, total, nextCursor } = page
      if (hits.length === 0) await noteEmpty(context, asking, 'message with these words')
      if (out.format === 'table') {
        for (const hit of hits) {
          const time = hit.timestamp === null ? '' : query.clockOf(Date.parse(hit.timestamp), globals.timezone)
          const place = [hit.project, time, hit.role, hit.field === 'thinking' ? 'thinking' : null]
          out.line(
            paint('cyan', hit.sessionId),
            paint('bold', ` #${hit.ordinal}`),
            '  ',
            paint('dim', place.filter((one) => one !== null).join(' · ')),
          )
          out.line('  ', ...marked(hit))
        }
      } else {
        out.rows({
          kind: 'searchHits',
          key: 'hits',
          rows: hits,
          columns: [
            { key: 'sessionId', title: 'SESSION', value: (row) => row.sessionId },
            { key: 'ordinal', title: '#', value: (row) => row.ordinal, align: 'right' },
            { key: 'machine', title: 'MACHINE', value: (row) => row.machine },
            { key: 'project', title: 'PROJECT', value: (row) => row.project },
            { key: 'timestamp', title: 'TIME', value: (row) => row.timestamp },
            { key: 'field', title: 'FIELD', value: (row) => row.field },
            { key: 'snippet', title: 'SNIPPET', value: (row) => row.snippet },
            { key: 'score', title: 'SCORE', value: (row) => row.score, align: 'right', isExtra: true },
          ],
          json: (row) => ({ ...row }),
          extra: { total, nextCursor },
        })
      }
      noteMore(context, hits.length, page)
    }),
})

/** The snippet in pieces, what was looked for in bold. */
function marked(hit: SearchHit): readonly (string | Painted)[] {
  const pieces: (string | Painted)[] = []
  let end = 0
  for (const [from, to] of hit.matches) {
    pieces.push(hit.snippet.slice(end, from), paint('bold', hit.snippet.slice(from, to)))
    end = to
  }
  return [...pieces, hit.snippet.slice(end)]
}
