/** Invented sessions of a small team, enough of them that lists and charts look like everyday use. */
import { claudeLog } from '../../test/browser/claude-log.ts'
import { codexLog } from './codex-log.ts'
import { steps, tasks } from './tasks.ts'

const day = 86_400_000
const machines = [
  { name: 'laptop', prefix: 'prod', home: '/Users/mia/code', weight: 5, model: 'claude-opus-4-6', agent: 'claude' },
  {
    name: 'ci-runner',
    prefix: 'prod',
    home: '/home/runner/work',
    weight: 4,
    model: 'claude-sonnet-4-6',
    agent: 'claude',
  },
  { name: 'gpu-3', prefix: 'lab', home: '/home/lin/src', weight: 3, model: 'gpt-5.5', agent: 'codex' },
  { name: 'gpu-7', prefix: 'lab', home: '/home/lin/src', weight: 2, model: 'claude-opus-4-6', agent: 'claude' },
  {
    name: 'desk-sam',
    prefix: 'prod',
    home: '/home/sam',
    weight: 3,
    model: 'claude-haiku-4-5-20251001',
    agent: 'claude',
  },
] as const

/** A small fixed generator, so that every run makes the same pictures. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 4_294_967_296
  }
}

/** Objects by key: sessions of the last months up to `now`, one of them still running. */
export function showcase(now: number, sessions = 260): ReadonlyMap<string, string> {
  const next = random(7)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T
  const wheel = machines.flatMap((machine) => Array.from({ length: machine.weight }, () => machine))
  const objects = new Map<string, string>()
  for (let at = 0; at < sessions; at += 1) {
    const isRunning = at === 0
    const machine = isRunning ? machines[0] : pick(wheel)
    const task = isRunning ? (tasks[0] ?? pick(tasks)) : pick(tasks)
    const age = isRunning ? 0.5 / 24 : (at / sessions) ** 1.25 * 130 + next() * 2
    const start = officeHours(now - age * day, isRunning ? null : next())
    const id = `${hex(at, 8)}-7d3e-4a19-9c41-${hex(at * 7919 + 11, 12)}`
    const turns = [task.prompt, ...task.more.slice(0, 1 + Math.floor(next() * 4))].map((prompt) => ({
      prompt,
      steps: steps.slice(0, 4 + Math.floor(next() * (steps.length - 3))),
    }))
    const plan = {
      id,
      cwd: `${machine.home}/${task.project}`,
      branch: task.branch,
      model: next() < 0.8 ? machine.model : pick(machines).model,
      title: task.title,
      start,
      pace: isRunning ? 40_000 : 25_000,
      weight: 0.6 + next() * 5,
      turns,
    }
    const root = `${machine.prefix}/${machine.name}/raw`
    if (machine.agent === 'codex' || plan.model.startsWith('gpt')) {
      const date = new Date(start).toISOString()
      const path = `${date.slice(0, 10).replaceAll('-', '/')}/rollout-${date.slice(0, 19).replaceAll(':', '-')}-${id}.jsonl`
      objects.set(`${root}/codex/sessions/${path}`, codexLog({ ...plan, model: 'gpt-5.5' }))
    } else {
      const folder = plan.cwd.replace(/[^A-Za-z0-9]/g, '-')
      objects.set(`${root}/claude/projects/${folder}/${id}.jsonl`, claudeLog(plan))
    }
  }
  return objects
}

/** Moves a moment into the working day, and out of most weekends. */
function officeHours(at: number, luck: number | null): number {
  if (luck === null) return at
  const midnight = Math.floor(at / day) * day
  const weekday = new Date(midnight).getUTCDay()
  const isFree = (weekday === 0 || weekday === 6) && luck < 0.75
  const hour = 7 + ((luck * 977) % 11)
  return Math.min(at, midnight - (isFree ? 2 * day : 0) + hour * 3_600_000)
}

function hex(value: number, length: number): string {
  return (value * 2_654_435_761).toString(16).padStart(length, '0').slice(-length)
}
