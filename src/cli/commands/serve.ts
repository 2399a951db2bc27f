import { defineCommand } from '../command.ts'
import type { ServeArguments } from '../serve/options.ts'
import { serveOptions } from '../serve/options.ts'

/** `serve`: the web view and its API. */
export const serveCommand = defineCommand<ServeArguments>({
  command: 'serve',
  describe: 'Show everything in the browser',
  exits: [10],
  examples: [
    ['serve --watch', 'and read what is new every two minutes'],
    ['serve --port 9000 --no-open', 'on a port of your choice, without opening a browser'],
    ['serve --host 0.0.0.0 --token-file token.txt', 'for other machines, who must show the token'],
  ],
  options: serveOptions,
  run: async (args, context) => await (await import('../serve/serve.ts')).serve(args, context),
})
