import { isDeepStrictEqual } from 'node:util'
import { AgentsviewError, isObject } from '../base/index.ts'
import { parseToml } from './load.ts'
import { attachedCommentStart, blockRanges, eolOf, lineEnd, lineStart, trailingComment } from './toml-lines.ts'
import { isSamePath, isUnder, scanToml } from './toml-scan.ts'
import type { TomlEntry, TomlHeader, TomlPath } from './toml-scan.ts'
import { tomlKey, tomlValue } from './toml-value.ts'
import type { TomlValue } from './toml-value.ts'

/*
 * Edits of the text of a config: all that is not edited stays byte for byte. Each edit is proved by
 * parsing before and after: when more or less than what was meant has changed, it is refused.
 */

/**
 * Adds a `[[remotes]]` block at the end.
 * @throws AgentsviewError `config.edit` when the file writes its remotes in another way
 */
export function appendRemote(text: string, entries: readonly (readonly [string, TomlValue])[]): string {
  const eol = eolOf(text)
  const lines = ['[[remotes]]', ...entries.map(([key, value]) => `${tomlKey(key)} = ${tomlValue(value)}`)]
  const gap = text.trim() === '' ? '' : `${text.endsWith('\n') ? '' : eol}${/\n\r?\n$/.test(text) ? '' : eol}`
  const after = `${text}${gap}${lines.join(eol)}${eol}`
  return proved(text, after, (meant) => {
    const remotes = meant['remotes'] ?? []
    if (!Array.isArray(remotes)) throw refusal('the remotes are not written as [[remotes]] blocks')
    meant['remotes'] = [...remotes, Object.fromEntries(entries)]
  })
}

/**
 * Sets one key of the n-th remote, in place when it is there.
 * @param key the key's path inside the block: `['region']`, `['rename', 'ci-*']`
 * @throws AgentsviewError `config.edit` when the text cannot be edited safely
 */
export function setRemoteKey(text: string, index: number, key: readonly string[], value: TomlValue): string {
  const path: TomlPath = ['remotes', index, ...key]
  const exact = entriesOf(text).find((one) => isSamePath(one.path, path))
  const cleared = exact === undefined ? removeUnder(text, path) : text
  const after =
    exact === undefined ? insert(cleared, index, key, tomlValue(value)) : splice(text, exact.value, tomlValue(value))
  return proved(text, after, (meant) => {
    const [last = '', ...above] = key.toReversed()
    let table = remoteOf(meant, index)
    for (const part of above.toReversed()) {
      table[part] ??= {}
      table = mutable(table[part])
    }
    table[last] = value
  })
}

/**
 * Sets one key of a table at the top of the file, in place when it is there; a table that is not there is added.
 * @param table its name, such as `local`
 * @throws AgentsviewError `config.edit` when the text cannot be edited safely
 */
export function setTableKey(text: string, table: string, key: string, value: TomlValue): string {
  const put = tomlValue(value)
  const nodes = scanToml(text)
  const exact = nodes.find((one): one is TomlEntry => one.kind === 'entry' && isSamePath(one.path, [table, key]))
  const inline = nodes.find((one): one is TomlEntry => one.kind === 'entry' && isSamePath(one.path, [table]))
  const header = nodes.find((one): one is TomlHeader => one.kind === 'header' && isSamePath(one.path, [table]))
  const line = `${tomlKey(key)} = ${put}`
  const added = (): string => {
    const eol = eolOf(text)
    const gap = text.trim() === '' ? '' : `${text.endsWith('\n') ? '' : eol}${eol}`
    return `${text}${gap}[${tomlKey(table)}]${eol}${line}${eol}`
  }
  const after =
    exact !== undefined
      ? splice(text, exact.value, put)
      : inline !== undefined
        ? insertInline(text, inline, line)
        : header !== undefined
          ? insertLine(text, header, line)
          : added()
  return proved(text, after, (meant) => {
    meant[table] ??= {}
    mutable(meant[table])[key] = value
  })
}

/**
 * Removes one key of the n-th remote with its line; a key that is not there changes nothing.
 * @throws AgentsviewError `config.edit` when the text cannot be edited safely
 */
