import { findConfig } from '../../config/index.ts'
import { defineCommand } from '../command.ts'
import { paint } from '../output/index.ts'

/** `agentsview` alone: says where things stand and what to do next. */
export const beginCommand = defineCommand({
  command: '$0',
  describe: 'Say how to begin',
  run: async (_args, context) => {
    const { out, source } = context
    const found = await findConfig(await source())
    if (out.format === 'json') {
      const config = found === null ? null : await context.config()
      out.json('begin', { config: found?.path ?? null, remotes: config?.remotes.map((remote) => remote.name) ?? [] })
      return
    }
    if (found === null) {
      out.line('No config yet. Declare a bucket that holds session logs:')
      out.line('  ', paint('bold', 'agentsview remotes add gpu --from-url s3://my-bucket/prod/'))
    } else {
      const config = await context.config()
      out.line('Config: ', found.path)
      out.line('Remotes: ', config.remotes.map((remote) => remote.name).join(', ') || 'none declared yet')
    }
    out.line('Next: agentsview remotes test · agentsview sync --remote · agentsview --help')
  },
})
