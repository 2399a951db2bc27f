import type { AgentFormat } from '../agent.ts'
import { claudeImages } from './images.ts'
import { openClaude } from './parse.ts'
import { locateClaude } from './paths.ts'
import { settleClaude } from './settle.ts'

/** Ids of sessions a person began; nothing else in one could be an option or end a word of a shell. */
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Claude Code: one JSONL log per session, subagents in logs of their own. */
export const claude: AgentFormat = {
  id: 'claude',
  name: 'Claude Code',
  version: 2,
  localFolders: ['.claude/projects'],
  locate: locateClaude,
  open: openClaude,
  settle: settleClaude,
  resumeCommand: (id) => (uuid.test(id) ? `claude --resume ${id}` : null),
  imagesIn: claudeImages,
}
