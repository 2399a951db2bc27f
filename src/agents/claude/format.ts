import type { AgentFormat } from '../agent.ts'
import { openClaude } from './parse.ts'
import { locateClaude } from './paths.ts'
import { settleClaude } from './settle.ts'

/** Claude Code: one JSONL log per session, subagents in logs of their own. */
export const claude: AgentFormat = {
  id: 'claude',
  name: 'Claude Code',
  version: 2,
  localFolders: ['.claude/projects'],
  locate: locateClaude,
  open: openClaude,
  settle: settleClaude,
}
