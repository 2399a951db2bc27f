import { Readable, Writable } from 'node:stream'
import { run } from '../src/cli/run.ts'
import type { Io } from '../src/cli/io.ts'

/** What a run left behind. */
export interface CliResult {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/**
 * Runs one command line in this process, without a terminal, and catches what it prints.
 * @param argv words after `agentsview`
 * @param io what differs from an empty environment; `cwd` and `home` are the ones to set
 */
export async function runCli(argv: readonly string[], io: Partial<Io> & { readonly cwd: string }): Promise<CliResult> {
  const stdout = catchText()
  const stderr = catchText()
  const code = await run(argv, {
    stdin: Readable.from([]),
    env: {},
    home: io.cwd,
    hostname: 'test-host',
    isTTY: { stdin: false, stdout: false, stderr: false },
    columns: 100,
    now: () => Date.UTC(2026, 7, 1, 12),
    signal: new AbortController().signal,
    ...io,
    stdout: stdout.stream,
    stderr: stderr.stream,
  })
  return { code, stdout: stdout.text(), stderr: stderr.text() }
}

function catchText(): { readonly stream: Writable; readonly text: () => string } {
  const chunks: Buffer[] = []
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { stream, text: () => Buffer.concat(chunks).toString('utf8') }
}
