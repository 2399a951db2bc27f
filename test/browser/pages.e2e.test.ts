import { violationsOf } from './axe.ts'
import { expect, it } from 'vitest'
import { claudeLog } from './claude-log.ts'
import { describeBrowser, openPage } from './world.ts'

const longId = '10000000-0000-4000-8000-000000020000'
const manyTurns = Array.from({ length: 2500 }, (_, at) => ({
  prompt: `Question number ${at}`,
  steps: [
    { text: `Answer number ${at}: ${'word '.repeat(at % 40)}` },
    { tool: { name: 'Bash', input: { command: `echo ${at}` }, result: `out ${at}\n`.repeat(at % 50) } },
    { text: `Done with ${at}` },
  ],
}))
const long = claudeLog({ id: longId, cwd: '/home/ann/long', start: Date.UTC(2026, 6, 1), pace: 1000, turns: manyTurns })
const wideId = '10000000-0000-4000-8000-000000020001'
const path300 = `/srv/${'deeply-nested-folder/'.repeat(14)}file.ts`
const wide = claudeLog({
  id: wideId,
  cwd: '/home/ann/wide',
  start: Date.UTC(2026, 6, 2),
  pace: 1000,
  turns: [
    {
      prompt: 'Run what is long',
      steps: [
        {
          tool: {
            name: 'Bash',
            input: { command: `cat ${path300} | sort | uniq -c` },
            result: `${path300}\n`.repeat(30),
          },
        },
        { tool: { name: 'Read', input: { file_path: path300 }, result: 'nothing' } },
        {
          tool: {
            name: `mcp__${'long_server_name_'.repeat(4)}_query`,
            input: { q: path300 },
            result: 'x'.repeat(3000),
          },
        },
      ],
    },
  ],
})
const folder = 'prod/laptop/raw/claude/projects'
const wideKey = `${folder}/-home-ann-wide/${wideId}.jsonl`
const key = `${folder}/-home-ann-long/${longId}.jsonl`

