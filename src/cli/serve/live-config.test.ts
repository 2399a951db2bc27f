import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, expect, it } from 'vitest'

import { agentFormats } from '../../agents/index.ts'
import { loadConfig } from '../../config/index.ts'
import type { CommandContext } from '../context.ts'
import { liveConfig } from './live-config.ts'

const folder = mkdtempSync(join(tmpdir(), 'agentsview-live-'))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('goes on looking after one look has failed', async () => {
  const path = join(folder, 'agentsview.toml')
  const write = (machine: string): void => writeFileSync(path, `[local]\nmachine = "${machine}"\n`)
  write('first')
  const source = {
    explicitPath: path,
    explicitStoreUrl: null,
    env: {},
    cwd: folder,
    home: folder,
    hostname: 'host',
    agents: agentFormats,
  }
  const context = {
    source: () => Promise.resolve(source),
    config: () => loadConfig(source),
    out: { note: () => undefined, detail: () => undefined },
  } as unknown as CommandContext
  let isFailing = true
  const live = await liveConfig(context, () =>
    isFailing ? Promise.reject(new Error('told too early')) : Promise.resolve(),
  )
  try {
    write('the second')
    await expect(live.look()).rejects.toThrow('told too early')
    isFailing = false
    write('the third one')
    await live.look()
    expect(live.current().local.machine).toBe('the third one')
  } finally {
    live.close()
  }
})
