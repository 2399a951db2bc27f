import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'

const fixtures = resolve(import.meta.dirname, '../../fixtures')

/** Objects by key. */
export type Objects = ReadonlyMap<string, Buffer>

/** The demo's bucket: three machines, both agents, forks, subagents, copies and titles. */
export function demoObjects(): Objects {
  const folder = join(fixtures, 'bucket')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  const paths = files.map((entry) => join(entry.parentPath, entry.name)).toSorted()
  return new Map(paths.map((path) => [relative(folder, path).split(sep).join('/'), readFileSync(path)]))
}

/** Every log of the formats' fixtures, each on a machine of its own. */
export function caseObjects(): Objects {
  const objects = new Map<string, Buffer>()
  for (const agent of ['claude', 'codex']) {
    const folder = join(fixtures, agent)
    const usual = readFileSync(join(folder, 'path.txt'), 'utf8').trim()
    for (const name of readdirSync(folder).toSorted()) {
      const log = join(folder, name, 'in.jsonl')
      if (!existsSync(log)) continue
      const own = join(folder, name, 'path.txt')
      const path = existsSync(own) ? readFileSync(own, 'utf8').trim() : usual
      // The fixtures are not packed, whatever the path says.
      objects.set(`cases/${agent}-${name}/raw/${agent}/${path.replace(/\.(?:zst|gz)$/, '')}`, readFileSync(log))
    }
  }
  return objects
}

/** The demo's bucket and all cases. */
export function allObjects(): Objects {
  return new Map([...demoObjects(), ...caseObjects()])
}

/** A Claude Code log of `turns` prompts and answers, each answer padded to about `bytes`. */
export function longLog(session: string, turns: number, bytes: number): Buffer {
  const lines: string[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    const time = new Date(Date.UTC(2026, 6, 1) + turn * 1000).toISOString()
    const common = { sessionId: session, timestamp: time, cwd: '/home/ann/app', version: '2.1.9' }
    lines.push(
      JSON.stringify({
        type: 'user',
        uuid: `${session}-u${turn}`,
        ...common,
        message: { role: 'user', content: `question ${turn}` },
      }),
      JSON.stringify({
        type: 'assistant',
        uuid: `${session}-a${turn}`,
        requestId: `${session}-r${turn}`,
        ...common,
        message: {
          id: `${session}-m${turn}`,
          role: 'assistant',
          model: 'claude-opus-4-6',
          content: [{ type: 'text', text: `answer ${turn} `.padEnd(bytes, 'word') }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 10 + turn, output_tokens: 5 + turn },
        },
      }),
    )
  }
  return Buffer.from(`${lines.join('\n')}\n`)
}
