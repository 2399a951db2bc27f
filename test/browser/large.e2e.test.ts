import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'

import type { ArchiveTruth } from '../../bench/corpus/big-archive.ts'
import { marker, rareWord } from '../../bench/corpus/big-archive.ts'
import { openArchive } from '../../src/store/index.ts'
import { violationsOf } from './axe.ts'
import { describeBrowser, openPage } from './world.ts'
import type { World } from './world.ts'

// Texts are short, so that the archive is soon made; the counts are what a page has to bear.
const archive = { seed: 'pages', messages: 1_000_000, sessions: 10_000, longMessages: 20_000, textCharacters: 20 }
/** Rows that may stand in the document, whatever the length of the list. */
const mostRows = 80

describeBrowser('ten thousand sessions with a million messages', { archive, isEmpty: true }, (world) => {
  const truth = (): ArchiveTruth => {
    const { truth: known } = world()
    if (known === null) throw new Error('the world has no made-up archive')
    return known
  }

  describe('every page', () => {
    const dollars = (nano: number): string => `$${Math.round(nano / 1e9).toLocaleString('en-US')}`
    const pages: readonly (readonly [string, (known: ArchiveTruth) => string])[] = [
      ['/sessions', () => '10,000 sessions'],
      ['/analytics', ({ totals }) => `Every chart adds up to ${dollars(totals.costNanoUsd)}.`],
      [`/search?q=${rareWord}`, ({ rareMessages }) => `${rareMessages} hits`],
      ['/machines', () => '8 machines'],
      ['/remotes', () => '4 remotes'],
      ['/settings', () => 'Settings'],
    ]

    it.each(pages)('%s opens whole, with its totals, no fault and no accessibility violation', async (path, total) => {
      const { page, faults } = await openPage(world(), path)
      await whole(page)
      await page.locator('main').getByText(total(truth())).first().waitFor()
      expect(await page.locator('.failure').count()).toBe(0)
      expect(await violationsOf(page)).toEqual([])
      expect(faults).toEqual([])
      await page.context().close()
    })

    it('of machines tells how many sessions each has', async () => {
      const { page } = await openPage(world(), '/machines')
      await whole(page)
      for (const [machine, count] of Object.entries(truth().sessionsByMachine)) {
        const row = page.locator('.machine-table tbody tr').filter({ hasText: machine })
        expect(await row.locator('th, td').nth(3).innerText()).toBe(count.toLocaleString('en-US'))
      }
      await page.context().close()
    })

    it('stands on an API that sums up to the token and the nano-dollar', async () => {
      const { totals, totalsByMachine } = truth()
      const { page } = await openPage(world(), '/settings')
      const answer = await page.evaluate(async () => {
        const got = await fetch('/api/v1/usage/monthly?by=machine')
        return (await got.json()) as { readonly totals: { readonly groups: readonly { readonly machine: string }[] } }
      })
      expect(answer.totals).toMatchObject(sumsOf(totals))
      const machines = Object.entries(totalsByMachine).map(([machine, sums]) => ({ machine, ...sumsOf(sums) }))
      const byName = (one: { machine: string }, other: { machine: string }): number =>
        one.machine < other.machine ? -1 : 1
      expect(answer.totals.groups.toSorted(byName)).toMatchObject(machines.toSorted(byName))
      await page.context().close()
    })
  })

  describe('the list', () => {
    it('scrolls to its end and back, page by page, with only the rows in view in the document', async () => {
      const { newest, oldest } = truth()
      const { page } = await openPage(world(), '/sessions')
      await page.waitForSelector(sessionRow(newest))
      let most = 0
      while ((await page.locator(sessionRow(oldest)).count()) === 0) {
        const height = await page.locator('.sessions-body .scroll').evaluate((element) => {
          element.scrollTo(0, element.scrollHeight)
          return element.scrollHeight
        })
        most = Math.max(most, await page.locator('.virtual-row').count())
        await page.waitForFunction(
          ([before, last]) =>
            document.querySelector(last) !== null ||
            (document.querySelector('.sessions-body .scroll')?.scrollHeight ?? 0) > before,
          [height, sessionRow(oldest)] as const,
        )
      }
      expect(most).toBeLessThan(mostRows)
      await page.locator('.sessions-body .scroll').evaluate((element) => element.scrollTo(0, 0))
      await page.waitForSelector(sessionRow(newest))
      expect(await page.locator('.virtual-row').count()).toBeLessThan(mostRows)
      await page.context().close()
    })

    it('narrows to a machine, and tells how many it has', async () => {
      const [machine = '', count = 0] = Object.entries(truth().sessionsByMachine)[0] ?? []
      const { page } = await openPage(world(), '/sessions')
      await page.locator('.rail').getByLabel(machine).check()
      await page.waitForURL((url) => url.searchParams.get('machine') === machine)
      await page.getByText(`${count.toLocaleString('en-US')} sessions`, { exact: true }).waitFor()
      const shown = await page.locator('a.session-row .cell-machine').allInnerTexts()
      expect(new Set(shown.map((text) => text.trim()))).toEqual(new Set([machine]))
      await page.context().close()
    })
  })

  describe('search', () => {
    it('opens the one hit in a million at its message', async () => {
      const { id, markedAt } = longOf(truth())
      const { page } = await openPage(world(), `/search?q=${marker}`)
      await page.locator('.hit').first().click()
      await page.waitForURL((url) => url.searchParams.get('m') === String(markedAt))
      expect(decodeURIComponent(new URL(page.url()).pathname)).toBe(`/s/${id}`)
      const message = page.locator(`article.is-target[data-ordinal="${markedAt}"]`)
      await message.getByText(marker).waitFor()
      await inView(page, markedAt)
      await page.context().close()
    })
  })

  describe('a session of twenty thousand messages', () => {
    it('opens at its start, scrolls to its end and back, with few messages in the document', async () => {
      const { id, messages } = longOf(truth())
      const { page, faults } = await openPage(world(), pathOf(id))
      await page.waitForSelector('[data-ordinal="0"]')
      expect(await violationsOf(page)).toEqual([])
      let most = 0
      for (let part = 1; part <= 10; part += 1) {
        await page.locator('.messages').evaluate((element, share) => {
          element.scrollTo(0, element.scrollHeight * share)
        }, part / 10)
        await page.waitForFunction(() => document.querySelector('.message-bone') === null)
        most = Math.max(most, await page.locator('.message-row').count())
      }
      await endOf(page)
      await inView(page, messages - 1)
      await page.locator('.messages').evaluate((element) => element.scrollTo(0, 0))
      await page.waitForSelector('[data-ordinal="0"]')
      expect(most).toBeLessThan(mostRows)
      expect(await page.locator('.outline .virtual-row').count()).toBeLessThan(mostRows)
      expect(faults).toEqual([])
      await page.context().close()
    })

    it('opens at its last message by a link', async () => {
      const { id, messages } = longOf(truth())
      const { page } = await openPage(world(), `${pathOf(id)}?m=${messages - 1}`)
      await page.waitForSelector(`article.is-target[data-ordinal="${messages - 1}"]`)
      await inView(page, messages - 1)
      expect(await violationsOf(page)).toEqual([])
      await page.context().close()
    })

    it('goes to the last prompt by key and by the outline', async () => {
      const { id, messages, prompts } = longOf(truth())
      const last = prompts.at(-1) ?? 0
      const { page } = await openPage(world(), `${pathOf(id)}?m=${messages - 1}`)
      await page.waitForSelector(`[data-ordinal="${messages - 1}"]`)
      await page.waitForSelector('.outline-entry')
      await page.keyboard.press('K')
      await page.waitForSelector(`article.is-target[data-ordinal="${last}"]`)
      await inView(page, last)
      await page.locator('.messages').evaluate((element) => element.scrollTo(0, 0))
      await page.waitForSelector('[data-ordinal="0"]')
      await page.locator('.outline-scroll').evaluate((element) => element.scrollTo(0, element.scrollHeight))
      await page.locator(`.outline-entry[href$="m=${last}"]`).click()
      await page.waitForSelector(`article.is-target[data-ordinal="${last}"]`)
      await inView(page, last)
      await page.context().close()
    })

    it('finds the one message with a word', async () => {
      const { id, markedAt } = longOf(truth())
      const { page } = await openPage(world(), pathOf(id))
      await page.waitForSelector('[data-ordinal="0"]')
      await page.keyboard.press('/')
      await page.keyboard.type(marker)
      await page.getByText('1 of 1').waitFor()
      await page.waitForSelector(`[data-ordinal="${markedAt}"]`)
      await inView(page, markedAt)
      await page.context().close()
    })

    it('follows what is written to its end', async () => {
      const { id, messages } = longOf(truth())
      const { page } = await openPage(world(), pathOf(id))
      await page.waitForSelector('[data-ordinal="0"]')
      await page.keyboard.press('f')
      await inView(page, messages - 1)
      // The first look at the archive is over when its stream is open and its news told.
      await page.locator('.connection.is-open').waitFor()
      await grow(world(), id, 'and one more')
      await page.locator(`[data-ordinal="${messages}"]`).getByText('and one more').waitFor()
      await inView(page, messages)
      await page.context().close()
    })
  })
})

