import { join } from 'node:path'

import type { ArchiveTruth } from '../corpus/big-archive.ts'
import { rareWord } from '../corpus/big-archive.ts'
import type { Visit } from '../lab/browser.ts'
import { openBrowser, scrollThrough, serveOurs, visit } from '../lab/browser.ts'
import { runScript } from '../lab/corpus.ts'
import type { Lab } from '../lab/lab.ts'
import { measureNode } from '../lab/measure.ts'
import { dropArchive, freshArchive } from '../lab/ours.ts'
import { median } from '../lab/pairs.ts'
import type { Finding } from '../lab/report.ts'
import { atMost, bytes, count, seconds } from '../lab/report.ts'
import { root, say } from '../lab/tools.ts'
import type { BenchCase } from './case.ts'

/** Pages whose time is only told: until the last of what they show is there. */
const pages = ['/analytics', '/search?q=the', `/search?q=${rareWord}`, '/machines', '/remotes']
/** One turn of the wheel: two screens, so that every row is new in the next frame. */
const wheelPixels = 1600
const ms = (value: number): string => `${value.toFixed(1)} ms`

/** The web view on an archive of very many messages, in a real browser. */
export const pageCase: BenchCase = {
  name: 'page',
  about: 'the web view on 10,000 sessions of 1,000,000 messages, in Chromium',
  async run(lab) {
    const browser = await openBrowser()
    lab.atEnd(() => browser.close())
    const db = freshArchive(lab)
    const truth = await makeArchive(lab, db)
    const serving = await serveOurs(lab, db)
    lab.atEnd(() => serving.stop())
    const open = async (path: string): Promise<Visit> => await visit(browser, new URL(path, serving.url).href)
    const findings = [
      ...(await list(lab, open)),
      ...(await transcript(lab, open, truth)),
      ...(await others(lab, open)),
      await startScripts(),
    ]
    await browser.close()
    await serving.stop()
    dropArchive(db)
    return { findings, lines: [] }
  },
}

type Open = (path: string) => Promise<Visit>

async function makeArchive({ scale }: Lab, db: string): Promise<ArchiveTruth> {
  say('  making the archive …')
  const sizes = ['--messages', String(scale.messages), '--long', String(scale.messages / 50)]
  const { stdout } = await runScript('make-archive.ts', ['--db', db, ...sizes])
  return JSON.parse(stdout) as ArchiveTruth
}

/** Opens a page anew for each run and gives the median of what is read from it. */
async function medians<Name extends string>(
  runs: number,
  open: Open,
  path: string,
  read: (visit: Visit) => Promise<Readonly<Record<Name, number>>>,
): Promise<(name: Name) => number> {
  const all: Readonly<Record<Name, number>>[] = []
  for (let run = 0; run < runs; run += 1) {
    const one = await open(path)
    all.push(await read(one))
    await one.close()
  }
  return (name) => median(all.map((one) => one[name]))
}

async function list({ runs }: Lab, open: Open): Promise<readonly Finding[]> {
  const of = await medians(runs * 3, open, '/sessions', async (page) => ({
    content: await page.firstContent(),
    list: await page.when('list'),
  }))
  return [
    atMost('10,000 sessions: first content', of('content'), 1000, seconds),
    atMost('10,000 sessions: list to work with', of('list'), 1500, seconds),
  ]
}

async function transcript({ runs }: Lab, open: Open, { long }: ArchiveTruth): Promise<readonly Finding[]> {
  if (long === null) throw new Error('the archive was made without a long session')
  const path = `/s/${encodeURIComponent(long.id)}`
  const read = async (page: Visit) => ({ message: await page.when('message') })
  const start = await medians(runs * 3, open, path, read)
  const end = await medians(runs * 3, open, `${path}?m=${long.messages - 1}`, read)
  say('  scrolling …')
  // Once: that is some thousand frames, which take minutes.
  const through = await medians(1, open, path, async (page) => {
    await page.when('message')
    const { deltas, blank, most } = await scrollThrough(page, '.messages', wheelPixels)
    const sorted = deltas.toSorted((one, other) => one - other)
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0
    return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most, blank: blank / deltas.length, frames: deltas.length }
  })
  const session = `session of ${count(long.messages)} messages`
  return [
    atMost(`${session}: opens`, start('message'), 1000, seconds),
    atMost(`${session}: opens at its last message`, end('message'), 1000, seconds),
    atMost(`${session}: 95 % of ${count(through('frames'))} frames while scrolling it through`, through('p95'), 50, ms),
    told(`${session}: median frame, 99 %`, `${ms(through('p50'))}, ${ms(through('p99'))}`),
    told(`${session}: most rows in the document`, count(through('most'))),
    told(`${session}: frames with a message still to come`, `${(through('blank') * 100).toFixed(1)} %`),
  ]
}

async function others({ runs }: Lab, open: Open): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const path of pages) {
    const of = await medians(runs, open, path, async (page) => ({
      content: await page.firstContent(),
      whole: await page.when('whole'),
    }))
    findings.push(told(`${path}: first content, all of it`, `${seconds(of('content'))}, ${seconds(of('whole'))}`))
  }
  return findings
}

function told(what: string, measured: string): Finding {
  return { what, target: '–', measured, isMet: null }
}

async function startScripts(): Promise<Finding> {
  const { stdout } = await measureNode([join(root, 'scripts/page-size.mjs')])
  return atMost('JavaScript to begin with (gzip)', Number(stdout), 300_000, bytes)
}
