import { defineCommand } from '../../command.ts'
import { safeJson } from '../../output/index.ts'
import { findRemote } from './find-remote.ts'
import { policyAdvice, policyOf, policyRoles } from './policy-of.ts'

/** `remotes policy`: the rights that a remote's key needs. */
export const policyCommand = defineCommand({
  command: 'policy <name>',
  describe: 'Print the least rights a key needs, as a policy document',
  options: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'Name of the remote' })
      .option('role', {
        choices: policyRoles,
        default: 'reader' as const,
        nargs: 1,
        describe: 'reader: who runs sync; writer: a machine that pushes its logs',
      })
      .option('machine', { type: 'string', nargs: 1, describe: 'The machine of a writer' }),
  examples: [
    ['remotes policy gpu', 'for the key of the config'],
    ['remotes policy gpu --role writer --machine gpu-1', 'for the key on gpu-1, which may write nowhere else'],
  ],
  exits: [3],
  run: async ({ name, role, machine }, context) => {
    const { out } = context
    const remote = findRemote(await context.config(), name)
    const policy = policyOf(remote, role, machine ?? null)
    const advice = policyAdvice(remote, role)
    if (out.format === 'json') return out.json('remotePolicy', { name, role, machine: machine ?? null, policy, advice })
    if (advice !== null) out.note(advice)
    out.text(safeJson(policy, 2))
  },
})
