import type { AgentFormat, ObjectPlace } from '../agents/index.ts'
import { agentFormat } from '../agents/index.ts'
import { AgentsviewError } from '../base/index.ts'
import type { Place } from '../model/index.ts'

/** The format of a place and what its path stands for; a place always has both. */
export function formatOf(place: Place): { readonly format: AgentFormat; readonly about: ObjectPlace } {
  const format = agentFormat(place.agent)
  const about = format?.locate(place.path) ?? null
  if (format === undefined || about === null) {
    throw new AgentsviewError({ code: 'internal', message: `no format reads ${place.agent}/${place.path}` })
  }
  return { format, about }
}
