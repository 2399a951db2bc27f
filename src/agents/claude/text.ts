/** One message that a user line's text gives: talk (`subtype` null) or a class of system text. */
export interface UserText {
  readonly subtype: string | null
  readonly text: string
}

const reminderOpen = '<system-reminder>'
const reminderClose = '</system-reminder>'
const ideTags = ['ide_opened_file', 'ide_selection'] as const
const commandStarts = ['<command-name>', '<command-message>']

/** Texts the program itself writes in the user's name, by how they begin. */
const classes: readonly (readonly [string, string])[] = [
  ['This session is being continued', 'continuation'],
  ['<local-command-caveat>', 'resume'],
  ['[Request interrupted', 'interrupted'],
  ['<task-notification>', 'task_notification'],
  ['Stop hook feedback:', 'stop_hook'],
]

/**
 * Sorts the text of a user line: reminders in front of a prompt are cut off, slash commands become
 * `/name args`, texts of the program become system messages, output of local commands vanishes.
 * A prompt behind what an editor attached gives two: the attachment, then the prompt.
 * @returns in order; empty when nothing is to be kept
 */
export function readUserText(raw: string): readonly UserText[] {
  const text = unwrap(raw)
  if (text === '') return []
  const subtype = classOf(text)
  if (subtype !== null) return [{ subtype, text }]
  const ide = splitIde(text)
  if (ide !== null) {
    const prompt = unwrap(ide.rest)
    const isTalk = prompt !== '' && classOf(prompt) === null && !prompt.startsWith('<local-command-')
    return isTalk ? [ide.context, { subtype: null, text: prompt }] : [ide.context]
  }
  return text.startsWith('<local-command-') ? [] : [{ subtype: null, text }]
}

/** As `readUserText`, for a prompt typed while a tool ran: what an editor attached stays part of it. */
export function readQueuedText(raw: string): UserText | null {
  const text = unwrap(raw)
  if (text === '') return null
  return { subtype: classOf(text) ?? 'queued', text }
}

/** `/clear`, `/model opus`: a command by itself, which cannot name a session. `/usr/bin fails` is talk. */
export function isSlashCommand(text: string): boolean {
  return /^\/[\p{L}\p{N}_-]+(?:\s|$)/u.test(text)
}

/** Trims the front, cuts reminders off a prompt, writes a command envelope as the command; `''` for nothing. */
function unwrap(raw: string): string {
  const text = withoutReminders(raw.trimStart())
  return commandText(text) ?? text
}

function withoutReminders(text: string): string {
  const rest = afterReminders(text)
  return rest === '' ? text : rest
}

function afterReminders(text: string): string {
  let rest = text
  while (rest.startsWith(reminderOpen)) {
    const close = rest.indexOf(reminderClose)
    if (close === -1) break
    rest = rest.slice(close + reminderClose.length).trimStart()
  }
  return rest
}

function classOf(text: string): string | null {
  const named = classes.find(([start]) => text.startsWith(start))
  if (named !== undefined) return named[1]
  if (text.startsWith(reminderOpen) && afterReminders(text) === '') return 'system_reminder'
  const ide = splitIde(text)
  return ide !== null && ide.rest === '' ? ide.context.subtype : null
}

/** The elements an editor put in front, and what follows them; null when there are none. */
function splitIde(text: string): { readonly context: UserText; readonly rest: string } | null {
  const first = ideTags.find((tag) => text.startsWith(`<${tag}>`))
  if (first === undefined) return null
  let rest = text
  for (let tag: string | undefined = first; tag !== undefined;) {
    const close = `</${tag}>`
    const at = rest.indexOf(close)
    if (at === -1) break
    rest = rest.slice(at + close.length).trimStart()
    tag = ideTags.find((name) => rest.startsWith(`<${name}>`))
  }
  if (rest === text) return null
  return { context: { subtype: first, text: text.slice(0, text.length - rest.length).trimEnd() }, rest }
}

/** The command of an envelope of command tags, `''` when it names none; null when the text is no envelope. */
function commandText(text: string): string | null {
  if (!commandStarts.some((start) => text.startsWith(start))) return null
  const tags = new Map<string, string>()
  let rest = text
  while (rest !== '') {
    const name = /^<(command-[a-z]{1,32})>/.exec(rest)?.[1]
    if (name === undefined) return null
    const close = rest.indexOf(`</${name}>`)
    if (close === -1) return null
    tags.set(name, rest.slice(name.length + 2, close).trim())
    rest = rest.slice(close + name.length + 3).trimStart()
  }
  const command = tags.get('command-name') || tags.get('command-message')
  if (command === undefined || command === '') return ''
  const args = tags.get('command-args') ?? ''
  return `${command.startsWith('/') ? '' : '/'}${command}${args === '' ? '' : ` ${args}`}`
}