export function removeRemoteKey(text: string, index: number, key: readonly string[]): string {
  const path: TomlPath = ['remotes', index, ...key]
  return proved(text, removeUnder(text, path), (meant) => {
    const [last = '', ...above] = key.toReversed()
    let table: unknown = remoteOf(meant, index)
    for (const part of above.toReversed()) table = isObject(table) ? table[part] : undefined
    if (isObject(table)) delete mutable(table)[last]
  })
}

/**
 * Removes the n-th remote: its block, its sub-tables, and the comment that stands right above it.
 * @throws AgentsviewError `config.edit` when the text cannot be edited safely
 */
export function removeRemote(text: string, index: number): string {
  const headers = scanToml(text).filter((node): node is TomlHeader => node.kind === 'header')
  const main = headers.find((one) => one.isArray && isSamePath(one.path, ['remotes', index]))
  if (main === undefined) throw refusal(`remotes[${index}] is not written as a [[remotes]] block`)
  let after = text
  for (const range of blockRanges(text, ['remotes', index]).toReversed()) {
    const isMain = range.from <= main.span.from && main.span.from < range.to
    const from = isMain ? attachedCommentStart(text, lineStart(text, range.from)) : lineStart(text, range.from)
    after = cutLines(after, from, trailingComment(text, range.to))
  }
  return proved(text, after, (meant) => {
    const remotes = meant['remotes']
    if (!Array.isArray(remotes)) throw refusal('the remotes are not written as [[remotes]] blocks')
    remotes.splice(index, 1)
    if (remotes.length === 0) delete meant['remotes']
  })
}

type Mutable = Record<string, unknown>

function entriesOf(text: string): readonly TomlEntry[] {
  return scanToml(text).filter((node): node is TomlEntry => node.kind === 'entry')
}

function splice(text: string, span: { readonly from: number; readonly to: number }, put: string): string {
  return text.slice(0, span.from) + put + text.slice(span.to)
}

/** Takes whole lines out, and one of two blank stretches that would then meet. */
function cutLines(text: string, from: number, to: number): string {
  const rest = text.slice(to)
  const blanks = /^(?:[ \t]*\r?\n)+/.exec(rest)?.[0].length ?? 0
  const before = text.slice(0, from)
  if (rest.slice(blanks).trim() === '') return before.replace(/(\n)(?:[ \t]*\r?\n)+$/, '$1') + rest.slice(blanks)
  return before + rest.slice(blanks)
}

/** Takes out the key at `path` and all that stands under it, each with its line. */
function removeUnder(text: string, path: TomlPath): string {
  const nodes = scanToml(text).filter((node) => isUnder(node.path, path))
  const inline = nodes.find((node): node is TomlEntry => node.kind === 'entry' && node.isInline)
  const ownLine = nodes.some((node) => node.kind === 'entry' && !node.isInline)
  if (inline !== undefined && !ownLine) return removeInline(text, inline)
  const spans = nodes
    .filter((node) => node.kind === 'header' || !node.isInline)
    .map((node) =>
      node.kind === 'header'
        ? { from: lineStart(text, node.span.from), to: lineEnd(text, node.span.to) }
        : { from: lineStart(text, node.key.from), to: lineEnd(text, node.value.to) },
    )
  return spans.toReversed().reduce((left, span) => splice(left, span, ''), text)
}

function removeInline(text: string, entry: TomlEntry): string {
  const siblings = entriesOf(text).filter(
    (one) => one.isInline && one.path.length === entry.path.length && isUnder(one.path, entry.path.slice(0, -1)),
  )
  const at = siblings.findIndex((one) => one.key.from === entry.key.from)
  const before = siblings[at - 1]
  const next = siblings[at + 1]
  if (before !== undefined) return splice(text, { from: before.value.to, to: entry.value.to }, '')
  return splice(text, { from: entry.key.from, to: next?.key.from ?? entry.value.to }, '')
}

