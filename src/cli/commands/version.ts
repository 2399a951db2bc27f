import { defineCommand } from '../command.ts'
import { programVersion } from '../version.ts'

/** `version`: which build this is and what it runs on. */
export const versionCommand = defineCommand({
  command: 'version',
  describe: 'Show the version',
  examples: [
    ['version', 'the version, Node and platform'],
    ['version --json', 'the same for a script'],
  ],
  run: (_args, { out }) => {
    const version = programVersion()
    const platform = `${process.platform}-${process.arch}`
    if (out.format === 'json') out.json('version', { version, node: process.versions.node, platform })
    else out.line(`agentsview ${version} (Node ${process.versions.node}, ${platform})`)
  },
})
