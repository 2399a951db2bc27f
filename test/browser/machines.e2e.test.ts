import { readFile, writeFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { describeBrowser, openPage } from './world.ts'

describeBrowser('machines', {}, (world) => {
  it('are renamed by keys alone, in the archive and in the config', async () => {
    const { page, faults } = await openPage(world(), '/machines')
    await page.getByRole('button', { name: 'Rename gpu-3' }).press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Rename gpu-3' })
    const name = dialog.getByLabel('New name')
    await name.waitFor()
    expect(await name.evaluate((field) => field === document.activeElement)).toBe(true)
    expect(await dialog.getByRole('button', { name: 'Rename' }).isDisabled()).toBe(true)
    await name.fill('a/b')
    await page.keyboard.press('Enter')
    await dialog.getByText('this is no name for a machine').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await name.fill('gpu box')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'gpu box', exact: true }).waitFor()
    expect(await page.getByRole('dialog').count()).toBe(0)
    expect(await page.getByRole('link', { name: 'gpu-3', exact: true }).count()).toBe(0)
    expect(await readFile(world().configPath, 'utf8')).toContain('rename = { gpu-3 = "gpu box" }')
    expect(faults).toEqual([])
    await page.goto(new URL('/sessions?machine=gpu+box', world().url).href)
    await page.waitForSelector('a.session-row')
    await page.context().close()
  })

  it('stay as they were named when this server syncs', async () => {
    const answer = await fetch(new URL('/api/v1/sync', world().url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect(await answer.json()).toMatchObject({ started: true })
    const last = async () => {
      const runs = await fetch(new URL('/api/v1/sync/runs', world().url))
      return ((await runs.json()) as { runs: readonly { summary: { totals: object } }[] }).runs
    }
    const before = (await last()).length
    await expect
      .poll(async () => (await last()).length, { timeout: 20_000 })
      .toBeGreaterThanOrEqual(Math.max(2, before))
    expect((await last())[0]?.summary.totals).toMatchObject({ objects: { reread: 0, appended: 0 } })
    const { page } = await openPage(world(), '/machines')
    await page.getByRole('link', { name: 'gpu box', exact: true }).waitFor()
    expect(await page.getByRole('link', { name: 'gpu-3', exact: true }).count()).toBe(0)
    await page.context().close()
  })

  it('become one only when that was meant, in Chinese and in the dark too', async () => {
    const { page } = await openPage(world(), '/machines', { locale: 'zh-CN', colorScheme: 'dark' })
    await page.getByRole('button', { name: '重命名 gpu box' }).click()
    await page.getByLabel('新名称').fill('laptop')
    const merge = page.getByRole('button', { name: '合并' })
    expect(await merge.isDisabled()).toBe(true)
    expect(await violationsOf(page)).toEqual([])
    await page.getByLabel(/合为一台/).check()
    await merge.click()
    await page.getByText(/个会话现归于 laptop/).waitFor()
    await page.waitForFunction(() => !document.body.innerText.includes('gpu box'))
    await page.context().close()
    expect(await world().agentsview(['db', 'check'])).toBe(0)
  })
})

describeBrowser('a machine of a server that only shows', { serve: [] }, (world) => {
  it('cannot be renamed', async () => {
    const { page } = await openPage(world(), '/machines')
    await page.getByRole('link', { name: 'gpu-3', exact: true }).waitFor()
    expect(await page.getByRole('button', { name: 'Rename gpu-3' }).count()).toBe(0)
    const answer = await fetch(new URL('/api/v1/machines/gpu-3/rename', world().url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"to":"x"}',
    })
    expect(answer.status).toBe(403)
    await page.context().close()
  })
})

describeBrowser('the config of a running server', {}, (world) => {
  it('is in force when it has changed, and told where it has a mistake', async () => {
    const { page, faults } = await openPage(world(), '/remotes')
    await page.getByRole('heading', { name: 'prod', exact: true }).waitFor()
    const text = await readFile(world().configPath, 'utf8')
    await writeFile(world().configPath, text.replace('name = "lab"', 'name = "lab"\nbukcet = "x"\nprefxes = "y"'))
    await page.getByText('The config has a mistake, so the one from before is in force').waitFor()
    const banner = page.locator('.banner-lines')
    await banner.getByText('bukcet').waitFor()
    const lines = (await banner.innerText()).split('\n')
    expect(lines.filter((line) => /bukcet|prefxes/.test(line))).toHaveLength(2)
    expect(await violationsOf(page)).toEqual([])
    expect(await page.getByRole('heading', { name: 'lab', exact: true }).count()).toBe(1)
    const added = text.slice(text.indexOf('[[remotes]]'), text.lastIndexOf('[[remotes]]'))
    await writeFile(world().configPath, `${text}\n${added.replace('name = "prod"', 'name = "third"')}`)
    await page.getByRole('heading', { name: 'third', exact: true }).waitFor()
    await page.waitForFunction(() => !document.body.innerText.includes('The config has a mistake'))
    expect(faults).toEqual([])
    await page.context().close()
  })
})
