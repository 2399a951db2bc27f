import { AgentsviewError } from '../../../base/index.ts'
import { nearest } from '../../../config/index.ts'
import type { Config } from '../../../config/index.ts'
import type { Remote } from '../../../model/index.ts'

/** The declared remote of this name. @throws AgentsviewError `not-found.remote`, with the nearest name */
export function findRemote(config: Config, name: string): Remote {
  const remote = config.remotes.find((one) => one.name === name)
  if (remote !== undefined) return remote
  const names = config.remotes.map((one) => one.name)
  const guess = nearest(name, names)
  const declared = names.length === 0 ? 'none is declared yet' : `declared are ${names.join(', ')}`
  throw new AgentsviewError({
    code: 'not-found.remote',
    message: `there is no remote "${name}"${guess === null ? '' : `; did you mean "${guess}"?`}`,
    hint:
      names.length === 0
        ? 'agentsview remotes add <name> --from-url s3://bucket/prefix'
        : `agentsview remotes list (${declared})`,
    context: { remote: name },
  })
}

/**
 * The remotes that names ask for; without a name every enabled one.
 * @throws AgentsviewError `not-found.remote`; `config.no-remotes` when there is none to choose
 */
export function chooseRemotes(config: Config, names: readonly string[]): readonly Remote[] {
  if (names.length > 0) return [...new Set(names)].map((name) => findRemote(config, name))
  const enabled = config.remotes.filter((remote) => remote.enabled)
  if (enabled.length > 0) return enabled
  const isEmpty = config.remotes.length === 0
  throw new AgentsviewError({
    code: 'config.no-remotes',
    message: isEmpty ? 'no remote is declared' : 'every declared remote is disabled',
    hint: isEmpty
      ? 'agentsview remotes add <name> --from-url s3://bucket/prefix'
      : `agentsview remotes enable ${config.remotes[0]?.name ?? '<name>'}`,
  })
}

/** @throws AgentsviewError the remote's own problem, when no request to it can be made */
export function throwProblem(remote: Remote): void {
  const { problem } = remote
  if (problem === null || problem === undefined) return
  throw new AgentsviewError({
    code: problem.code,
    message: `${remote.name}: ${problem.message}`,
    hint: problem.hint ?? undefined,
    context: { remote: remote.name },
  })
}
