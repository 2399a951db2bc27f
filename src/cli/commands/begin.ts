import { existsSync } from 'node:fs'

import { findConfig } from '../../config/index.ts'
import { defineCommand } from '../command.ts'
import type { CommandContext } from '../context.ts'
import { paint } from '../output/index.ts'
import type { ServeArguments } from '../serve/options.ts'
import { serveOptions } from '../serve/options.ts'

/** `agentsview` alone: opens the web view; before there is anything to show it says how to begin. */
export const beginCommand = defineCommand<ServeArguments>({
  command: '$0',
  describe: 'Open the web view, or say how to begin',
  exits: [10],
  options: serveOptions,
  run: async (args, context) => {
    const { out, source } = context
    const found = await findConfig(await source())
    if (out.format === 'json') {
      const config = found === null ? null : await context.config()
      out.json('begin', { config: found?.path ?? null, remotes: config?.remotes.map((remote) => remote.name) ?? [] })
      return
    }
    if (found !== null || (await hasArchive(context))) {
      const { serve } = await import('../serve/serve.ts')
      return await serve(args, context)
    }
    out.line('No config yet. Declare a bucket that holds session logs:')
    out.line('  ', paint('bold', 'agentsview remotes add gpu --from-url s3://my-bucket/prod/'))
    out.line('Next: agentsview remotes test · agentsview sync --remote · agentsview --help')
  },
})

/** True when there is an archive to show, though no config names it. */
async function hasArchive(context: CommandContext): Promise<boolean> {
  const { filePath } = await import('../../store/index.ts')
  const { store } = await context.config()
  const path = filePath(store.url)
  return path === null || existsSync(path)
}
