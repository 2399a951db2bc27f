import type { Config } from '../../config/index.ts'
import { setRemoteKey, setTableKey } from '../../config/index.ts'
import type { RemoteName } from '../../model/index.ts'
import { renamer } from '../../plan/index.ts'

/**
 * Writes into the text of a config that a machine has another name: rules that give the old name give the new one,
 * and where the logs themselves name the machine so, a rule is added. Comments and order stay.
 * @param seenIn  remotes whose objects are booked on the machine
 * @returns the text, and the blocks that were changed, `local` among them
 * @throws AgentsviewError `config.edit` when the text cannot be edited safely
 */
export function renameInConfig(
  text: string,
  config: Config,
  machine: { readonly from: string; readonly to: string; readonly seenIn: readonly RemoteName[] },
): { readonly text: string; readonly blocks: readonly RemoteName[] } {
  const { from, to, seenIn } = machine
  let changed = text
  const blocks: RemoteName[] = []
  const edit = (block: RemoteName, after: string): void => {
    if (after === changed) return
    changed = after
    if (!blocks.includes(block)) blocks.push(block)
  }
  if (config.local.machine === from && seenIn.includes('local')) {
    edit('local', setTableKey(changed, 'local', 'machine', to))
  }
  for (const [index, { name, rename, machineRule }] of config.remotes.entries()) {
    for (const rule of rename.filter((one) => one.to === from)) {
      edit(name, setRemoteKey(changed, index, ['rename', rule.from], to))
    }
    // A rule that already sends the old name elsewhere tells that no log here means this machine by it.
    if (renamer(rename)(from) !== from) continue
    const isFixed = machineRule.kind === 'fixed' && machineRule.machine === from
    if (isFixed) edit(name, setRemoteKey(changed, index, ['machine'], to))
    else if (seenIn.includes(name)) edit(name, setRemoteKey(changed, index, ['rename', from], to))
  }
  return { text: changed, blocks }
}
