import { AgentsviewError } from '../../base/index.ts'
import type { RemoteName } from '../../model/index.ts'
import { machineNameProblem } from '../../model/index.ts'
import { openToWrite } from '../archive.ts'
import { changeConfig } from '../commands/remotes/change-config.ts'
import type { CommandContext } from '../context.ts'
import { renameInConfig } from './rename-in-config.ts'

/** What a rename did. */
export interface MachineRename {
  readonly from: string
  readonly to: string
  readonly objects: number
  readonly sessions: number
  /** Blocks of the config that were changed; `path` is its file. */
  readonly blocks: readonly RemoteName[]
  readonly path: string
}

/**
 * Gives a machine another name, in the config and in the archive. The config comes first: were the archive to fail,
 * the next sync would read the objects anew under the new name.
 * @param wish  `rename` refuses a name that is taken, `merge` one that is not
 * @throws AgentsviewError `usage.machine-name`, `usage.machine-taken`, `usage.running`, `not-found.machine`,
 *   `config.*`, `store.*`
 */
export async function renameMachineOf(
  context: CommandContext,
  from: string,
  to: string,
  wish: 'rename' | 'merge',
): Promise<MachineRename> {
  const problem = machineNameProblem(to)
  if (problem !== null) {
    throw new AgentsviewError({
      code: 'usage.machine-name',
      message: `this is no name for a machine: ${problem}`,
      hint: 'Choose a name such as gpu-box.',
    })
  }
  const [
    { listMachines },
    { refuseWhileRead, renameMachine },
    { settleByFormat },
    { searchFeeNanoUsd },
    { writeConfigFile },
  ] = await Promise.all([
    import('../../query/index.ts'),
    import('../../store/index.ts'),
    import('../../ingest/index.ts'),
    import('../../pricing/index.ts'),
    import('../../config/index.ts'),
  ])
  const { archive } = await openToWrite(context)
  try {
    const known = await listMachines(archive.driver, context.io.now())
    const machine = known.find(({ name }) => name === from)
    const names = known.map(({ name }) => name)
    if (machine === undefined) throw unknown(from, names)
    refuseUnless(wish, from, to, names)
    await refuseWhileRead(archive)
    let blocks: readonly RemoteName[] = []
    const { file, text } = await changeConfig(context, (before, config) => {
      const changed = renameInConfig(before, config, { from, to, seenIn: machine.remotes })
      blocks = changed.blocks
      return changed.text
    })
    if (text !== file.text) await writeConfigFile(file.path, text)
    const rules = { settle: settleByFormat, webSearchFee: searchFeeNanoUsd }
    return { from, to, ...(await renameMachine(archive, from, to, rules)), blocks, path: file.path }
  } finally {
    archive.close()
  }
}

function refuseUnless(wish: 'rename' | 'merge', from: string, to: string, names: readonly string[]): void {
  if (from === to) {
    throw new AgentsviewError({
      code: 'usage.machine-name',
      message: `the machine has the name "${to}" already`,
      hint: 'Choose another one.',
    })
  }
  if (wish === 'merge' && !names.includes(to)) throw unknown(to, names)
  if (wish === 'rename' && names.includes(to)) {
    throw new AgentsviewError({
      code: 'usage.machine-taken',
      message: `there is a machine "${to}" already, and two made one cannot be told apart again`,
      hint: `If they are one: agentsview machines merge "${from}" "${to}"`,
    })
  }
}

function unknown(name: string, names: readonly string[]): AgentsviewError {
  return new AgentsviewError({
    code: 'not-found.machine',
    message: `there is no machine "${name}"`,
    hint: names.length === 0 ? 'Read their logs first: agentsview sync' : `Known: ${names.slice(0, 20).join(', ')}.`,
  })
}
