import { expect, it } from 'vitest'
import { violationsOf } from './axe.ts'
import { claudeLog } from './claude-log.ts'
import { describeBrowser, openPage } from './world.ts'

const id = '40000000-0000-4000-8000-000000000001'
const key = `prod/laptop/raw/claude/projects/-home-ann-edited/${id}.jsonl`
const turns = Array.from({ length: 6 }, (_, at) => ({ prompt: `prompt ${at}`, steps: [{ text: `answer ${at}` }] }))
const lines = claudeLog({ id, cwd: '/home/ann/edited', start: Date.UTC(2026, 6, 3), turns })
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as { uuid: string; parentUuid: string | null })
// The last prompt follows the first answer: a conversation of four prompts was left there for another one.
const [, answer] = lines
const edited = lines.map((line, at) => (at === 10 ? { ...line, parentUuid: answer?.uuid ?? null } : line))
const log = `${edited.map((line) => JSON.stringify(line)).join('\n')}\n`

describeBrowser('branches of a conversation', { objects: { [key]: log } }, (world) => {
  it('are gone through from the head of each, there and back', async () => {
    const { page, faults } = await openPage(world(), `/s/${encodeURIComponent(`laptop~${id}`)}`)
    await page.getByText(/^Branch 1 of \d/).waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('link', { name: /^Next branch/ }).press('Enter')
    await page.getByText(/^Branch 2 of \d/).waitFor()
    await page.getByText('forked from').waitFor()
    await page.getByRole('link', { name: /^Previous branch/ }).press('Enter')
    await page.getByText(/^Branch 1 of \d/).waitFor()
    expect(new URL(page.url()).pathname).toContain(id)
    expect(faults).toEqual([])
    await page.context().close()
  })
})
