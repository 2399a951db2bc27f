import { join } from 'node:path'
import { writeClaudeTurn } from './claude.ts'
import { writeCodexTurn } from './codex.ts'
import type { Corpus, OpenLog } from './fleet-work.ts'
import { openLog } from './log-file.ts'
import { proseOf } from './prose.ts'
import type { Prose } from './prose.ts'
import { randomOf } from './random.ts'
import type { Random } from './random.ts'
import { tellCounts, tellResponses } from './truth.ts'
import type { Response, Truth } from './truth.ts'

export interface Growth {
  readonly bytes: number
  readonly objects: readonly { readonly path: string; readonly bytes: number }[]
}

/**
 * Appends turns to a share of the objects, and to the truth what they tell. Logs that others were copied from
 * stay as they are: which of the two then owns their responses would depend on which one grew.
 */
export function growFleet(
  options: {
    readonly out: string
    readonly seed: string
    readonly share: number
    readonly turns: number
    /** Characters of any one text at most. */
    readonly most?: number
  },
  truth: Truth,
  corpus: Corpus,
): Growth {
  const random = randomOf(`growth ${corpus.seed} ${corpus.growths} ${options.seed}`)
  const prose = withoutLongTexts(proseOf(random), options.most ?? Number.POSITIVE_INFINITY)
  const waiting = [...corpus.logs]
  const responses: Response[] = []
  const objects: { path: string; bytes: number }[] = []
  for (let left = Math.round(truth.objects * options.share); left > 0 && waiting.length > 0; left -= 1) {
    const [log] = waiting.splice(random.int(0, waiting.length - 1), 1)
    if (log === undefined) break
    objects.push({ path: log.path, bytes: growLog(options, log, truth, { random, prose, responses }) })
  }
  const bytes = objects.reduce((sum, object) => sum + object.bytes, 0)
  truth.bytes += bytes
  tellResponses(truth, responses)
  tellCounts(truth)
  corpus.growths += 1
  return { bytes, objects }
}

function withoutLongTexts(prose: Prose, most: number): Prose {
  return {
    text: (characters) => prose.text(Math.min(characters, most)),
    output: (characters) => prose.output(Math.min(characters, most)),
  }
}

function growLog(
  { out, turns }: { readonly out: string; readonly turns: number },
  open: OpenLog,
  truth: Truth,
  pens: { readonly random: Random; readonly prose: Prose; readonly responses: Response[] },
): number {
  const session = truth.sessions[open.session]
  if (session === undefined) throw new RangeError(`no session for ${open.path}`)
  const log = openLog(join(out, open.path), 'a', open.eol)
  const scribe = { ...pens, log, session }
  const { claude, codex, missing } = open
  if (missing !== null) {
    log.raw(missing.text)
    if (missing.isPrompt && claude !== null) {
      session.userTurns += 1
      claude.lastUuid = missing.uuid
      claude.at += 1000
    }
    open.missing = null
  }
  for (let turn = 0; turn < turns; turn += 1) {
    if (claude !== null) writeClaudeTurn(claude, scribe)
    if (codex !== null) writeCodexTurn(codex, scribe)
  }
  log.close()
  return log.bytes()
}
