import type { ConfigSource } from '../src/config/index.ts'

/** What a config is loaded with in tests: an empty environment and two made-up formats. */
export function configSource(differing: Partial<ConfigSource> = {}): ConfigSource {
  return {
    explicitPath: null,
    explicitStoreUrl: null,
    env: {},
    cwd: '/work-folder',
    home: '/home/me',
    hostname: 'my-host',
    agents: [
      { id: 'claude', localFolders: ['.claude/projects'] },
      { id: 'codex', localFolders: ['.codex'] },
    ],
    ...differing,
  }
}
