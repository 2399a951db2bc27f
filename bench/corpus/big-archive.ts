import { openArchive } from '../../src/store/index.ts'
import type { Charge, MadeSession, Step } from './archive-rows.ts'
import { endOf, openRowWriter, stepMs } from './archive-rows.ts'
import { firstDay, projects } from './fleet-work.ts'
import type { Pens } from './long-session.ts'
import { longSession } from './long-session.ts'
import { proseOf } from './prose.ts'
import type { Random } from './random.ts'
import { randomOf } from './random.ts'

/** What to fill an archive with. */
export interface ArchivePlan {
  readonly seed: string
  /** Messages of all sessions, those of copies and subagents among them. */
  readonly messages: number
  /** Sessions as the list shows them: copies on several machines are one, subagents are none. */
  readonly sessions: number
  /** Messages of the one long session; 0 for none. */
  readonly longMessages: number
  /** Half of the texts are longer than this many characters. */
  readonly textCharacters: number
}

/** Counted tokens and money. */
interface Sums {
  input: number
  output: number
  cacheRead: number
  cacheWrite: number
  costNanoUsd: number
}

/** What the archive holds, counted while it is made and without asking it. */
export interface ArchiveTruth {
  readonly sessions: number
  readonly subagents: number
  readonly messages: number
  /** Sessions by machine, copies in each; subagents left out. */
  readonly sessionsByMachine: Readonly<Record<string, number>>
  readonly totals: Readonly<Sums>
  readonly totalsByMachine: Readonly<Record<string, Readonly<Sums>>>
  /** Ids of the listed sessions that ended last and first. */
  readonly newest: string
  readonly oldest: string
  /** Messages that hold the rare word, each of which has it once; those of copies are one. */
  readonly rareMessages: number
  /** The long session; null when there is none. */
  readonly long: {
    readonly id: string
    readonly messages: number
    readonly prompts: readonly number[]
    /** The only message of the archive that holds `marker`. */
    readonly markedAt: number
  } | null
}

/** A word in about one message of fifty thousand. */
export const rareWord = 'zwischenablage'
/** A word in one message of the long session alone. */
export const marker = 'leuchtturmwaerter'
const machines = ['ada-laptop', 'gpu-box', 'ci-runner', 'lab-desk', 'bob-mini', 'build-1', 'edge-7', 'lab-8']
const models = ['claude-opus-4-8', 'claude-sonnet-5', 'claude-haiku-4-5-20251001', 'gpt-5.2-codex']
const spanMs = 365 * 86_400_000

/**
 * Fills a fresh archive file with made-up sessions; the same plan gives the same rows.
 * @param url  `file:` and a path where nothing is yet
 */
export async function makeBigArchive(url: string, plan: ArchivePlan): Promise<ArchiveTruth> {
  const random = randomOf(`archive ${plan.seed}`)
  const pens: Pens = { random, prose: proseOf(random), charge: () => chargeOf(random) }
  const archive = await openArchive({ url, token: null })
  try {
    const writer = await openRowWriter(archive.driver)
    const account = openAccount()
    for (const shape of shapesOf(plan, random)) {
      for (const session of sessionsOf(shape, plan, pens, account)) {
        account.add(session)
        await writer.add(session)
      }
    }
    await writer.end(machines, firstDay)
    return account.truth()
  } finally {
    archive.close()
  }
}

interface Shape {
  readonly kind: 'plain' | 'copied' | 'subagent' | 'long'
  /** Messages, in each copy. */
  length: number
}

/** How long each session is, so that all together have exactly the messages of the plan. */
function shapesOf({ sessions, messages, longMessages }: ArchivePlan, random: Random): readonly Shape[] {
  const shapes: Shape[] = longMessages === 0 ? [] : [{ kind: 'long', length: longMessages }]
  while (shapes.length < sessions) {
    shapes.push({ kind: random.chance(0.05) ? 'copied' : 'plain', length: random.skewed(1, 1) })
  }
  for (let count = Math.round(sessions / 10); count > 0; count -= 1) {
    shapes.splice(random.int(1, shapes.length), 0, { kind: 'subagent', length: random.skewed(1, 1) })
  }
  const scaled = shapes.filter(({ kind }) => kind !== 'long')
  const timesOf = ({ kind }: Shape): number => (kind === 'copied' ? 2 : 1)
  const sum = (): number => scaled.reduce((all, shape) => all + shape.length * timesOf(shape), 0)
  const unit = (messages - longMessages) / sum()
  for (const shape of scaled) shape.length = Math.max(2, Math.round(shape.length * unit))
  const longest = scaled.filter(({ kind }) => kind === 'plain').toSorted((a, b) => b.length - a.length)[0]
  if (longest !== undefined) longest.length += messages - longMessages - sum()
  if (longest === undefined || longest.length < 2) throw new RangeError('too few messages for so many sessions')
  return shapes
}

