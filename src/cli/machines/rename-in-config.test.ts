import { describe, expect, it } from 'vitest'

import { agentFormats } from '../../agents/index.ts'
import type { Config } from '../../config/index.ts'
import { checkConfig } from '../../config/index.ts'
import { renamer } from '../../plan/index.ts'
import { renameInConfig } from './rename-in-config.ts'

const configOf = (text: string): Config =>
  checkConfig(text, '/c/agentsview.toml', {
    explicitPath: null,
    explicitStoreUrl: null,
    env: {},
    cwd: '/c',
    home: '/h',
    hostname: 'host',
    agents: agentFormats,
  })
const remote = (name: string, more = ''): string =>
  `[[remotes]]\nname = "${name}" # the ${name}\nprovider = "minio"\nendpoint = "http://127.0.0.1:9"\nbucket = "b"\n${more}\n`
const rename = (text: string, from: string, to: string, seenIn: readonly string[]) => {
  const changed = renameInConfig(text, configOf(text), { from, to, seenIn })
  return { ...changed, config: configOf(changed.text) }
}
/** What a machine's own name becomes by a config, a remote each. */
const named = (config: Config, machine: string): readonly string[] =>
  config.remotes.map((one) => renamer(one.rename)(machine))

describe('a machine renamed in the config', () => {
  it('has a rule in each remote its logs come from, and nowhere else', () => {
    const { text, config, blocks } = rename(`# mine\n${remote('a')}${remote('b')}`, 'ip-1', 'gpu', ['a'])
    expect(named(config, 'ip-1')).toEqual(['gpu', 'ip-1'])
    expect(blocks).toEqual(['a'])
    expect(text).toContain('# mine\n[[remotes]]\nname = "a" # the a\n')
    expect(text).toContain('rename = { ip-1 = "gpu" }')
  })

  it('follows the rules that gave it its name', () => {
    const rules = 'rename = { "ip-*" = "gpu", x = "gpu", y = "other" }'
    const { config } = rename(remote('a', rules), 'gpu', 'box', ['a'])
    expect(['ip-7', 'x', 'y', 'gpu', 'z'].map((name) => named(config, name)[0])).toEqual([
      'box',
      'box',
      'other',
      'box',
      'z',
    ])
  })

  it('takes no name from a machine that a rule calls otherwise', () => {
    const { config } = rename(remote('a', 'rename = { a = "b", b = "a" }'), 'b', 'c', ['a'])
    expect([named(config, 'a'), named(config, 'b')]).toEqual([['c'], ['a']])
  })

  it('can be renamed again, and back', () => {
    const first = rename(remote('a'), 'one', 'two', ['a'])
    const second = rename(first.text, 'two', 'three', ['a'])
    expect(named(second.config, 'one')).toEqual(['three'])
    const back = rename(second.text, 'three', 'one', ['a'])
    expect(named(back.config, 'one')).toEqual(['one'])
  })

  it('is named where the remote or the local folders name it', () => {
    const text = `[local]\nmachine = "ann" # me\n\n${remote('a', 'machine = "box"')}`
    const box = rename(text, 'box', 'gpu', ['a'])
    expect(box.config.remotes[0]?.machineRule).toEqual({ kind: 'fixed', machine: 'gpu' })
    expect(box.blocks).toEqual(['a'])
    const local = rename(text, 'ann', 'laptop', ['local'])
    expect(local.config.local.machine).toBe('laptop')
    expect(local.text).toContain('machine = "laptop" # me')
    const host = rename(remote('a'), 'host', 'laptop', ['local', 'a'])
    expect([host.config.local.machine, named(host.config, 'host'), host.blocks]).toEqual([
      'laptop',
      ['laptop'],
      ['local', 'a'],
    ])
  })

  it('changes nothing where no remote of the config knows it', () => {
    const text = remote('a')
    expect(rename(text, 'gone', 'x', ['dropped'])).toMatchObject({ text, blocks: [] })
  })
})
