import type { ApiToolCall } from '../../../src/server/api.ts'
import type { IconName } from '../parts/icon.tsx'
import type { DiffRow } from '../text/diff-rows.ts'
import { diffRows, signedRows } from '../text/diff-rows.ts'
import { asRecord, readJson, textOf } from '../text/exact-json.ts'
import { readPatch } from '../text/patch.ts'

/** What a tool call is shown as. */
export type ToolView =
  | { readonly kind: 'diff'; readonly files: readonly ToolDiff[] }
  | { readonly kind: 'shell'; readonly command: string; readonly output: string; readonly exitCode: number | null }
  | { readonly kind: 'todo'; readonly items: readonly TodoItem[] }
  | { readonly kind: 'task'; readonly prompt: string }
  | { readonly kind: 'file' }
  | { readonly kind: 'other'; readonly input: unknown }

export interface ToolDiff {
  readonly path: string
  readonly note: string
  readonly rows: readonly DiffRow[]
}

export interface TodoItem {
  readonly text: string
  readonly state: 'pending' | 'in_progress' | 'completed'
}

const icons: Readonly<Record<string, IconName>> = {
  Read: 'file',
  Edit: 'edit',
  Write: 'edit',
  Bash: 'terminal',
  Grep: 'search',
  Glob: 'folder',
  Task: 'agent',
}

/** The drawing of a tool, by its category. */
export function toolIcon(call: ApiToolCall): IconName {
  if (/todo|plan/i.test(call.name)) return 'list'
  if (/web|fetch|browser/i.test(call.name)) return 'globe'
  return icons[call.category] ?? 'tool'
}

/** True for a call whose own line holds the picture it made. */
export function makesPicture(call: ApiToolCall): boolean {
  return call.name === 'image_generation'
}

/** True for a call that may have given back pictures beside its text, of which the text tells nothing. */
export function mayHavePictures(call: ApiToolCall): boolean {
  return call.name.startsWith('mcp__') && call.result !== null
}

const tellingKeys = [
  ['command', 'cmd'],
  ['pattern', 'query', 'url', 'q', 'sql'],
  ['file_path', 'notebook_path', 'path', 'filename'],
  ['description', 'subagent_type', 'skill', 'question', 'prompt', 'message', 'input', 'text', 'name'],
] as const

/** What a call is about, in one line: its command, path, pattern or first words. */
export function toolSubject(call: ApiToolCall): string {
  const patch = call.category === 'Edit' || call.input.includes('*** Begin Patch') ? readPatch(patchText(call)) : null
  if (patch !== null) return patch.map(({ path }) => path).join(', ')
  const record = asRecord(readJson(call.input))
  if (record === null) return call.input.slice(0, 300)
  for (const keys of tellingKeys) {
    for (const key of keys) {
      const text = wordsOf(record[key])
      if (text !== null)
        return key === 'pattern' && typeof record['path'] === 'string' ? `${text}  in ${record['path']}` : text
    }
  }
  const [name, value] = Object.entries(record)[0] ?? []
  return name === undefined
    ? ''
    : `${name}: ${typeof value === 'string' ? value.slice(0, 200) : JSON.stringify(value).slice(0, 200)}`
}

function wordsOf(value: unknown): string | null {
  if (typeof value === 'string' && value.trim() !== '') return value
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return value.join(' ')
  return null
}

/** Decides how a call is shown. */
export function toolView(call: ApiToolCall): ToolView {
  const value = readJson(call.input)
  const record = asRecord(value)
  const files = editedFiles(call, record)
  if (files.length > 0) return { kind: 'diff', files }
  const items = todoItems(record)
  if (items.length > 0) return { kind: 'todo', items }
  if (call.category === 'Bash') {
    const { output, exitCode } = readOutput(call.result ?? '')
    return {
      kind: 'shell',
      command: wordsOf(record?.['command']) ?? wordsOf(record?.['cmd']) ?? call.input,
      output,
      exitCode,
    }
  }
  if (call.category === 'Task') {
    return { kind: 'task', prompt: textOf(record, 'prompt', 'message', 'instructions') ?? call.input }
  }
  if (['Read', 'Grep', 'Glob'].includes(call.category)) return { kind: 'file' }
  return { kind: 'other', input: value === undefined ? call.input : value }
}

