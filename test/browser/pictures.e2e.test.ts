import { afterAll, beforeAll, expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { claudeLog } from './claude-log.ts'
import { describeBrowser, openPage } from './world.ts'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const gif = 'R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs='
const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" onload="window.owned=1"/>').toString('base64')
const image = (data: string, media_type = 'image/png') => ({
  type: 'image',
  source: { type: 'base64', media_type, data },
})

const id = '30000000-0000-4000-8000-000000000001'
const key = `prod/laptop/raw/claude/projects/-home-ann-shots/${id}.jsonl`
const log = claudeLog({
  id,
  cwd: '/home/ann/shots',
  start: Date.UTC(2026, 6, 2),
  turns: [
    {
      prompt: [{ type: 'text', text: 'What is wrong here?' }, image(png), image(svg)],
      steps: [
        { tool: { name: 'Read', input: { file_path: 'a.gif' }, result: [image(gif, 'image/gif')] } },
        {
          tool: {
            name: 'mcp__browser__screenshot',
            input: { url: 'http://localhost' },
            result: [{ type: 'text', text: 'Took a picture.' }, image(png)],
          },
        },
        { text: 'The colour.' },
      ],
    },
    { prompt: 'I typed [image] and\n[image]', steps: [{ text: 'So you did.' }] },
  ],
})

describeBrowser('pictures of a transcript', { objects: { [key]: log } }, (world) => {
  beforeAll(async () => {
    // What follows the sync must not matter to what was read before it.
    await world().bucket.put(key, `${log}${JSON.stringify({ type: 'user', message: { content: 'later' } })}\n`)
  })

  it('are fetched from the log, of which only points may be shown', async () => {
    const { page, faults } = await openPage(world(), `/s/${id}`)
    const first = page.getByRole('button', { name: 'Enlarge: Picture 1 of message 0' })
    await first.locator('img').evaluate(decoded)
    await page.getByText('[image] · this picture is none that is shown here').waitFor()
    expect(await page.locator('.prose').first().innerText()).toBe('What is wrong here?')
    expect(await page.evaluate(() => Object.hasOwn(window, 'owned'))).toBe(false)
    expect(await violationsOf(page)).toEqual([])
    await first.press('Enter')
    await page.getByRole('dialog').getByRole('img', { name: 'Picture 1 of message 0' }).evaluate(decoded)
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect(await first.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('of results are fetched when the tool is opened, also where the text does not tell of them', async () => {
    const { page, faults } = await openPage(world(), `/s/${id}`)
    const asked: string[] = []
    page.on('request', (request) => request.url().includes('/images/') && asked.push(request.url()))
    const read = page.locator('details.tool', { hasText: 'Read' })
    await read.getByText('1 picture').waitFor()
    expect(asked.filter((url) => url.includes('call='))).toEqual([])
    await read.locator('summary').click()
    await read.getByRole('img', { name: 'Picture 1 of a result in message 1' }).evaluate(decoded)
    const shot = page.locator('details.tool', { hasText: 'mcp__browser__screenshot' })
    await shot.locator('summary').click()
    await shot.getByRole('img', { name: 'Picture 1 of a result' }).evaluate(decoded)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('give way to the word where somebody only typed it', async () => {
    const { page } = await openPage(world(), `/s/${id}?m=4`)
    await page.getByText('[image] · this picture does not exist').waitFor()
    await page.locator('.prose', { hasText: 'I typed [image] and' }).waitFor()
    await page.context().close()
  })

  it('speak Chinese, in the dark and on a phone', async () => {
    const { page } = await openPage(world(), `/s/${id}`, {
      locale: 'zh-CN',
      colorScheme: 'dark',
      viewport: { width: 390, height: 844 },
    })
    await page.getByRole('button', { name: '放大：消息 0 的第 1 张图片' }).locator('img').evaluate(decoded)
    const box = await page.locator('.picture').first().boundingBox()
    expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390)
    expect(await violationsOf(page)).toEqual([])
    await page.context().close()
  })

  it('and raw lines are those of the archive though the object has grown', async () => {
    const { page } = await openPage(world(), `/s/${id}`)
    await page.getByRole('button', { name: 'Raw line' }).last().click()
    await page.getByText('The object has grown since the last sync; these bytes are the same.').waitFor()
    await page.context().close()
  })

  it('say in place what happened to the object, and come when it is back', async () => {
    await world().bucket.put(key, `{}\n${log}`)
    // A new server has nothing at hand of what it read before.
    await world().stopServer()
    await world().restart()
    const { page } = await openPage(world(), `/s/${id}`)
    await page.getByText('The picture cannot be shown').first().waitFor()
    await page.getByText('was written anew').first().waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Raw line' }).last().click()
    await page.getByRole('dialog').getByText('was written anew').waitFor()
    await page.keyboard.press('Escape')
    await world().bucket.put(key, log)
    await page.locator('.picture-none').getByRole('button', { name: 'Try again' }).first().click()
    await page.getByRole('img', { name: 'Picture 1 of message 0' }).evaluate(decoded)
    await page.context().close()
  })

  afterAll(async () => {
    await world().bucket.put(key, log)
  })
})

/** Waits until a picture is there. Runs in the page. */
async function decoded(element: Element): Promise<void> {
  if (!(element instanceof HTMLImageElement)) throw new Error('no picture')
  await element.decode()
  if (element.naturalWidth === 0) throw new Error('an empty picture')
}
