import { setFlagsFromString } from 'node:v8'

/**
 * Fits the engine to a sync, which is over in seconds. On the V8 of Node 20 a function is optimised anew while it
 * is still learning what it is given: of 200 MB of logs, a sixth of the processor time went there. With a larger
 * budget it is done once. Newer engines compile in more steps and have no such flag.
 */
export function tuneEngine(): void {
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=1000000')
}