/** Waits until nothing of a page is on its way. */
async function whole(page: Page): Promise<void> {
  await page.waitForSelector('h1')
  await page.waitForFunction(() => document.querySelector('.skeleton, [aria-busy="true"]') === null)
}

/** Waits until a message stands within what is scrolled. */
async function inView(page: Page, ordinal: number): Promise<void> {
  await page.waitForFunction((wanted) => {
    const message = document.querySelector(`[data-ordinal="${wanted}"]`)?.getBoundingClientRect()
    const frame = document.querySelector('.messages')?.getBoundingClientRect()
    return message !== undefined && frame !== undefined && message.top < frame.bottom && message.bottom > frame.top
  }, ordinal)
}

/** Scrolls to the end; rows that are measured on the way make it longer. */
async function endOf(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const list = document.querySelector('.messages')
    if (list === null) return false
    const left = list.scrollHeight - list.scrollTop - list.clientHeight
    list.scrollTo(0, list.scrollHeight)
    return left < 2 && document.querySelector('.message-bone') === null
  })
}

function longOf({ long }: ArchiveTruth): NonNullable<ArchiveTruth['long']> {
  if (long === null) throw new Error('the archive has no long session')
  return long
}

const pathOf = (id: string): string => `/s/${encodeURIComponent(id)}`
const sessionRow = (id: string): string => `a.session-row[data-session="${id}"]`

