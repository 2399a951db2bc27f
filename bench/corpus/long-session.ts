import { toolCategory } from '../../src/agents/shared/index.ts'
import type { Charge, Step } from './archive-rows.ts'
import type { Prose } from './prose.ts'
import type { Random } from './random.ts'

/** What the steps of a session are made with. */
export interface Pens {
  readonly random: Random
  readonly prose: Prose
  charge(): Charge
}

/** A session as long ones are: prompts with many steps after each, and everything that tools show. */
export interface LongSession {
  readonly steps: readonly Step[]
  /** Ordinals of what a person typed. */
  readonly prompts: readonly number[]
}

const compactionEvery = 1500

/** @param marker  a word that stands in the message `markedAt` and nowhere else */
export function longSession(pens: Pens, length: number, marker: string, markedAt: number): LongSession {
  const { random, prose } = pens
  const steps: Step[] = []
  const prompts: number[] = []
  let untilPrompt = 0
  while (steps.length < length) {
    const at = steps.length
    const isLast = at === length - 1
    if (at > 0 && at % compactionEvery === 0) {
      steps.push({
        role: 'system',
        subtype: 'compact_boundary',
        text: 'Conversation compacted',
        thinking: '',
        call: null,
        usage: null,
      })
    } else if (untilPrompt === 0 && !isLast) {
      prompts.push(at)
      untilPrompt = random.int(4, 16)
      steps.push({
        role: 'user',
        text: `${at === markedAt ? `${marker} ` : ''}${prose.text(random.skewed(200, 1))}`,
        thinking: '',
        call: null,
        usage: null,
      })
    } else {
      untilPrompt -= 1
      const step = untilPrompt <= 0 || isLast ? answer(pens) : work(pens)
      steps.push(at === markedAt ? { ...step, text: `${marker} ${step.text}` } : step)
      untilPrompt = Math.max(0, untilPrompt)
    }
  }
  return { steps, prompts }
}

/** A step on the way: a tool, mostly with a word or a thought about it. */
function work(pens: Pens): Step {
  const { random, prose } = pens
  const text = random.chance(0.35) ? prose.text(random.skewed(140, 0.8)) : ''
  const thinking = random.chance(0.25) ? prose.text(random.skewed(500, 1)) : ''
  return { role: 'assistant', text, thinking, call: callOf(pens), usage: pens.charge() }
}

/** What ends a turn: prose with a list, a table or code. */
function answer(pens: Pens): Step {
  const { random, prose } = pens
  const parts = [prose.text(random.skewed(300, 0.8))]
  if (random.chance(0.4))
    parts.push(
      Array.from({ length: random.int(2, 6) }, () => `- **${prose.text(20).slice(0, 18)}**: ${prose.text(60)}`).join(
        '\n',
      ),
    )
  if (random.chance(0.3)) parts.push(`\`\`\`ts\n${prose.output(random.skewed(400, 0.7))}\n\`\`\``)
  if (random.chance(0.1))
    parts.push(
      [
        '| file | lines | what |',
        '|---|---:|---|',
        ...Array.from(
          { length: 5 },
          () => `| \`src/${random.hex(4)}.ts\` | ${random.int(1, 900)} | ${prose.text(40).replaceAll('|', '/')} |`,
        ),
      ].join('\n'),
    )
  if (random.chance(0.3)) parts.push(`## ${prose.text(30).slice(0, 40)}\n\n${prose.text(random.skewed(300, 0.8))}`)
  const thinking = random.chance(0.2) ? prose.text(random.skewed(700, 1)) : ''
  return { role: 'assistant', text: parts.join('\n\n'), thinking, call: null, usage: pens.charge() }
}

type Call = NonNullable<Step['call']>

function callOf({ random, prose }: Pens): Call {
  const file = `/home/ann/code/src/${random.hex(3)}/${random.hex(4)}.ts`
  const isError = random.chance(0.03)
  const make = (name: string, input: unknown, result: string): Call => ({
    name,
    category: toolCategory(name),
    input: JSON.stringify(input),
    result,
    isError,
  })
  const kind = random.fraction()
  if (kind < 0.35) {
    const output = random.chance(0.02) ? prose.output(200_000) : prose.output(random.skewed(700, 1.3))
    return make(
      'Bash',
      { command: `npm test -- ${random.hex(4)}`, description: prose.text(40) },
      coloured(random, output),
    )
  }
  if (kind < 0.55) return make('Read', { file_path: file }, prose.output(random.skewed(3000, 1)))
  if (kind < 0.77) {
    const before = prose.output(random.skewed(500, 0.8))
    const after = before.split('\n').map((line) => (random.chance(0.3) ? line.replace(/\w{4,}/, random.hex(6)) : line))
    return make(
      'Edit',
      { file_path: file, old_string: before, new_string: after.join('\n') },
      `The file ${file} has been updated.`,
    )
  }
  if (kind < 0.87) return make('Grep', { pattern: random.hex(4), path: 'src' }, prose.output(random.skewed(500, 1)))
  if (kind < 0.92) {
    const states = ['completed', 'in_progress', 'pending'] as const
    const todos = Array.from({ length: random.int(3, 9) }, () => ({
      content: prose.text(50),
      status: random.pick(states),
      activeForm: '',
    }))
    return make('TodoWrite', { todos }, 'Todos have been modified.')
  }
  if (kind < 0.96)
    return make(
      'Write',
      { file_path: file, content: prose.output(random.skewed(2000, 0.8)) },
      `File created at ${file}`,
    )
  const rows = Array.from({ length: random.int(1, 30) }, (_, id) => ({ id, name: random.hex(6), note: prose.text(40) }))
  return make('mcp__db__query', { sql: `select * from t_${random.hex(3)}`, limit: 30 }, JSON.stringify({ rows }))
}

/** Output as terminals have it: some lines in colour. */
function coloured(random: Random, output: string): string {
  if (!random.chance(0.3)) return output
  return output
    .split('\n')
    .map((line) => (random.chance(0.2) ? `\u001B[3${random.int(1, 6)}m${line}\u001B[0m` : line))
    .join('\n')
}