function patchText(call: ApiToolCall): string {
  if (!call.input.startsWith('{')) return call.input
  const record = asRecord(readJson(call.input))
  return textOf(record, 'input', 'patch', 'command', 'cmd') ?? wordsOf(record?.['command']) ?? call.input
}

function editedFiles(call: ApiToolCall, record: Readonly<Record<string, unknown>> | null): readonly ToolDiff[] {
  const patch = call.input.includes('*** Begin Patch') ? readPatch(patchText(call)) : null
  if (patch !== null) {
    return patch.map(({ path, kind, movedTo, hunks }) => ({
      path: movedTo === null ? path : `${path} → ${movedTo}`,
      note: kind,
      rows: hunks.flatMap(({ heading, lines }) => [
        ...(heading === '' ? [] : [headingRow(heading)]),
        ...unnumbered(signedRows(lines), kind !== 'add'),
      ]),
    }))
  }
  const path = textOf(record, 'file_path', 'notebook_path', 'path')
  if (record === null || path === null) return []
  if (call.category === 'Edit') {
    const edits = Array.isArray(record['edits']) ? record['edits'].map(asRecord) : [record]
    const rows = edits.flatMap((edit, at) => {
      const before = textOf(edit, 'old_string', 'old_text')
      const after = textOf(edit, 'new_string', 'new_text')
      if (before === null || after === null) return []
      const heading = edits.length > 1 ? [headingRow(`${at + 1} / ${edits.length}`)] : []
      return [...heading, ...unnumbered(diffRows(before, after), true)]
    })
    return rows.length === 0 ? [] : [{ path, note: 'update', rows }]
  }
  const content = textOf(record, 'content', 'new_source')
  return call.category === 'Write' && content !== null ? [{ path, note: 'write', rows: diffRows('', content) }] : []
}

function headingRow(text: string): DiffRow {
  return { kind: 'heading', before: null, after: null, parts: [{ text, isMarked: false }] }
}

/** Lines of a piece of a file: where the piece stands is not told, so no numbers are. */
function unnumbered(rows: readonly DiffRow[], isPiece: boolean): readonly DiffRow[] {
  return isPiece ? rows.map((row) => ({ ...row, before: null, after: null })) : rows
}

const todoStates = ['pending', 'in_progress', 'completed'] as const

function todoItems(record: Readonly<Record<string, unknown>> | null): readonly TodoItem[] {
  const list = record?.['todos'] ?? record?.['plan']
  if (!Array.isArray(list)) return []
  return list.flatMap((one) => {
    const item = asRecord(one)
    const text = textOf(item, 'content', 'step', 'text')
    return text === null ? [] : [{ text, state: todoStates.find((state) => state === item?.['status']) ?? 'pending' }]
  })
}

/** Output without the frame some tools put around it, and how the program ended where that is told. */
export function readOutput(result: string): { readonly output: string; readonly exitCode: number | null } {
  const framed =
    /^(?:Chunk ID: .*\n)?(?:Wall time: .*\n)?(?:Exit code|Process exited with code):? (-?\d+)\n([\s\S]*)$/.exec(result)
  if (framed !== null) {
    const output = (framed[2] ?? '').replace(
      /^(?:Wall time: .*\n|Total output lines: .*\n|Original token count: .*\n)*(?:Output:\n)?/,
      '',
    )
    return { output, exitCode: Number(framed[1]) }
  }
  const record = result.startsWith('{') ? asRecord(readJson(result)) : null
  const output = textOf(record, 'output', 'stdout')
  if (output === null) return { output: result, exitCode: null }
  const code = asRecord(record?.['metadata'])?.['exit_code'] ?? record?.['exit_code']
  return { output, exitCode: typeof code === 'number' ? code : null }
}
