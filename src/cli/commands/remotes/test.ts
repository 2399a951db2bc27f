import { AgentsviewError } from '../../../base/index.ts'
import { defineCommand } from '../../command.ts'
import { chooseRemotes } from './find-remote.ts'
import { failureOf, printChecks, testRemote, testedJson } from './run-checks.ts'
import type { TestedRemote } from './run-checks.ts'

/** `remotes test`: what reading a remote needs, check by check. */
export const testCommand = defineCommand({
  command: 'test [names..]',
  describe: 'Test remotes: connection, credentials, listing, reading',
  options: (yargs) =>
    yargs.positional('names', { type: 'string', array: true, describe: 'Remotes to test; none: every enabled one' }),
  examples: [
    ['remotes test gpu', 'each check with what to do when it fails'],
    ['remotes test --json', 'every enabled remote, for a script'],
  ],
  exits: [3, 4, 5, 6],
  run: async ({ names }, context) => {
    const remotes = chooseRemotes(await context.config(), names ?? [])
    const tested = await Promise.all(remotes.map((remote) => testRemote(remote, context.signal)))
    if (context.out.format === 'json') {
      context.out.json('remoteTest', { ok: tested.every((one) => one.ok), remotes: tested.map(testedJson) })
    } else {
      for (const one of tested) printChecks(context, one)
    }
    throwIfFailed(tested)
  },
})

function throwIfFailed(tested: readonly TestedRemote[]): void {
  const failed = tested.filter((one) => !one.ok)
  const [first] = failed
  if (first === undefined) return
  const error = failureOf(first)
  if (error !== null && failed.length === tested.length) throw error
  throw new AgentsviewError({
    code: 'sync.partial',
    message: `${failed.length} of ${tested.length} remotes failed: ${failed.map((one) => one.name).join(', ')}`,
    hint: `agentsview remotes test ${first.name}`,
  })
}
