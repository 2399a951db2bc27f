import { expect, it } from 'vitest'

import type { RemoteSummary, SyncSummary } from '../../model/index.ts'
import type { Io } from '../io.ts'
import type { Output } from '../output/index.ts'
import { printSummary } from './print-summary.ts'

const remote: RemoteSummary = {
  name: 'gpu',
  ok: false,
  error: { code: 'remote.refused.denied', message: '403 AccessDenied on list', hint: 'allow the key to list' },
  objects: { listed: 0, unchanged: 0, appended: 0, reread: 0, gone: 0, failed: 0, refused: 0 },
  bytes: { fetched: 0 },
  requests: { list: 1, get: 0, head: 0 },
  sessions: { added: 0, updated: 0 },
  messages: { added: 0 },
  badLines: 0,
  ms: 1,
  planned: { objects: 0, bytes: 0 },
  machines: 0,
  notices: [],
  failures: [],
  pass: 'full',
  lastFullPassAt: null,
}
const summary: SyncSummary = { ok: false, remotes: [remote], totals: remote, cancelled: false }

/** What is drawn, and what is said on stderr. */
function told(format: Output['format'], isQuiet: boolean): { readonly rows: number; readonly said: string } {
  let rows = 0
  let said = ''
  const out = { format, hasColourOnStderr: false, rows: () => (rows += 1), note: () => undefined } as unknown as Output
  const io = { stderr: { write: (text: string) => (said += text) } } as unknown as Io
  printSummary(summary, out, io, { isDryRun: false, isQuiet })
  return { rows, said }
}

it('says only what failed when it is to be quiet, and then the cause as well as what to do', () => {
  expect(told('table', true)).toEqual({ rows: 0, said: 'gpu: 403 AccessDenied on list. Try: allow the key to list\n' })
  expect(told('table', false)).toEqual({ rows: 1, said: 'gpu: allow the key to list\n' })
  // Data that was asked for by its format is data.
  expect(told('csv', true).rows).toBe(1)
})
