import { formatBytes } from '../../src/base/index.ts'
import type { SyncCounts } from '../../src/model/index.ts'
import type { Measured } from './measure.ts'
import { median } from './pairs.ts'

/** One thing that was promised, and how it came out. */
export interface Finding {
  readonly what: string
  readonly target: string
  readonly measured: string
  /** Null: only told, nothing was promised. */
  readonly isMet: boolean | null
}

/** All runs of one program in one case. */
export interface RunLine {
  readonly program: string
  readonly runs: readonly (Measured & { readonly counts?: SyncCounts })[]
}

export interface CaseReport {
  readonly name: string
  readonly findings: readonly Finding[]
  readonly lines: readonly RunLine[]
}

/** A target that a number stays at or under a limit. @param show  the number for people */
export function atMost(what: string, value: number, limit: number, show: (value: number) => string): Finding {
  return { what, target: `≤ ${show(limit)}`, measured: show(value), isMet: value <= limit }
}

/** A ratio for people: `1.23 ×`. */
export const times = (value: number): string => `${value.toFixed(2)} ×`
/** A size for people. */
export const bytes = (value: number): string => formatBytes(Math.round(value))
/** A count for people. */
export const count = (value: number): string => value.toLocaleString('en-US')
/** A duration for people. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`

/** Highest memory of any of these runs, in bytes. */
export function peakOf(runs: readonly Measured[]): number {
  return Math.max(...runs.map(({ peakBytes }) => peakBytes ?? 0))
}

/** The report as Markdown, two tables a case. */
export function draw(reports: readonly CaseReport[]): string {
  const findings = reports.flatMap(({ name, findings: all }) =>
    all.map((one) => [name, one.what, one.target, one.measured, verdict(one)]),
  )
  const lines = reports.flatMap(({ name, lines: all }) => all.map((line) => [name, ...lineCells(line)]))
  return [
    table(['case', 'what', 'target', 'measured', 'met'], findings),
    table(['case', 'program', 'runs', 'wall', 'CPU', 'peak memory', 'LIST', 'GET', 'HEAD', 'fetched'], lines),
  ].join('\n')
}

function verdict({ isMet }: Finding): string {
  return isMet === null ? '–' : isMet ? 'yes' : '**no**'
}

function lineCells({ program, runs }: RunLine): readonly string[] {
  const cpu = runs.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs]))
  const peak = peakOf(runs)
  const last = runs.at(-1)?.counts
  const { list = '–', get = '–', head = '–' } = last?.requests ?? {}
  return [
    program,
    String(runs.length),
    seconds(median(runs.map(({ wallMs }) => wallMs))),
    cpu.length === 0 ? '–' : seconds(median(cpu)),
    peak === 0 ? '–' : bytes(peak),
    ...[list, get, head].map(String),
    last === undefined ? '–' : bytes(last.bytes.fetched),
  ]
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heads.map((head, at) => Math.max(head.length, ...rows.map((row) => (row[at] ?? '').length)))
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |`
  return `${[line(heads), `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)].join('\n')}\n`
}
