import { RE2JS } from 're2js'
import { machineNameProblem } from '../model/index.ts'
import type { MachineRule, RenameRule } from '../model/index.ts'
import { messageOf } from '../base/index.ts'
import type { CheckedTable } from './check.ts'
import type { Mistakes } from './mistakes.ts'
import { nearest } from './nearest.ts'

/** The layout that holds when a remote names no rule. */
export const defaultLayout = '{machine}/raw/{agent}/{path}'

const ruleKeys = ['machine', 'layout', 'machine_regex', 'machine_from'] as const
const placeholders = ['machine', 'agent', 'path'] as const

/**
 * Reads which of the four rules finds the machine of a key. A rule need not tell the agent: the shape of
 * the path does.
 */
export function readMachineRule(table: CheckedTable, mistakes: Mistakes): MachineRule {
  const given = ruleKeys.filter((key) => table.has(key))
  if (given.length > 1)
    for (const key of given.slice(1)) mistakes.add([...table.path, key], `only one of ${given.join(', ')} can hold`)
  const rule = ruleOf(table)
  const problem = problemOf(rule)
  if (problem !== null) mistakes.add([...table.path, given[0] ?? 'layout'], problem)
  return rule
}

/** Reads `rename`, in the file's order: the first pattern that matches counts. */
export function readRename(table: CheckedTable, mistakes: Mistakes): readonly RenameRule[] {
  return Object.entries(table.textMap('rename') ?? {}).map(([from, to]) => {
    const problem = from === '' ? 'the name to replace is empty' : machineNameProblem(to)
    if (problem !== null)
      mistakes.add([...table.path, 'rename', from], from === '' ? problem : `"${to}" is no machine name: ${problem}`)
    return { from, to }
  })
}

function ruleOf(table: CheckedTable): MachineRule {
  const machine = table.text('machine')
  if (machine !== null) return { kind: 'fixed', machine }
  const source = table.text('machine_regex')
  if (source !== null) return { kind: 'regex', source }
  const from = table.text('machine_from')
  if (from !== null) return { kind: 'metadata', header: headerOf(from) }
  return { kind: 'layout', template: table.text('layout') ?? defaultLayout }
}

function headerOf(text: string): string {
  const name = text
    .replace(/^metadata:/, '')
    .trim()
    .toLowerCase()
  if (!text.startsWith('metadata:') || name === '') return ''
  return name.startsWith('x-amz-meta-') ? name : `x-amz-meta-${name}`
}

function problemOf(rule: MachineRule): string | null {
  switch (rule.kind) {
    case 'fixed': {
      const problem = machineNameProblem(rule.machine)
      return problem === null ? null : `"${rule.machine}" is no machine name: ${problem}`
    }
    case 'layout':
      return layoutProblem(rule.template)
    case 'regex':
      return regexProblem(rule.source)
    case 'metadata':
      return /^x-amz-meta-[a-z0-9][a-z0-9._-]*$/.test(rule.header)
        ? null
        : 'write it like "metadata:x-amz-meta-machine"'
  }
}

function layoutProblem(template: string): string | null {
  const names = [...template.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1] ?? '')
  if (/[{}]/.test(template.replaceAll(/\{[^{}]*\}/g, ''))) return 'has a { or } without its partner'
  for (const name of names) {
    if (placeholders.some((known) => known === name)) continue
    const guess = nearest(name, placeholders)
    return `{${name}} is not known${guess === null ? '' : `; did you mean {${guess}}?`} (known are {machine}, {agent} and {path})`
  }
  const twice = placeholders.find((known) => names.filter((name) => name === known).length > 1)
  if (twice !== undefined) return `{${twice}} may stand only once`
  if (!template.endsWith('{path}')) return 'must end with {path}'
  if (!names.includes('machine')) return 'has no {machine}; for one fixed name use machine = "…" instead'
  if (/\}\{/.test(template)) return 'needs something between two placeholders, such as /'
  return template.startsWith('/') ? 'must not begin with /' : null
}

function regexProblem(source: string): string | null {
  const compiled = compile(source)
  if (typeof compiled === 'string') return compiled
  const groups = Object.keys(compiled.namedGroups())
  if (!groups.includes('machine')) return 'has no group (?<machine>…)'
  const other = groups.find((name) => !placeholders.some((known) => known === name))
  return other === undefined ? null : `has a group "${other}"; known are machine, agent and path`
}

function compile(source: string): RE2JS | string {
  try {
    return RE2JS.compile(source)
  } catch (error) {
    const isJs = isJsRegex(source)
    const detail = messageOf(error).replace(/^error parsing regexp: /, '')
    const why = isJs ? ' (RE2 syntax: no look-around and no back-references, so that no key can make it slow)' : ''
    return `is no regular expression: ${detail}${why}`
  }
}

function isJsRegex(source: string): boolean {
  try {
    return new RegExp(source).source !== ''
  } catch (error) {
    // Only the kind of fault is asked for: other engines' words for it would confuse.
    return !(error instanceof SyntaxError)
  }
}
