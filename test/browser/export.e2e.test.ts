import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Download, Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { claudeLog } from './claude-log.ts'
import { hostileId, hostilePlan } from './hostile.ts'
import { describeBrowser, openPage } from './world.ts'

const key = `prod/laptop/raw/claude/projects/-home-ann-hostile/${hostileId}.jsonl`
const log = claudeLog(hostilePlan)

describeBrowser('saving sessions', { objects: { [key]: log } }, (world) => {
  const saved = async (page: Page, name: string): Promise<{ readonly name: string; readonly text: string }> => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
    return { name: download.suggestedFilename(), text: await textOf(download) }
  }

  it('is offered for the one shown, by its key, in every form', async () => {
    const { page, faults } = await openPage(world(), `/s/${hostileId}`)
    await page.waitForSelector('article')
    for (const [name, ending] of [
      ['Save as Markdown', 'md'],
      ['Save as HTML', 'html'],
      ['Save as JSON', 'json'],
      ['Save the log itself', 'jsonl'],
    ] as const) {
      await page.keyboard.press('e')
      await page.getByRole('button', { name }).waitFor()
      const file = await saved(page, name)
      expect(file.name).toBe(`laptop~${hostileId}.${ending}`)
      if (ending === 'jsonl') expect(file.text).toBe(log)
      if (ending === 'json') expect(JSON.parse(file.text)).toMatchObject({ kind: 'sessionExport' })
    }
    await page.keyboard.press('e')
    await page.waitForFunction(() => document.activeElement?.textContent === 'Save as Markdown')
    expect(await violationsOf(page)).toEqual([])
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('gives a page that does nothing, opened from the disk', async () => {
    const { page } = await openPage(world(), `/s/${hostileId}`)
    await page.waitForSelector('article')
    await page.keyboard.press('e')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Save as HTML' }).click(),
    ])
    const folder = await mkdtemp(join(tmpdir(), 'agentsview-export-'))
    const path = join(folder, 'session.html')
    await download.saveAs(path)
    const shown = await page.context().newPage()
    const requests: string[] = []
    shown.on('request', (request) => requests.push(request.url()))
    await shown.goto(pathToFileURL(path).href)
    await shown.locator('article').first().waitFor()
    for (const part of await shown.locator('details > summary').all()) await part.click()
    expect(await shown.evaluate(() => Object.hasOwn(window, 'owned'))).toBe(false)
    expect(requests.filter((url) => !url.startsWith('about:') && url !== pathToFileURL(path).href)).toEqual([])
    expect(await shown.locator('script, iframe, img, svg, object, embed, form, [onerror], [onclick]').count()).toBe(0)
    expect(await violationsOf(shown)).toEqual([])
    await page.context().close()
    await rm(folder, { recursive: true })
  })

  it('is offered for several chosen from the list, by keys alone', async () => {
    const { page, faults } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    await page.keyboard.press('e')
    await page.getByText('0 chosen').waitFor()
    expect(await page.getByRole('button', { name: 'Save as Markdown' }).isDisabled()).toBe(true)
    await page.keyboard.press('j')
    await page.locator('a.session-row:focus').waitFor()
    await page.keyboard.press('Space')
    await page.getByText('1 chosen').waitFor()
    await page.keyboard.press('j')
    await page.locator('a.session-row:focus[aria-checked="false"]').waitFor()
    await page.keyboard.press('Enter')
    await page.getByText('2 chosen').waitFor()
    expect(await violationsOf(page)).toEqual([])
    const file = await saved(page, 'Save as JSON')
    expect(file.name).toBe('2-sessions.json')
    expect((JSON.parse(file.text) as { sessions: readonly object[] }).sessions).toHaveLength(2)
    await page.locator('a.session-row[aria-checked="true"]').first().click()
    await page.getByText('1 chosen').waitFor()
    expect(new URL(page.url()).pathname).toBe('/sessions')
    await page.keyboard.press('e')
    await page.locator('a.session-row').first().click()
    await page.waitForURL(/\/s\//)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('chooses in groups, in Chinese, in the dark and on a phone too', async () => {
    const { page } = await openPage(world(), '/sessions?group=machine', {
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    })
    await page.getByRole('button', { name: '选择', exact: true }).click()
    await page.locator('.group a.session-row').first().click()
    await page.getByText('已选 1 个').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await page.evaluate(() => document.querySelector('main')?.scrollWidth)).toBeLessThanOrEqual(390)
    await page.context().close()
  })

  it('says why a log cannot be had', async () => {
    const { page } = await openPage(world(), `/s/${hostileId}`)
    await world().bucket.remove(key)
    await page.waitForSelector('article')
    await page.keyboard.press('e')
    await page.getByRole('button', { name: 'Save the log itself' }).click()
    await page.getByText('is not there any more').waitFor()
    await world().bucket.put(key, log)
    await page.context().close()
  })
})

async function textOf(download: Download): Promise<string> {
  return await readFile(await download.path(), 'utf8')
}
