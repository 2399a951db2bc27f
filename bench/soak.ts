import { parseArgs } from 'node:util'

import { changeRounds } from '../test/soak/change-rounds.ts'
import { killRounds } from '../test/soak/kill-rounds.ts'
import { file, sqld } from '../test/store/engines.ts'
import { buildProgram } from '../test/sync/program.ts'

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    rounds: { type: 'string', default: '500' },
    seed: { type: 'string', default: String(Date.now()) },
  },
})
const { seed } = values
const say = (line: string): void => void process.stdout.write(`${new Date().toISOString()} ${line}\n`)

say(`seed ${seed}`)
if (Number(values.rounds) > 0) {
  const result = await changeRounds({ seed, rounds: Number(values.rounds), say })
  say(`changes: ${JSON.stringify(result)}`)
}
if (Number(values.kills) > 0) {
  const program = await buildProgram()
  try {
    for (const engine of [file, sqld]) {
      const reason = engine.missing()
      if (reason !== null) say(`${engine.name} is left out: ${reason}`)
      else
        say(
          `${engine.name}: ${JSON.stringify(await killRounds({ program, engine, seed, kills: Number(values.kills), say }))}`,
        )
    }
  } finally {
    program.remove()
  }
}
