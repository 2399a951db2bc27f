import type { AgentFormat } from '../agent.ts'
import { codexImages } from './images.ts'
import { openRollout } from './parse.ts'
import { isUuid, locateCodex } from './paths.ts'
import { settleRollout } from './settle.ts'
import { openTitles } from './titles.ts'

/** Rollouts and the title index of Codex CLI. */
export const codex: AgentFormat = {
  id: 'codex',
  name: 'Codex',
  version: 2,
  localFolders: ['.codex'],
  locate: locateCodex,
  open: (context, state) => (context.role === 'titles' ? openTitles() : openRollout(context, state)),
  settle: settleRollout,
  resumeCommand: (id) => {
    const thread = id.replace(/^codex:/, '')
    return isUuid(thread) ? `codex resume ${thread}` : null
  },
  imagesIn: codexImages,
}
