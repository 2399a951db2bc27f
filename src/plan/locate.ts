import { RE2JS } from 're2js'

import { AgentsviewError, messageOf } from '../base/index.ts'
import type { AgentId, MachineRule, Place, RenameRule } from '../model/index.ts'
import { machineNameProblem } from '../model/index.ts'

/** What an agent folder's path can be asked: is it one of this agent's logs? */
export type Recognise = (agent: AgentId, path: string) => boolean

export interface LocateRules {
  /** The machine's name when no rule gives one: the remote's. */
  readonly fallbackMachine: string
  readonly prefixes: readonly string[]
  /** Agents to read. */
  readonly agents: readonly AgentId[]
  /** Agents there are: also those not read must not be mistaken for folders. */
  readonly knownAgents: readonly AgentId[]
  readonly machineRule: MachineRule
  readonly rename: readonly RenameRule[]
  readonly recognise: Recognise
}

export type Located =
  | { readonly kind: 'place'; readonly place: Place; readonly isFallback: boolean }
  /** Not a log of an agent that is read here. */
  | { readonly kind: 'other' }
  /** Ours by its look, but its machine's name cannot be used. */
  | { readonly kind: 'refused'; readonly reason: string }

type Found = { readonly machine: string | null; readonly agent: AgentId; readonly path: string }

/** Tells for each key of one remote whose it is. */
export function locator(rules: LocateRules): (key: string) => Located {
  const find = finder(rules)
  const named = renamer(rules.rename)
  return (key) => {
    const prefix = longestPrefix(rules.prefixes, key)
    if (prefix === null) return { kind: 'other' }
    const found = find(key, prefix)
    if (found === null || !rules.agents.includes(found.agent) || !rules.recognise(found.agent, found.path)) {
      return { kind: 'other' }
    }
    const machine = named(found.machine ?? rules.fallbackMachine)
    const problem = machineNameProblem(machine)
    if (problem !== null) return { kind: 'refused', reason: `the machine name cannot be used: ${problem}` }
    return { kind: 'place', place: { ...found, machine }, isFallback: found.machine === null }
  }
}

/** Gives a machine its name by the `rename` rules: an exact one first, else the first pattern that fits. */
export function renamer(rules: readonly RenameRule[]): (machine: string) => string {
  const exact = new Map(rules.filter(({ from }) => !from.includes('*')).map(({ from, to }) => [from, to]))
  const patterns = rules
    .filter(({ from }) => from.includes('*'))
    .map(({ from, to }) => ({ to, parts: from.split('*') }))
  return (machine) => exact.get(machine) ?? patterns.find(({ parts }) => fits(machine, parts))?.to ?? machine
}

/** Whether a text is the parts in order with anything between them; linear, so no pattern can stall it. */
function fits(text: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? ''
  const last = parts.at(-1) ?? ''
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  let from = first.length
  const end = text.length - last.length
  for (const part of parts.slice(1, -1)) {
    const at = text.indexOf(part, from)
    if (at === -1 || at + part.length > end) return false
    from = at + part.length
  }
  return true
}

function longestPrefix(prefixes: readonly string[], key: string): string | null {
  const fitting = prefixes.filter((prefix) => key.startsWith(prefix))
  return fitting.toSorted((a, b) => b.length - a.length)[0] ?? null
}

function finder(rules: LocateRules): (key: string, prefix: string) => Found | null {
  const { machineRule } = rules
  const fallback = (key: string, prefix: string): Found | null => byShape(rules, key.slice(prefix.length))
  switch (machineRule.kind) {
    case 'fixed':
      return (key, prefix) => {
        const found = byRawFolder(rules.knownAgents, key, prefix) ?? fallback(key, prefix)
        return found === null ? null : { ...found, machine: machineRule.machine }
      }
    case 'metadata':
      // The name is known only when the object is read; until then no machine is told.
      return (key, prefix) => {
        const found = byRawFolder(rules.knownAgents, key, prefix) ?? fallback(key, prefix)
        return found === null ? null : { ...found, machine: null }
      }
    case 'layout':
      if (machineRule.template === defaultLayout) {
        return (key, prefix) => byRawFolder(rules.knownAgents, key, prefix) ?? fallback(key, prefix)
      }
      return byExpression(rules, templateExpression(machineRule.template, rules.knownAgents), true)
    case 'regex':
      return byExpression(rules, machineRule.source, false)
  }
}

