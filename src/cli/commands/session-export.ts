import { mkdir, stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'

import { AgentsviewError } from '../../base/index.ts'
import type { FoundSession } from '../../query/index.ts'
import type { Asking } from '../archive.ts'
import { withArchive } from '../archive.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import type { Sink } from '../file-sink.ts'
import { writeFileWhole } from '../file-sink.ts'

const forms = ['raw', 'json', 'md', 'html'] as const
type Form = (typeof forms)[number]

/** What the ending of a file says of its form. */
const formOfEnding: Readonly<Record<string, Form>> = {
  '.json': 'json',
  '.md': 'md',
  '.markdown': 'md',
  '.html': 'html',
  '.htm': 'html',
  '.jsonl': 'raw',
}

/** `session export`: sessions as files to keep or hand on. */
export const sessionExportCommand = defineCommand({
  command: 'export <ids..>',
  describe: 'Save sessions as Markdown, HTML, JSON, or the log itself',
  exits: [3, 4, 5, 10],
  examples: [
    ['session export 0f3a -o session.html', 'one page that needs nothing else'],
    ['session export 0f3a 7b21 --as md -o notes.md', 'both in one document'],
    ['session export 0f3a 7b21 --as raw -o logs/', 'the objects as they are in the bucket, a file each'],
  ],
  options: (yargs) =>
    yargs
      .positional('ids', { type: 'string', array: true, demandOption: true, describe: 'Ids, or their beginnings' })
      .options({
        as: {
          choices: forms,
          nargs: 1,
          describe: "Form; by default as the file's name ends, else md. raw = the object's bytes, from its bucket",
        },
        output: {
          type: 'string',
          alias: 'o',
          nargs: 1,
          describe: 'File; a folder (or a name that ends in /) gets a file for each session; - = stdout',
        },
      } as const),
  run: async (args, context) =>
    await withArchive(context, async (asking) => {
      const found: FoundSession[] = []
      for (const id of new Set(args.ids)) found.push(await asking.query.findSession(asking.ask, id))
      const target = await targetOf(args.output, context)
      const form = args.as ?? formOf(args.output, context)
      if (target.kind === 'stdout') return await toStdout(form, found, asking, context, args.output === '-')
      const files = await toFiles(form, found, target, asking, context)
      const { out } = context
      if (out.format === 'json') out.json('sessionExport', { files })
      else for (const { path, bytes } of files) out.note(`${path}  ${bytes.toLocaleString('en-US')} bytes`)
    }),
})

type Target =
  | { readonly kind: 'stdout' }
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'folder'; readonly path: string }

async function targetOf(given: string | undefined, { io }: CommandContext): Promise<Target> {
  if (given === undefined || given === '-') return { kind: 'stdout' }
  const path = resolve(io.cwd, given)
  if (/[\\/]$/.test(given) || (await isFolder(path))) return { kind: 'folder', path }
  return { kind: 'file', path }
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch {
    // Nothing is there yet; writing tells what is wrong, if anything is.
    return false
  }
}

function formOf(output: string | undefined, { out }: CommandContext): Form {
  const named = output === undefined ? undefined : formOfEnding[extname(output).toLowerCase()]
  return named ?? (output === undefined && out.format === 'json' ? 'json' : 'md')
}

async function toStdout(
  form: Form,
  found: readonly FoundSession[],
  asking: Asking,
  context: CommandContext,
  isMeant: boolean,
): Promise<void> {
  if (form === 'raw' && context.io.isTTY.stdout && !isMeant) {
    throw new AgentsviewError({
      code: 'usage.output',
      message: "a log's bytes could do things to this terminal",
      hint: 'Name a file: -o FILE; or -o - if you mean it.',
    })
  }
  refuseSeveralRaw(form, found)
  await write(form, found, { write: context.out.raw }, asking, context)
}

interface WrittenFile {
  readonly ids: readonly string[]
  readonly path: string
  readonly bytes: number
}

async function toFiles(
  form: Form,
  found: readonly FoundSession[],
  target: Exclude<Target, { kind: 'stdout' }>,
  asking: Asking,
  context: CommandContext,
): Promise<readonly WrittenFile[]> {
  const save = async (sessions: readonly FoundSession[], path: string): Promise<WrittenFile> => {
    const bytes = await writeFileWhole(path, (sink) => write(form, sessions, sink, asking, context))
    return { ids: sessions.map(({ id }) => id), path, bytes }
  }
  if (target.kind === 'file') {
    refuseSeveralRaw(form, found)
    return [await save(found, target.path)]
  }
  const { exportFileName } = await import('../../export/index.ts')
  await mkdir(target.path, { recursive: true })
  const files: WrittenFile[] = []
  const names = new Set<string>()
  for (const one of found) {
    const ending = form === 'raw' ? await rawEnding(one, asking) : form
    // Two ids may be the same without what no file's name can hold.
    let name = exportFileName(one.id, ending)
    for (let turn = 2; names.has(name.toLowerCase()); turn += 1) name = exportFileName(`${one.id}_${turn}`, ending)
    names.add(name.toLowerCase())
    files.push(await save([one], join(target.path, name)))
  }
  return files
}

function refuseSeveralRaw(form: Form, found: readonly FoundSession[]): void {
  if (form !== 'raw' || found.length === 1) return
  throw new AgentsviewError({
    code: 'usage.output',
    message: 'several logs make no log together',
    hint: 'Name a folder: -o FOLDER/',
  })
}

async function write(
  form: Form,
  found: readonly FoundSession[],
  sink: Sink,
  asking: Asking,
  context: CommandContext,
): Promise<void> {
  if (form === 'raw') {
    for (const one of found) await writeRaw(one, sink, asking, context)
    return
  }
  const { exportSessions, readSessions } = await import('../../export/index.ts')
  for await (const piece of exportSessions(form, readSessions(asking.ask, found))) await sink.write(piece)
}

async function writeRaw(one: FoundSession, sink: Sink, asking: Asking, context: CommandContext): Promise<void> {
  const [{ openDeclared, openWhole }, object, config] = await Promise.all([
    import('../read-object.ts'),
    asking.query.sessionObject(asking.ask, one),
    context.config(),
  ])
  if (object === null) {
    throw new AgentsviewError({
      code: 'not-found.session',
      message: `the session ${one.id} has just left the archive`,
      hint: 'Run the command again.',
    })
  }
  const { chunks } = await openWhole((name) => openDeclared(config, name), object, context.signal)
  for await (const chunk of chunks) await sink.write(chunk)
}

/** The ending of the object, so that a packed log is known for one. */
async function rawEnding(one: FoundSession, { ask, query }: Asking): Promise<string> {
  const key = (await query.sessionObject(ask, one))?.key ?? ''
  return /\.(jsonl(?:\.(?:gz|zst))?|json)$/i.exec(key)?.[1]?.toLowerCase() ?? 'jsonl'
}