describeBrowser('the pages', { objects: { [key]: long, [wideKey]: wide } }, (world) => {
  const paths = [
    '/sessions',
    '/s/5b0c1f62',
    '/search?q=test',
    '/analytics',
    '/remotes',
    '/machines',
    '/settings',
    '/compare?by=machine&a=laptop&b=gpu-3',
  ]

  it.each(paths)('%s shows its content, loads nothing from elsewhere, and has no fault', async (path) => {
    const { page, faults } = await openPage(world(), path)
    await page.waitForSelector('h1')
    await page.waitForFunction(() => document.querySelector('.skeleton') === null)
    expect(await page.locator('.failure').count()).toBe(0)
    expect(faults).toEqual([])
    await page.context().close()
  })

  it.each(paths.flatMap((path) => [['light', path] as const, ['dark', path] as const]))(
    'in %s, %s has no accessibility violation',
    async (colorScheme, path) => {
      const { page } = await openPage(world(), path, { colorScheme })
      await page.waitForSelector('h1')
      await page.waitForFunction(() => document.querySelector('.skeleton') === null)
      expect(await violationsOf(page)).toEqual([])
      await page.context().close()
    },
  )

  it.each(paths)('on a phone, %s is one column without sideways scrolling', async (path) => {
    const { page } = await openPage(world(), path, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await page.waitForSelector('h1')
    await page.waitForFunction(() => document.querySelector('.skeleton') === null)
    expect(await page.evaluate(elementsSticking)).toEqual([])
    expect(await page.locator('.nav-foot').isVisible()).toBe(true)
    expect(await violationsOf(page)).toEqual([])
    await page.context().close()
  })

  it('on a phone, keep long tool calls within the page, with their tags in sight', async () => {
    const { page } = await openPage(world(), `/s/${wideId}`, {
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await page.waitForFunction(() => document.querySelectorAll('details.tool').length >= 3)
    expect(await page.evaluate(messagesSticking)).toEqual([])
    for (const outcome of await page.locator('.tool-outcome').all()) {
      const box = await outcome.boundingBox()
      expect((box?.x ?? 0) + (box?.width ?? 999)).toBeLessThanOrEqual(390)
    }
    for (const summary of await page.locator('details.tool > summary').all()) await summary.click()
    await page.waitForFunction(() => document.querySelectorAll('.tool-body').length >= 3)
    expect(await page.evaluate(messagesSticking)).toEqual([])
    await page.context().close()
  })

  it('mark the sessions in the navigation at the root', async () => {
    const { page } = await openPage(world(), '/')
    const marked = page.locator('.nav-head [aria-current="page"]')
    await marked.waitFor()
    expect(await marked.innerText()).toBe('Sessions')
    await page.context().close()
  })

  it('keep filters in the address, so that links and the history work', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.locator('.rail').getByLabel('gpu-3').check()
    await page.waitForURL(/machine=gpu-3/)
    await page.waitForFunction(() => document.querySelectorAll('a.session-row').length > 0)
    const shown = await page.locator('a.session-row .cell-machine').allInnerTexts()
    expect(new Set(shown.map((text) => text.trim()))).toEqual(new Set(['gpu-3']))
    await page.goBack()
    await page.waitForURL((url) => !url.search.includes('machine'))
    await page.waitForFunction(() => document.body.innerText.includes('ci-runner'))
    await page.goForward()
    await page.reload()
    await page.getByRole('button', { name: 'Remove the filter Machine: gpu-3' }).click()
    await page.waitForURL((url) => !url.search.includes('machine'))
    await page.context().close()
  })

  it('narrow sessions to a range of cost, by keys alone', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    const costs = async (): Promise<readonly number[]> =>
      (await page.locator('a.session-row .cell-cost').allInnerTexts()).map((text) => Number(text.replace(/[$,]/g, '')))
    const before = (await costs()).length
    await page.getByRole('button', { name: 'Filter by Cost' }).press('Enter')
    await page.getByLabel('At least $').fill('0.01')
    await page.getByLabel('At most $').fill('0.2')
    expect(await violationsOf(page)).toEqual([])
    await page.keyboard.press('Enter')
    await page.waitForURL(/cost_min=0\.01&cost_max=0\.2/)
    const chip = page.getByRole('button', { name: 'Remove the filter Cost: $0.01 to $0.2' })
    await chip.waitFor()
    await page.waitForFunction((rows) => document.querySelectorAll('a.session-row').length < rows, before)
    await page.waitForFunction(() => document.querySelector('.skeleton') === null)
    expect(await costs()).not.toEqual([])
    for (const cost of await costs()) expect(cost).toBeGreaterThanOrEqual(0.01)
    for (const cost of await costs()) expect(cost).toBeLessThanOrEqual(0.2)
    await page.reload()
    await chip.press('Enter')
    await page.waitForURL((url) => !url.search.includes('cost'))
    await page.context().close()
  })

  it('group sessions by machine, project and remote', async () => {
    for (const group of ['machine', 'project', 'remote']) {
      const { page } = await openPage(world(), `/sessions?group=${group}`)
      await page.waitForSelector('.group a.session-row')
      expect(await page.locator('.group').count()).toBeGreaterThan(1)
      await page.context().close()
    }
  })

  it('show 10,000 messages with only those in view in the document, and open at any of them', async () => {
    const { page, faults } = await openPage(world(), `/s/${longId}?m=6003`)
    await page.waitForSelector('[data-ordinal="6003"]')
    const total = await page.evaluate(() => document.querySelectorAll('article').length)
    expect(total).toBeLessThan(60)
    expect(await page.locator('[data-ordinal="6003"]').isVisible()).toBe(true)
    await page.locator('.messages').evaluate((element) => element.scrollTo(0, element.scrollHeight))
    await page.waitForSelector('[data-ordinal="9999"]')
    expect(faults).toEqual([])
    await page.context().close()
  })

  it('keep the messages in their place when what stands beside them comes later', async () => {
    const { page } = await openPage(world(), '/settings')
    let release: () => void = () => undefined
    const held = new Promise<void>((done) => {
      release = done
    })
    await page.route(/\/(?:outline|usage)(?:\?|$)/, async (route) => {
      await held
      await route.continue()
    })
    await page.goto(new URL(`/s/${longId}`, world().url).href)
    await page.waitForSelector('article')
    await page.waitForSelector('.vitals')
    const before = await page.locator('.messages').boundingBox()
    release()
    await page.waitForSelector('.outline-entry')
    const after = await page.locator('.messages').boundingBox()
    expect([before?.x, before?.width]).toEqual([after?.x, after?.width])
    await page.context().close()
  })

  it('find words within a session and go from hit to hit', async () => {
    const { page } = await openPage(world(), `/s/${longId}`)
    await page.waitForSelector('article')
    await page.keyboard.press('/')
    await page.keyboard.type('Answer number 1777')
    await page.waitForSelector('[data-ordinal="7109"]')
    await page.getByText('1 of 1').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.locator('.find-bar').count()).toBe(0)
    await page.context().close()
  })

  it('show the raw line of a message with its object and byte offset', async () => {
    const { page } = await openPage(world(), '/s/5b0c1f62')
    await page.getByRole('button', { name: 'Raw line' }).nth(1).click()
    await page.getByRole('dialog').getByText('s3://team-agents/prod/laptop/raw/claude').waitFor()
    await page.getByRole('dialog').getByText('sessionId').waitFor()
    await page.keyboard.press('Escape')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.context().close()
  })

  it('narrow to what was clicked in a chart', async () => {
    const { page } = await openPage(world(), '/analytics')
    await page.getByRole('button', { name: 'ci-runner' }).first().click()
    await page.waitForURL(/machine=ci-runner/)
    await page.waitForFunction(() => document.querySelector('.skeleton') === null)
    await page.getByRole('button', { name: 'As a table' }).first().click()
    await page.getByRole('columnheader', { name: 'Period' }).waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save as CSV' }).first().click()
    expect((await download).suggestedFilename()).toBe('agentsview-usage-by-machine.csv')
    await page.context().close()
  })

  it('open a search at its hit', async () => {
    const { page } = await openPage(world(), '/search')
    await page.waitForFunction(() => document.activeElement?.matches('input[type=search]'))
    await page.keyboard.type('Question number 77')
    await page.keyboard.press('Enter')
    await page.waitForSelector('.hit')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/s\/.+m=\d+/)
    await page.waitForSelector('article.is-target')
    await page.context().close()
  })

  it('speak English and Chinese, and keep the choice', async () => {
    const { page } = await openPage(world(), '/settings')
    await page.getByRole('button', { name: '简体中文' }).click()
    await page.getByRole('heading', { name: '设置' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN')
    await page.reload()
    await page.getByRole('heading', { name: '设置' }).waitFor()
    for (const path of paths) {
      await page.goto(new URL(path, world().url).href)
      await page.waitForSelector('h1')
      await page.waitForFunction(() => document.querySelector('.skeleton') === null)
      const nav = await page.locator('.nav-head').innerText()
      expect(nav).not.toMatch(/[A-Za-z]/)
    }
    await page.context().close()
  })

  it('begin in the language of the browser', async () => {
    const { page } = await openPage(world(), '/sessions', { locale: 'zh-CN' })
    await page.getByRole('heading', { name: '会话', exact: true }).waitFor()
    await page.context().close()
  })
})

/** What makes the page scroll sideways: the elements that reach beyond it. Runs in the page. */
function elementsSticking(): readonly string[] {
  const main = document.querySelector('main')
  if (main === null || main.scrollWidth <= main.clientWidth) return []
  const inside = '.table-scroll, .grid-scroll, .filter-bar, .crumbs, .live-strip'
  return [...main.querySelectorAll('*')]
    .filter((one) => one.getBoundingClientRect().right > main.clientWidth + 1 && one.closest(inside) === null)
    .map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}`)
}

/** Elements of the transcript that reach beyond the page and do not stand in what scrolls or cuts. Runs in the page. */
function messagesSticking(): readonly string[] {
  const isHeld = (one: Element): boolean => {
    for (let at = one.parentElement; at !== null && !at.matches('.messages'); at = at.parentElement)
      if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(at).overflowX)) return true
    return false
  }
  return [...document.querySelectorAll('.messages *')]
    .filter((one) => one.getBoundingClientRect().right > 390 && !isHeld(one))
    .map((one) => `${one.tagName}.${one.getAttribute('class') ?? ''}`)
}
