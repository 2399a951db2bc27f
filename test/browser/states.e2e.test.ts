import { expect, it } from 'vitest'
import { claudeLog } from './claude-log.ts'
import { hostileId, hostilePlan } from './hostile.ts'
import { describeBrowser, openPage } from './world.ts'

describeBrowser('an archive with nothing in it', { isEmpty: true }, (world) => {
  it('says what to do next on every page', async () => {
    for (const path of ['/sessions', '/analytics', '/machines']) {
      const { page, faults } = await openPage(world(), path)
      await page.getByText('Nothing in the archive yet').waitFor()
      await page.getByText('agentsview sync').first().waitFor()
      expect(faults).toEqual([])
      await page.context().close()
    }
  })

  it('fills itself when a sync is started from the page', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.getByText('Nothing in the archive yet').waitFor()
    await page.keyboard.press('r')
    await page.waitForSelector('a.session-row')
    await page.context().close()
  })
})

describeBrowser('a remote that cannot be read', { hasBroken: true }, (world) => {
  it('is told on every page, with the way to the remedy', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.getByText('Not everything could be read: broken.').waitFor()
    await page.waitForSelector('a.session-row')
    await page.getByRole('link', { name: 'What to do' }).click()
    await page.getByRole('region', { name: 'broken' }).getByText('failing').waitFor()
    await page.context().close()
  })

  it('can be tested, and tells what failed', async () => {
    const { page } = await openPage(world(), '/remotes')
    await page.getByRole('region', { name: 'broken' }).getByRole('button', { name: 'Test' }).click()
    await page.locator('.checks .minus').first().waitFor()
    await page.getByRole('region', { name: 'prod', exact: true }).getByRole('button', { name: 'Objects' }).click()
    await page
      .getByRole('link', { name: /5b0c1f62.*jsonl/ })
      .first()
      .waitFor()
    await page.getByRole('tab', { name: 'Bad lines (1)' }).click()
    await page.getByRole('button', { name: 'Raw line' }).waitFor()
    await page.context().close()
  })
})

describeBrowser('a server that only reads', { serve: [] }, (world) => {
  it('says so instead of failing', async () => {
    const { page } = await openPage(world(), '/remotes')
    const sync = page.getByRole('button', { name: 'Sync all' })
    await sync.waitFor()
    expect(await sync.isDisabled()).toBe(true)
    await page.keyboard.press('r')
    await page.getByText('This server only reads.').waitFor()
    await page.context().close()
  })

  it('is missed when it stops, and found again when it is back', async () => {
    const { page } = await openPage(world(), '/machines')
    await page.waitForSelector('table')
    await world().stopServer()
    await page.keyboard.press('3')
    await page.getByText('The server does not answer').first().waitFor()
    await world().restart()
    await page.getByRole('button', { name: 'Try again' }).first().click()
    await page.getByText('Sessions charged').waitFor()
    await page.context().close()
  })

  it('says what is wrong with a session or a filter that does not exist', async () => {
    const { page } = await openPage(world(), '/s/no-such-session')
    await page.getByText('there is no session').first().waitFor()
    await page.goto(new URL('/sessions?machine=nowhere', world().url).href)
    await page.getByText('there is no machine').waitFor()
    await page.goto(new URL('/sessions?model=nothing-like-it', world().url).href)
    await page.getByText('No session matches').waitFor()
    await page.goto(new URL('/nowhere', world().url).href)
    await page.getByText('There is no such page').waitFor()
    await page.context().close()
  })
})

const evilKey = `prod/laptop/raw/claude/projects/-evil/${hostileId}.jsonl`

describeBrowser('a session that tries to break out', { objects: { [evilKey]: claudeLog(hostilePlan) } }, (world) => {
  it('runs nothing, loads nothing, and covers nothing, wherever it is shown', async () => {
    const paths = [
      `/s/${hostileId}`,
      '/sessions',
      '/search?q=Number',
      '/analytics',
      `/compare?a=${hostileId}&b=5b0c1f62`,
    ]
    for (const path of paths) {
      const { page, faults } = await openPage(world(), path)
      await page.waitForSelector('h1')
      await page.waitForFunction(() => document.querySelector('.skeleton') === null)
      if (path.startsWith('/s/')) {
        await page.keyboard.press('t')
        await page.keyboard.press('x')
        const frame = page.locator('.messages')
        for (let step = 0; step < 60; step += 1) {
          await frame.evaluate((element) => element.scrollBy(0, element.clientHeight * 0.8))
          await page.waitForTimeout(30)
        }
      }
      expect(await page.evaluate(() => (globalThis as { owned?: unknown }).owned)).toBeUndefined()
      expect(faults).toEqual([])
      const inside = await page.evaluate(() => {
        const bad =
          'script, style, iframe, object, embed, form[action], link, base, meta, img, [onerror], [onload], [style*="fixed"]'
        return [...document.querySelectorAll(`main :is(${bad})`)].map((element) => element.outerHTML.slice(0, 120))
      })
      expect(inside).toEqual([])
      await page.context().close()
    }
  })

  it('has links that are either plain web links or text, and opens them apart', async () => {
    const { page } = await openPage(world(), `/s/${hostileId}`)
    await page.waitForSelector('article .prose')
    const links = await page.evaluate(() =>
      [...document.querySelectorAll<HTMLAnchorElement>('.prose a')].map(({ protocol, rel, target }) => ({
        protocol,
        rel,
        target,
      })),
    )
    for (const link of links) {
      expect(['http:', 'https:', 'mailto:', ':']).toContain(link.protocol)
      if (link.protocol !== ':') expect(link).toMatchObject({ target: '_blank', rel: 'noopener noreferrer nofollow' })
    }
    await page.context().close()
  })

  it('shows direction marks as words', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.getByText('⟨RLO⟩').first().waitFor()
    await page.context().close()
  })
})

const runningId = '20000000-0000-4000-8000-000000000001'
const runningKey = `prod/laptop/raw/claude/projects/-home-ann-live/${runningId}.jsonl`
const turn = (at: number): { prompt: string; steps: { text: string }[] } => ({
  prompt: `Prompt ${at}`,
  steps: [{ text: `Reply ${at}\n\n${'line of text\n\n'.repeat(20)}` }],
})
const begun = Date.now() - 60_000
const running = (turns: number): string =>
  claudeLog({
    id: runningId,
    cwd: '/home/ann/live',
    start: begun,
    pace: 100,
    turns: Array.from({ length: turns }, (_, at) => turn(at)),
  })

describeBrowser('a session that is still being written', { objects: { [runningKey]: running(10) } }, (world) => {
  it('stands in the strip of what runs now', async () => {
    const { page } = await openPage(world(), '/machines')
    await page.getByRole('region', { name: 'Running now' }).waitFor()
    await page.context().close()
  })

  it('counts new messages without moving, and goes to them when asked', async () => {
    const { page } = await openPage(world(), `/s/${runningId}`)
    await page.waitForSelector('[data-ordinal="0"]')
    await world().bucket.put(runningKey, running(14))
    expect(await world().agentsview(['sync', '--remote', 'prod'])).toBe(0)
    const pill = page.getByRole('button', { name: '8 new' })
    await pill.waitFor()
    expect(await page.locator('[data-ordinal="0"]').isVisible()).toBe(true)
    await pill.click()
    await page.waitForSelector('[data-ordinal="27"]')
    await page.context().close()
  })
})