/** One session, and its copy on another machine where it has one. */
function sessionsOf(shape: Shape, plan: ArchivePlan, pens: Pens, account: Account): readonly MadeSession[] {
  const { random } = pens
  const model = random.pick(models)
  const machine = random.pick(machines)
  const steps = shape.kind === 'long' ? longSteps(pens, plan, account) : plainSteps(pens, shape.length, plan)
  const session: MadeSession = {
    machine,
    agent: model.startsWith('gpt') ? 'codex' : 'claude',
    nativeId: random.uuid(),
    model,
    project: random.pick(projects),
    branch: random.pick(['main', 'fix']),
    title: shape.kind === 'long' ? 'The long session' : null,
    parentId: shape.kind === 'subagent' ? account.lastPlainId() : null,
    startedAt: firstDay - spanMs + Math.floor(random.fraction() * (spanMs - steps.length * stepMs)),
    steps,
    isShared: shape.kind === 'copied',
    isCopy: false,
  }
  if (shape.kind !== 'copied') return [session]
  const other = machines[(machines.indexOf(machine) + 1) % machines.length] ?? machine
  const [first = machine, second = other] = [machine, other].toSorted()
  return [
    { ...session, machine: first },
    { ...session, machine: second, isCopy: true },
  ]
}

function longSteps(pens: Pens, { longMessages }: ArchivePlan, account: Account): readonly Step[] {
  const markedAt = Math.floor(longMessages * 0.617)
  const { steps, prompts } = longSession(pens, longMessages, marker, markedAt)
  account.tellLong(prompts, markedAt)
  return steps
}

function plainSteps(pens: Pens, length: number, { textCharacters }: ArchivePlan): readonly Step[] {
  const { random, prose } = pens
  const text = (): string => {
    const rare = random.chance(1 / 50_000) ? `${rareWord} ` : ''
    return rare + prose.text(random.skewed(textCharacters, 1))
  }
  return Array.from({ length }, (_, index): Step => {
    const isPrompt = index % 8 === 0
    const hasCall = !isPrompt && index % 2 === 0
    return {
      role: isPrompt ? 'user' : 'assistant',
      text: text(),
      thinking: random.chance(0.15) ? prose.text(random.skewed(textCharacters, 1)) : '',
      call: hasCall
        ? {
            name: 'Bash',
            category: 'Bash',
            input: JSON.stringify({ command: `npm test -- ${random.hex(4)}` }),
            result: prose.output(random.skewed(textCharacters * 1.4, 1)),
            isError: false,
          }
        : null,
      usage: isPrompt ? null : pens.charge(),
    }
  })
}

function chargeOf(random: Random): Charge {
  return {
    input: random.int(2, 40),
    output: random.int(10, 900),
    cacheRead: random.int(0, 90_000),
    cacheWrite: random.int(0, 6000),
    costNanoUsd: random.int(1e6, 9e7),
  }
}

interface Account {
  add(session: MadeSession): void
  lastPlainId(): string | null
  tellLong(prompts: readonly number[], markedAt: number): void
  truth(): ArchiveTruth
}

const noSums = (): Sums => ({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, costNanoUsd: 0 })

function openAccount(): Account {
  const counts = { sessions: 0, subagents: 0, messages: 0, rareMessages: 0 }
  const sessionsByMachine: Record<string, number> = {}
  const totals = noSums()
  const totalsByMachine: Record<string, Sums> = {}
  const ends: { readonly id: string; readonly at: number }[] = []
  let long:
    | { -readonly [Key in keyof NonNullable<ArchiveTruth['long']>]: NonNullable<ArchiveTruth['long']>[Key] }
    | null = null
  let lastPlainId: string | null = null
  return {
    lastPlainId: () => lastPlainId,
    tellLong: (prompts, markedAt) => {
      long = { id: '', messages: 0, prompts, markedAt }
    },
    add: (session) => {
      const { machine, nativeId, steps, parentId, isCopy } = session
      counts.messages += steps.length
      if (parentId === null) {
        sessionsByMachine[machine] = (sessionsByMachine[machine] ?? 0) + 1
        lastPlainId = nativeId
      }
      if (long?.id === '') Object.assign(long, { id: `${machine}~${nativeId}`, messages: steps.length })
      if (isCopy) return
      counts.rareMessages += steps.filter(({ text }) => text.startsWith(rareWord)).length
      counts[parentId === null ? 'sessions' : 'subagents'] += 1
      if (parentId === null) ends.push({ id: `${machine}~${nativeId}`, at: endOf(session) })
      const own = (totalsByMachine[machine] ??= noSums())
      for (const { usage } of steps) {
        if (usage === null) continue
        for (const name of Object.keys(totals) as (keyof Sums)[]) {
          totals[name] += usage[name]
          own[name] += usage[name]
        }
      }
    },
    truth: () => {
      const sorted = ends.toSorted((one, other) => other.at - one.at)
      const [newest, oldest] = [sorted[0]?.id ?? '', sorted.at(-1)?.id ?? '']
      return { ...counts, sessionsByMachine, totals, totalsByMachine, newest, oldest, long }
    },
  }
}
