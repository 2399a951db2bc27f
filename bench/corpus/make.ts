// Writes a made-up fleet's session logs, and the truth about them.
//
//   npx tsx bench/corpus/make.ts --out DIR [--seed 1] [--bytes 200MB] [--machines 4]
import { mkdirSync, readdirSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { parseByteSize } from '../../src/base/index.ts'
import { makeFleet } from './fleet.ts'

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
    bytes: { type: 'string', default: '200MB' },
    machines: { type: 'string', default: '4' },
  },
})
const bytes = parseByteSize(values.bytes)
const machines = Number(values.machines)
if (values.out === undefined || bytes === null || !Number.isInteger(machines) || machines < 1) {
  throw new RangeError('usage: make.ts --out DIR [--seed 1] [--bytes 200MB] [--machines 4]')
}
mkdirSync(values.out, { recursive: true })
if (readdirSync(values.out).length > 0) throw new RangeError(`${values.out} is not empty`)
const started = performance.now()
const truth = makeFleet({ out: values.out, seed: values.seed, bytes, machines })
const seconds = ((performance.now() - started) / 1000).toFixed(1)
process.stdout.write(
  `${truth.objects} objects, ${truth.sessions.length} sessions, ${truth.bytes} bytes, ` +
    `${truth.totals.responses} responses in ${seconds} s\n`,
)
