import { defineCommand } from '../../command.ts'
import { addCommand } from './add.ts'
import { editCommand } from './edit.ts'
import { disableCommand, enableCommand } from './enable.ts'
import { listCommand } from './list.ts'
import { lsCommand } from './ls.ts'
import { policyCommand } from './policy.ts'
import { removeCommand } from './remove.ts'
import { renameCommand } from './rename.ts'
import { showCommand } from './show.ts'
import { testCommand } from './test.ts'

/** `remotes …`: the buckets that the config declares. */
export const remotesCommand = defineCommand({
  command: 'remotes',
  describe: 'Declare, test and change the buckets to read',
  subcommands: [
    addCommand,
    listCommand,
    showCommand,
    editCommand,
    renameCommand,
    removeCommand,
    enableCommand,
    disableCommand,
    testCommand,
    lsCommand,
    policyCommand,
  ],
})
