import { expect, it } from 'vitest'
import { describeBrowser, openPage } from './world.ts'

describeBrowser('keys', {}, (world) => {
  it('open the pages by number, the palette and the list of keys', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    for (const [key, path] of [
      ['3', '/analytics'],
      ['4', '/remotes'],
      ['5', '/machines'],
      ['6', '/settings'],
      ['1', '/sessions'],
    ] as const) {
      await page.keyboard.press(key)
      await page.waitForURL((url) => url.pathname === path)
    }
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    await page.keyboard.press('Escape')
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Go to anything' }).fill('machines')
    await page
      .getByRole('option', { name: /Machines/ })
      .first()
      .waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/machines')
    await page.context().close()
  })

  it('open the next window at once where the last has only just been closed', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    await page.keyboard.press('?')
    await page.getByRole('dialog', { name: 'Keys' }).waitFor()
    // Both within one task of the page, so that the browser's word of the first one's end comes after the second is asked for.
    await page.evaluate(() => {
      document.querySelector<HTMLDialogElement>('dialog[open]')?.close()
      window.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }))
    })
    await page.getByRole('combobox', { name: 'Go to anything' }).fill('machines')
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)))
    expect(await page.getByRole('combobox', { name: 'Go to anything' }).inputValue()).toBe('machines')
    await page.context().close()
  })

  it('do nothing while text is typed, and nothing when they are switched off', async () => {
    const { page } = await openPage(world(), '/search')
    await page.getByRole('searchbox').first().fill('')
    await page.keyboard.type('123?ktr')
    expect(new URL(page.url()).pathname).toBe('/search')
    expect(await page.getByRole('searchbox').first().inputValue()).toBe('123?ktr')
    await page.goto(new URL('/settings', world().url).href)
    await page.getByLabel('Single keys do something').uncheck()
    await page.keyboard.press('Escape')
    await page.locator('h1').click()
    await page.keyboard.press('1')
    await page.keyboard.press('?')
    expect(new URL(page.url()).pathname).toBe('/settings')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.context().close()
  })

  it('walk through sessions and messages, and back to the list', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    await page.keyboard.press('j')
    await page.waitForFunction(() => document.activeElement?.matches('a.session-row'))
    const first = await page.evaluate(() => document.activeElement?.getAttribute('data-session'))
    await page.keyboard.press('j')
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-session') !== id, first)
    await page.keyboard.press('k')
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-session') === id, first)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/s\//)
    await page.waitForSelector('article')
    await page.keyboard.press('j')
    await page.waitForSelector('article.is-target')
    await page.keyboard.press('b')
    await page.waitForFunction(() => document.querySelector('.outline') === null)
    await page.goBack()
    await page.waitForURL((url) => url.pathname === '/sessions')
    await page.context().close()
  })

  it('open tools, thinking and layouts', async () => {
    const { page } = await openPage(world(), '/s/5b0c1f62')
    await page.waitForSelector('details.tool')
    await page.keyboard.press('x')
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLDetailsElement>('details.tool')].every((one) => one.open),
    )
    await page.keyboard.press('x')
    await page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLDetailsElement>('details.tool')].every((one) => !one.open),
    )
    await page.keyboard.press('t')
    await page.waitForSelector('details.look-thinking[open]')
    await page.keyboard.press('l')
    await page.waitForFunction(() => document.querySelector('details.tool') === null)
    await page.keyboard.press('s')
    await page.getByRole('button', { name: 'Star', pressed: true }).waitFor()
    await page.context().close()
  })

  it('let the keyboard alone reach the content first', async () => {
    const { page } = await openPage(world(), '/sessions')
    await page.waitForSelector('a.session-row')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    await page.context().close()
  })
})
