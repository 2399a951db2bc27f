import { AgentsviewError } from '../base/index.ts'
import type { FoundSession, SessionObject } from '../query/index.ts'
import { sessionObject } from '../query/index.ts'
import type { ReadObject, ServerContext } from './context.ts'

/**
 * The object of a session, and how this server reads it.
 * @throws AgentsviewError `not-found.source` when it cannot
 */
export async function readableOf(
  found: FoundSession,
  { ask, readObject }: ServerContext,
): Promise<{ readonly object: SessionObject; readonly readObject: ReadObject }> {
  const object = await sessionObject(ask, found)
  if (object !== null && readObject !== undefined) return { object, readObject }
  throw notReadable()
}

/** Why the bytes of a session cannot be had from here. */
export function notReadable(): AgentsviewError {
  return new AgentsviewError({
    code: 'not-found.source',
    message: 'the source of this session cannot be read from here',
    hint: 'Start the server with the config that declares its remote.',
  })
}
