// Writes an archive of very many made-up messages straight through the store's schema, to ask it questions; prints
// what it holds as JSON.
//
//   npx tsx bench/corpus/make-archive.ts --db file:PATH [--messages 1000000] [--sessions 10000] [--long 20000]
//     [--characters 220] [--seed 1]
import { parseArgs } from 'node:util'

import { makeBigArchive } from './big-archive.ts'

const { values: options } = parseArgs({
  options: {
    db: { type: 'string' },
    messages: { type: 'string', default: '1000000' },
    sessions: { type: 'string' },
    long: { type: 'string', default: '0' },
    characters: { type: 'string', default: '220' },
    seed: { type: 'string', default: '1' },
  },
})
if (options.db === undefined) {
  throw new RangeError(
    'usage: make-archive.ts --db file:PATH [--messages N] [--sessions N] [--long N] [--characters N] [--seed 1]',
  )
}
const messages = Number(options.messages)
const truth = await makeBigArchive(options.db, {
  seed: options.seed,
  messages,
  sessions: Number(options.sessions ?? messages / 100),
  longMessages: Number(options.long),
  textCharacters: Number(options.characters),
})
process.stdout.write(`${JSON.stringify(truth)}\n`)
