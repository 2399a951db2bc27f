import { AgentsviewError, exitCodeOf, exitCodes } from '../base/index.ts'
import { commandsFor } from './app.ts'
import { makeContext } from './context.ts'
import { readGlobalOptions, wantsJson } from './global-options.ts'
import type { Io } from './io.ts'
import { drawFailure, failureJson, hasColour } from './output/index.ts'
import { parseArguments } from './parse.ts'
import { programVersion } from './version.ts'

/**
 * Runs one command line to its end.
 * @param argv words after the program's name
 * @returns the exit code; everything there is to say has been written to `io`
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  try {
    const version = programVersion()
    const parsed = await parseArguments(argv, await commandsFor(argv), { version, width: io.columns })
    if (parsed.kind !== 'run') {
      io.stdout.write(`${parsed.text}\n`)
      return 0
    }
    const globals = readGlobalOptions(parsed.args, io.env)
    const { run: work } = parsed.command
    return work === null ? exitCodes.usage : await work(parsed.args, makeContext(io, globals))
  } catch (error) {
    return report(error, argv, io)
  }
}

function report(error: unknown, argv: readonly string[], io: Io): number {
  // The reader of the output has gone (`| head`): nobody failed, and there is nothing to say.
  if (io.signal.aborted && io.stdout.destroyed) return 0
  const shown = io.signal.aborted && !(error instanceof AgentsviewError) ? interrupted(error) : error
  if (wantsJson(argv)) io.stderr.write(`${failureJson(shown)}\n`)
  else io.stderr.write(`${drawFailure(shown, hasColour(colourFlag(argv), io.env, io.isTTY.stderr))}\n`)
  return exitCodeOf(shown)
}

function interrupted(cause: unknown): AgentsviewError {
  return new AgentsviewError({ code: 'cancelled', message: 'interrupted', hint: 'Run it again to go on.', cause })
}

function colourFlag(argv: readonly string[]): 'auto' | 'always' | 'never' {
  if (argv.includes('--no-color') || argv.includes('--color=never')) return 'never'
  return argv.includes('--color=always') ? 'always' : 'auto'
}
