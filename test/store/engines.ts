import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

import { describe, it } from 'vitest'

import type { Archive } from '../../src/store/index.ts'
import { openArchive } from '../../src/store/index.ts'
import { findSqld, startSqld } from '../servers/sqld.ts'
import type { Dump } from '../sync/dump.ts'
import { dumpOf } from '../sync/dump.ts'

/** An empty place for an archive: a file of its own, or a server of its own. */
export interface Home {
  readonly url: string
  /** What the archive tells, when nobody has it open; a server is ended for the time of it. */
  dump(): Promise<Dump>
  remove(): Promise<void>
}

/** A kind of place that archives can be in. */
export interface Engine {
  readonly name: 'file' | 'sqld'
  /** Why it cannot be had here; null when it can. */
  readonly missing: () => string | null
  readonly make: () => Promise<Home>
}

async function dumpFile(path: string): Promise<Dump> {
  const archive = await openArchive({ url: `file:${path}`, token: null })
  try {
    return await dumpOf(archive)
  } finally {
    archive.close()
  }
}

/** Archives in files. */
export const file: Engine = {
  name: 'file',
  missing: () => null,
  make: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'agentsview-home-'))
    const path = join(folder, 'archive.db')
    return {
      url: `file:${path}`,
      dump: () => dumpFile(path),
      remove: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}

/** Archives on a libSQL server. */
export const sqld: Engine = {
  name: 'sqld',
  missing: () => (findSqld() === null ? 'npm run get:sqld fetches it' : null),
  make: async () => {
    const server = await startSqld()
    return {
      url: server.url,
      dump: async () => {
        await server.kill('SIGTERM')
        // A copy: the server takes its own files back as it left them.
        const folder = mkdtempSync(join(tmpdir(), 'agentsview-copy-'))
        try {
          cpSync(dirname(server.file), folder, { recursive: true })
          await server.start()
          return await dumpFile(join(folder, basename(server.file)))
        } finally {
          rmSync(folder, { recursive: true, force: true })
        }
      },
      remove: () => server.stop(),
    }
  },
}

/**
 * Runs a suite for archives in files and for archives on a server. Without a server's program its part is
 * skipped, or fails with `AGENTSVIEW_NO_SKIP=1`.
 */
export function describeEngines(title: string, suite: (engine: Engine) => void): void {
  for (const engine of [file, sqld]) {
    describe(`${title} (${engine.name})`, () => {
      const reason = engine.missing()
      if (reason === null) return suite(engine)
      it.skipIf(process.env['AGENTSVIEW_NO_SKIP'] !== '1')('needs its engine', () => {
        throw new Error(reason)
      })
    })
  }
}

/** Opens the archive of a home for the time of some work. */
export async function withHome<T>(home: Home, work: (archive: Archive) => Promise<T>): Promise<T> {
  const archive = await openArchive({ url: home.url, token: null })
  try {
    return await work(archive)
  } finally {
    archive.close()
  }
}