/** The layout that needs no word in the config. */
export const defaultLayout = '{machine}/raw/{agent}/{path}'

/**
 * `…/<machine>/raw/<agent>/<path>`. A prefix that holds machine and agent itself (rightmost there)
 * settles both, since the config names it. Otherwise the first `raw/<agent>` after the prefix counts:
 * who may write below one machine's folder cannot name another machine further down.
 */
function byRawFolder(agents: readonly AgentId[], key: string, prefix: string): Found | null {
  const segments = key.split('/')
  const prefixLength = prefix === '' ? 0 : prefix.split('/').length - 1
  const isRaw = (at: number): boolean => segments[at] === 'raw' && agents.includes(segments[at + 1] ?? '')
  const take = (at: number): Found => ({
    machine: at > 0 ? (segments[at - 1] ?? null) : null,
    agent: segments[at + 1] ?? '',
    path: segments.slice(at + 2).join('/'),
  })
  for (let at = prefixLength - 2; at >= 1; at -= 1) if (isRaw(at)) return take(at)
  for (let at = prefixLength; at < segments.length - 2; at += 1) if (isRaw(at)) return take(at)
  return null
}

/**
 * No rule fits: the agent is told by the shape of the path alone, with leading folders dropped one by
 * one. The most particular shapes are asked first: formats are listed the most general one first.
 */
function byShape(rules: LocateRules, rest: string): Found | null {
  const agents = rules.agents.toReversed()
  for (let path = rest; ; path = path.slice(path.indexOf('/') + 1)) {
    const agent = agents.find((candidate) => rules.recognise(candidate, path))
    if (agent !== undefined) return { machine: null, agent, path }
    if (!path.includes('/')) return null
  }
}

/** A layout template as an expression over the key after the prefix. */
function templateExpression(template: string, agents: readonly AgentId[]): string {
  const parts = template.split(/(\{machine\}|\{agent\}|\{path\})/)
  const pattern = parts.map((part) => {
    if (part === '{machine}') return '(?<machine>[^/]+)'
    if (part === '{agent}') return `(?<agent>${agents.map((agent) => RE2JS.quote(agent)).join('|')})`
    if (part === '{path}') return '(?<path>.+)'
    return RE2JS.quote(part)
  })
  return `^${pattern.join('')}$`
}

/** @param isRelative  match the key after the prefix instead of the whole key */
function byExpression(
  rules: LocateRules,
  source: string,
  isRelative: boolean,
): (key: string, prefix: string) => Found | null {
  const expression = compileMachineRegex(source)
  const groups = Object.keys(expression.namedGroups())
  return (key, prefix) => {
    const rest = key.slice(prefix.length)
    const matcher = expression.matcher(isRelative ? rest : key)
    if (!matcher.find()) return byShape(rules, rest)
    const group = (name: string): string | null => (groups.includes(name) ? matcher.group(name) : null)
    const machine = group('machine')
    const agent = group('agent')
    const path = group('path')
    if (agent !== null && path !== null) return { machine, agent, path }
    const found = byShape({ ...rules, agents: agent === null ? rules.agents : [agent] }, path ?? rest)
    return found === null ? null : { ...found, machine }
  }
}

/**
 * Compiles a `machine_regex`; the engine matches in linear time, since keys are not ours.
 * @throws AgentsviewError `config.regex` when it is not an expression this engine takes
 */
export function compileMachineRegex(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    throw new AgentsviewError({
      code: 'config.regex',
      message: `machine_regex cannot be used: ${messageOf(error)}`,
      hint: 'use RE2 syntax with named groups (?<machine>…), (?<agent>…), (?<path>…); look-around and back-references are not known',
      cause: error,
    })
  }
}
