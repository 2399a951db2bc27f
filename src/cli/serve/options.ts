import type { Argv } from 'yargs'

import { listOption } from '../command.ts'

/** What `serve` was told, as its options name it. */
export interface ServeArguments {
  readonly host: string
  readonly port: number | undefined
  readonly open: boolean
  readonly watch: boolean | undefined
  readonly interval: string
  readonly 'token-file': string | undefined
  readonly 'allow-host': readonly string[] | undefined
  readonly 'allow-actions': boolean | undefined
}

/** The port that is tried first when none is asked for. */
export const firstPort = 8080

/** Declares the options of `serve`, which `agentsview` alone takes too. */
export function serveOptions(yargs: Argv): Argv<ServeArguments> {
  return yargs.options({
    host: { type: 'string', nargs: 1, default: '127.0.0.1', describe: 'Address to listen on' },
    port: { type: 'number', nargs: 1, describe: `Port; by default the first free one from ${firstPort} on` },
    open: { type: 'boolean', default: true, hidden: true },
    'no-open': { type: 'boolean', describe: 'Do not open a browser' },
    watch: { type: 'boolean', describe: 'Sync again and again while serving' },
    interval: {
      type: 'string',
      nargs: 1,
      default: '2m',
      describe: 'Time between those syncs: 30s, 2m, 1h; interval in a remote wins',
    },
    'token-file': {
      type: 'string',
      nargs: 1,
      describe: 'File with the token that everyone must show; needed for any --host but this machine',
    },
    'allow-host': listOption('Further names the server is reached by'),
    'allow-actions': { type: 'boolean', describe: 'Let the page start syncs, test remotes and rename machines' },
  } as const)
}
