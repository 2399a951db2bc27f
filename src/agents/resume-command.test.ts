import { describe, expect, it } from 'vitest'

import { agentFormat } from './index.ts'

const uuid = '0f3a1c2d-1111-4222-8333-123456789abc'

describe('resumeCommand', () => {
  it('names the session the way each agent wants it', () => {
    expect(agentFormat('claude')?.resumeCommand?.(uuid)).toBe(`claude --resume ${uuid}`)
    expect(agentFormat('codex')?.resumeCommand?.(`codex:${uuid}`)).toBe(`codex resume ${uuid}`)
  })

  it.each(['agent-1', `${uuid}; rm -rf ~`, `$(id)`, '--help', `${uuid}-${uuid}`, ''])(
    'gives nothing to paste for %j',
    (id) => {
      for (const agent of ['claude', 'codex']) expect(agentFormat(agent)?.resumeCommand?.(id)).toBeNull()
    },
  )
})
