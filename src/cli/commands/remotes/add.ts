import { AgentsviewError } from '../../../base/index.ts'
import { agentFormats } from '../../../agents/index.ts'
import { appendRemote, remoteNameProblem, writeConfigFile } from '../../../config/index.ts'
import type { TomlValue } from '../../../config/index.ts'
import type { Remote } from '../../../model/index.ts'
import { defineCommand } from '../../command.ts'
import type { CommandContext } from '../../context.ts'
import { addKeyOptions, entriesOfFlags } from './add-options.ts'
import { askForRemote, canAsk } from './ask.ts'
import { changeConfig } from './change-config.ts'
import type { ChangedConfig } from './change-config.ts'
import { findRemote } from './find-remote.ts'
import { entriesFromUrl } from './from-url.ts'
import { failureOf, printChecks, testRemote, testedJson } from './run-checks.ts'
import type { TestedRemote } from './run-checks.ts'

type Entries = Readonly<Record<string, TomlValue>>

const agents = agentFormats.map((format) => format.id)

/** `remotes add`: declares a bucket and sees whether it can be read. */
export const addCommand = defineCommand({
  command: 'add <name>',
  describe: 'Declare a bucket, and test it',
  options: (yargs) =>
    addKeyOptions(yargs, agents)
      .positional('name', { type: 'string', demandOption: true, describe: 'Name for the remote: a-z, 0-9 and -' })
      .option('from-url', { type: 'string', nargs: 1, describe: 's3://bucket/prefix or https://host/bucket/prefix' })
      .option('test', { type: 'boolean', default: true, hidden: true })
      .option('no-test', { type: 'boolean', describe: 'Do not contact the bucket' })
      .option('dry-run', { type: 'boolean', default: false, describe: 'Print the block, write nothing' }),
  examples: [
    ['remotes add gpu --from-url s3://team-agents/prod/', 'an AWS bucket, keys from the usual AWS places'],
    ['remotes add home --endpoint https://minio.example.com --bucket logs --profile home', 'another server'],
    ['remotes add gpu', 'asks for what is missing'],
  ],
  exits: [4, 5],
  run: async (args, context) => {
    const { name } = args
    const flags = entriesOfFlags(args, agents)
    const given: Entries = { ...(args['from-url'] === undefined ? {} : entriesFromUrl(args['from-url'])), ...flags }
    // A name that cannot be is told before any question is asked.
    await changeConfig(context, (text, config) => {
      refuseName(name, config.remotes)
      return text
    })
    const block = blockOf(name, await completed(context, given))
    const changed = await changeConfig(context, (text) => appendRemote(text, block))
    if (args['dry-run']) return printBlock(context, name, changed)
    await writeConfigFile(changed.file.path, changed.text)
    await testAdded(context, name, changed, args.test)
  },
})

function refuseName(name: string, declared: readonly Remote[]): void {
  const problem = remoteNameProblem(name)
  if (problem !== null)
    throw new AgentsviewError({
      code: 'usage.remote-name',
      message: `the name ${problem}`,
      hint: 'Choose a name such as gpu or home-2.',
    })
  if (declared.some((remote) => remote.name === name))
    throw new AgentsviewError({
      code: 'usage.remote-exists',
      message: `there is a remote "${name}" already`,
      hint: `agentsview remotes edit ${name} key=value, or choose another name`,
    })
}

async function completed(context: CommandContext, given: Entries): Promise<Entries> {
  if (given['bucket'] !== undefined) return given
  if (canAsk(context)) return await askForRemote(context, given)
  throw new AgentsviewError({
    code: 'usage.missing',
    message: '--bucket is missing',
    hint: 'Give --bucket <name> or --from-url s3://bucket/prefix.',
  })
}

function blockOf(name: string, entries: Entries): readonly (readonly [string, TomlValue])[] {
  return [['name', name], ...Object.entries(entries)]
}

function printBlock(context: CommandContext, name: string, changed: ChangedConfig): void {
  const block = changed.text.slice(changed.file.text.length).trim()
  const { path } = changed.file
  if (context.out.format === 'json') context.out.json('remoteAdd', { name, path, written: false, block, test: null })
  else {
    context.out.note(`Would be added to ${path}:`)
    context.out.text(block)
  }
}

async function testAdded(
  context: CommandContext,
  name: string,
  changed: ChangedConfig,
  isTested: boolean,
): Promise<void> {
  const { out } = context
  const { path, isNew } = changed.file
  out.note(`Added remote "${name}" to ${isNew ? 'the new config ' : ''}${path}`)
  const tested: TestedRemote | null = isTested
    ? await testRemote(findRemote(changed.config, name), context.signal)
    : null
  if (out.format === 'json') {
    const test = tested === null ? null : testedJson(tested)
    out.json('remoteAdd', { name, path, created: isNew, written: true, test })
  } else if (tested !== null) printChecks(context, tested)
  const failure = tested === null ? null : failureOf(tested, 'the remote was added, but its test failed: ')
  if (failure === null) return out.note('Next: agentsview sync --remote ', name)
  // People have read the advice beside the check that failed.
  const advice =
    out.format === 'json' ? `${(failure.hint ?? 'Correct it').replace(/\.$/, '')}. Then` : 'Correct it, then'
  throw new AgentsviewError({
    code: failure.code,
    message: failure.message,
    hint: `${advice}: agentsview remotes test ${name}; or: agentsview remotes remove ${name} --yes`,
    context: { remote: name },
    cause: failure,
  })
}