/** Puts a key that is not there yet where it belongs: in its table, else as a line of the block. */
function insert(text: string, index: number, key: readonly string[], value: string): string {
  const [last = '', ...above] = key.toReversed()
  const parents = above.toReversed()
  const table: TomlPath = ['remotes', index, ...parents]
  const nodes = scanToml(text)
  const inline = nodes.find((one): one is TomlEntry => one.kind === 'entry' && isSamePath(one.path, table))
  if (inline !== undefined) return insertInline(text, inline, `${tomlKey(last)} = ${value}`)
  const header = nodes.find((one): one is TomlHeader => one.kind === 'header' && isSamePath(one.path, table))
  if (header !== undefined) return insertLine(text, header, `${tomlKey(last)} = ${value}`)
  const block = nodes.find(
    (one): one is TomlHeader => one.kind === 'header' && isSamePath(one.path, ['remotes', index]),
  )
  if (block === undefined) throw refusal(`remotes[${index}] is not written as a [[remotes]] block`)
  const isDotted = nodes.some((one) => one.kind === 'entry' && isUnder(one.path, table))
  const nested = isDotted
    ? `${[...parents, last].map(tomlKey).join('.')} = ${value}`
    : `${tomlKey(parents[0] ?? '')} = { ${tomlKey(last)} = ${value} }`
  return insertLine(text, block, parents.length === 0 ? `${tomlKey(last)} = ${value}` : nested)
}

function insertInline(text: string, table: TomlEntry, put: string): string {
  const inside = entriesOf(text).filter((one) => one.isInline && isUnder(one.path, table.path))
  const last = inside.at(-1)
  if (table.valueKind !== 'inline-table') throw refusal('the value there is no table')
  if (last !== undefined) return splice(text, { from: last.value.to, to: last.value.to }, `, ${put}`)
  return splice(text, table.value, `{ ${put} }`)
}

/** Adds a line after the last one of a table's own, indented alike. */
function insertLine(text: string, header: TomlHeader, line: string): string {
  const nodes = scanToml(text)
  const start = nodes.findIndex((node) => node.kind === 'header' && node.span.from === header.span.from)
  const next = nodes.findIndex((node, at) => at > start && node.kind === 'header')
  const own = nodes
    .slice(start + 1, next < 0 ? nodes.length : next)
    .filter((node): node is TomlEntry => node.kind === 'entry' && !node.isInline)
  const last = own.at(-1)
  const after = lineEnd(text, last?.value.to ?? header.span.to)
  const from = lineStart(text, last?.key.from ?? header.span.from)
  const indent = /^[ \t]*/.exec(text.slice(from))?.[0] ?? ''
  const gap = text[after - 1] === '\n' ? '' : eolOf(text)
  return `${text.slice(0, after)}${gap}${indent}${line}${eolOf(text)}${text.slice(after)}`
}

/** Gives `after` when its meaning is that of `before` with `change` made to it. */
function proved(before: string, after: string, change: (meant: Mutable) => void): string {
  const meant = structuredCloneOf(parseToml(before, 'config'))
  change(meant)
  if (isDeepStrictEqual(tidy(meant), tidy(reparse(after)))) return after
  throw refusal('the edit would change more, or less, than what was asked')
}

function reparse(after: string): unknown {
  try {
    return parseToml(after, 'config')
  } catch (cause) {
    throw refusal('the edit would leave a file that is not valid TOML', cause)
  }
}

/** Plain tables without the empty ones that removing a last key may or may not leave behind. */
function tidy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(tidy)
  if (value instanceof Date || !isObject(value)) return value
  const entries = Object.entries(value).map(([key, inner]): [string, unknown] => [key, tidy(inner)])
  return Object.fromEntries(
    entries.filter(([, inner]) => !isEmptyTable(inner)).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
}

function isEmptyTable(value: unknown): boolean {
  return isObject(value) && !(value instanceof Date) && Object.keys(value).length === 0
}

function structuredCloneOf(value: unknown): Mutable {
  const copy = (one: unknown): unknown => {
    if (Array.isArray(one)) return one.map(copy)
    if (one instanceof Date || !isObject(one)) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, copy(inner)]))
  }
  return mutable(copy(value))
}

function remoteOf(meant: Mutable, index: number): Mutable {
  const remotes = meant['remotes']
  const remote = Array.isArray(remotes) ? (remotes[index] as unknown) : undefined
  if (!isObject(remote)) throw refusal(`there is no remotes[${index}]`)
  return mutable(remote)
}

function mutable(value: unknown): Mutable {
  if (isObject(value)) return value
  throw refusal('the value there is no table')
}

function refusal(why: string, cause?: unknown): AgentsviewError {
  return new AgentsviewError({
    code: 'config.edit',
    message: `the config was left as it is: ${why}`,
    hint: 'Make the change in an editor, then: agentsview config check',
    cause,
  })
}
