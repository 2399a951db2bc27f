import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { serverKinds } from '../../test/servers/kinds.ts'
import type { TestServer } from '../../test/servers/server.ts'
import { findMinio } from './tools.ts'

/** Sizes of what is measured; the targets hold for the full ones. */
export interface Scale {
  readonly fleetBytes: number
  readonly largeFleetBytes: number
  readonly sessionBytes: number
  readonly lineBytes: number
  readonly smallObjects: number
  readonly manyObjects: number
  readonly messages: number
}

/** What the targets are about. */
export const fullScale: Scale = {
  fleetBytes: 200e6,
  largeFleetBytes: 2e9,
  sessionBytes: 400e6,
  lineBytes: 64 * 2 ** 20,
  smallObjects: 20_000,
  manyObjects: 100_000,
  messages: 1_000_000,
}

/** A tenth of everything: shows that all cases work, and about how they stand. */
export const quickScale: Scale = {
  fleetBytes: 20e6,
  largeFleetBytes: 200e6,
  sessionBytes: 40e6,
  lineBytes: 6 * 2 ** 20,
  smallObjects: 2000,
  manyObjects: 10_000,
  messages: 100_000,
}

/** Everything cases share: sizes, a folder, one server, and things that are made once. */
export interface Lab {
  readonly scale: Scale
  /** How often each pair runs. */
  readonly runs: number
  /** For files of the run; removed at its end. */
  readonly folder: string
  /** The S3 server, started when first asked for. */
  server(): Promise<TestServer>
  /** Makes a thing when first asked for, and gives the same one ever after. */
  once<T>(name: string, make: () => Promise<T>): Promise<T>
  /** To be done when all cases are through, the last first. */
  atEnd(task: () => Promise<void> | void): void
  close(): Promise<void>
}

/** Opens a lab; nothing is started yet. */
export function openLab(options: { readonly scale: Scale; readonly runs: number }): Lab {
  const folder = mkdtempSync(join(tmpdir(), 'agentsview-bench-'))
  const made = new Map<string, Promise<unknown>>()
  const tasks: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]
  const once = <T>(name: string, make: () => Promise<T>): Promise<T> => {
    const known = made.get(name) ?? make()
    made.set(name, known)
    return known as Promise<T>
  }
  const lab: Lab = {
    ...options,
    folder,
    once,
    server: () => once('server', () => startMinio(lab)),
    atEnd: (task) => void tasks.push(task),
    close: async () => {
      for (const task of tasks.toReversed()) await task()
    },
  }
  return lab
}

async function startMinio(lab: Lab): Promise<TestServer> {
  process.env['AGENTSVIEW_MINIO'] = findMinio()
  const kind = serverKinds.find(({ name }) => name === 'minio')
  if (kind === undefined) throw new Error('the tests know no MinIO')
  const server = await kind.start()
  lab.atEnd(() => server.stop())
  return server
}
