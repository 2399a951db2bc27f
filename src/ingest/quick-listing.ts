import { agentFormat } from '../agents/index.ts'
import type { PartBucket, PartPage } from '../bucket/index.ts'
import type { KnownObject, ObjectInfo } from '../model/index.ts'
import { planQuickPass } from '../plan/index.ts'
import type { FolderLook, QuickPlan } from '../plan/index.ts'
import type { FullPass } from '../store/index.ts'
import type { QuickSource } from './source.ts'
import type { SourceDeps } from './sync-source.ts'

const dayMs = 86_400_000
/** After a quick pass that was no quicker, passes are full for this long. */
const pauseMs = dayMs

/** The listings of a quick pass. */
export interface QuickListing {
  pages(signal: AbortSignal): AsyncIterable<readonly ObjectInfo[]>
  /** True once it stopped because it would take as many requests as listing everything. */
  readonly hasOverrun: boolean
}

/**
 * The quick pass that may stand in for a full one now; null when the pass has to be full: none is
 * remembered, the last is too long ago or went by other rules, or there is nothing to save.
 */
export function quickListing(
  deps: SourceDeps,
  cursors: ReadonlyMap<string, KnownObject>,
  last: FullPass | null,
): QuickListing | null {
  const { source, wishes, now } = deps
  const { quick } = source
  if (quick === null || last === null || wishes.full || wishes.listAll === true) return null
  const age = now() - last.at
  // A clock that was set back says nothing about how long ago that was.
  if (age < 0 || age >= quick.fullEveryMs || last.rules !== quick.rules) return null
  if (last.overranAt !== null && now() - last.overranAt < pauseMs) return null
  const { looks, requests } = planOf(deps, quick, cursors, last)
  if (requests >= last.requests) return null
  const budget = { left: last.requests - 1, hasOverrun: false }
  return {
    pages: async function* (signal) {
      for (const look of looks) yield* walk(quick.bucket, look, budget, signal)
    },
    get hasOverrun() {
      return budget.hasOverrun
    },
  }
}

function planOf(
  { source, now }: SourceDeps,
  { bucket, days }: QuickSource,
  cursors: ReadonlyMap<string, KnownObject>,
  { foreign }: FullPass,
): QuickPlan {
  const there = [...cursors.values()].filter(({ gone }) => !gone)
  // The bucket's clock may be behind ours.
  const newest = there.reduce((latest, { modifiedAt }) => Math.max(latest, modifiedAt), 0)
  const since = Math.min(now(), newest) - days * dayMs
  const known = there.map((cursor) => ({
    key: cursor.key,
    isWarm: cursor.modifiedAt >= since || !isRead(cursor),
  }))
  const datedSince = Math.max(0, since - dayMs)
  return planQuickPass(known, { prefixes: source.prefixes, keysPerPage: bucket.keysPerPage, datedSince, foreign })
}

/** Nothing is left to be done about the object as it was last seen. */
function isRead({ complete, failed, isStaged, agent, agentVersion }: KnownObject): boolean {
  return complete && !failed && !isStaged && agentVersion === agentFormat(agent)?.version
}

interface Budget {
  left: number
  hasOverrun: boolean
}

async function* walk(
  bucket: PartBucket,
  look: FolderLook,
  budget: Budget,
  signal: AbortSignal,
): AsyncGenerator<readonly ObjectInfo[]> {
  if (look.kind === 'skip') return
  const folders: FolderLook[] = look.kind === 'through' ? [...look.folders] : []
  if (look.kind !== 'through') {
    const after = look.kind === 'after' ? look.after : null
    const pages = bucket.listPart(
      { prefix: look.prefix, depth: look.kind === 'level' ? 'level' : 'all', after },
      signal,
    )
    // Known folders are looked at whatever the listing says: some servers leave out those that hold only folders.
    if (look.kind === 'level') folders.push(...look.folders.values())
    if (look.kind === 'after') folders.push(...look.older)
    for await (const page of within(budget, pages)) {
      if (page.objects.length > 0) yield page.objects
      if (look.kind !== 'level') continue
      const fresh = page.folders.filter((prefix) => !look.folders.has(prefix))
      folders.push(...fresh.map((prefix): FolderLook => ({ kind: 'all', prefix })))
    }
  }
  for (const folder of folders) yield* walk(bucket, folder, budget, signal)
}

/** Pages as long as the budget of requests lasts: each costs one. */
async function* within(budget: Budget, pages: AsyncIterable<PartPage>): AsyncGenerator<PartPage> {
  if (budget.left === 0) budget.hasOverrun = true
  if (budget.hasOverrun) return
  for await (const page of pages) {
    budget.left -= 1
    yield page
    if (!page.hasMore) return
    if (budget.left === 0) {
      budget.hasOverrun = true
      return
    }
  }
}