function sumsOf(sums: ArchiveTruth['totals']): Readonly<Record<string, number>> {
  return {
    inputTokens: sums.input,
    outputTokens: sums.output,
    cacheReadTokens: sums.cacheRead,
    cacheCreationTokens: sums.cacheWrite,
    totalCostNanoUSD: sums.costNanoUsd,
  }
}

/** Adds a message to a session's end, as a sync of another program does. */
async function grow({ archiveUrl }: World, id: string, text: string): Promise<void> {
  const archiveNow = await openArchive({ url: archiveUrl, token: null })
  try {
    const [machine = '', nativeId = ''] = id.split('~')
    await archiveNow.driver.transaction(async (transaction) => {
      const [row] = await transaction.all({
        sql: 'SELECT id, object_id, message_count FROM sessions WHERE machine = ? AND native_id = ?',
        args: [machine, nativeId],
      })
      const [session = 0, object = 0, count = 0] = (row ?? []).map(Number)
      const offset = count * 2000
      await transaction.run([
        {
          table: 'messages',
          columns: 'session_id offset part pos role at hidden is_user_turn is_prompt is_sidechain text thinking'.split(
            ' ',
          ),
          rows: [[session, offset, 0, offset, 'assistant', Date.now(), 0, 0, 0, 0, text, '']],
        },
        { sql: 'UPDATE sessions SET message_count = message_count + 1 WHERE id = ?', args: [session] },
        { sql: 'UPDATE objects SET read_at = ? WHERE id = ?', args: [Date.now(), object] },
      ])
    })
  } finally {
    archiveNow.close()
  }
}
