// Lets a part of a corpus grow by whole turns, as machines do between two syncs, and tells the new truth.
//
//   npx tsx bench/corpus/grow.ts --out DIR [--seed 1] [--share 0.2] [--turns 1] [--most 600]
//
// With --most no text of a turn is longer than that. Writes DIR/truth.json anew, and DIR/growth.json: the bytes each object grew by.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { growFleet } from './grow-fleet.ts'
import { save } from './fleet-work.ts'
import type { Corpus } from './fleet-work.ts'
import type { Truth } from './truth.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    share: { type: 'string', default: '0.2' },
    turns: { type: 'string', default: '1' },
    most: { type: 'string', default: '4000000' },
  },
})
const share = Number(values.share)
const turns = Number(values.turns)
const most = Number(values.most)
if (values.out === undefined || !(share > 0 && share <= 1) || !Number.isInteger(turns) || turns < 1 || !(most > 0)) {
  throw new RangeError('usage: grow.ts --out DIR [--seed 1] [--share 0.2] [--turns 1]')
}
const { out, seed } = values
const truth = JSON.parse(readFileSync(join(out, 'truth.json'), 'utf8')) as Truth
const corpus = JSON.parse(readFileSync(join(out, 'corpus.json'), 'utf8')) as Corpus
const growth = growFleet({ out, seed, share, turns, most }, truth, corpus)
save(out, truth, corpus)
writeFileSync(join(out, 'growth.json'), `${JSON.stringify(growth, null, 1)}\n`)
process.stdout.write(`${growth.objects.length} objects grew by ${growth.bytes} bytes\n`)
