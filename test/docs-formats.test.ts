import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '..')
const rows = readFileSync(join(root, 'docs/formats.md'), 'utf8')
  .split('\n')
  .filter((line) => /^\|\s*(?:\d+|–)/.test(line))
  .map((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    return {
      number: cells[1] ?? '',
      places: [...(cells.at(-2) ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? ''),
    }
  })

describe('docs/formats.md', () => {
  it('names tests and golden files that exist', () => {
    for (const { number, places } of rows) {
      expect(places.length, `case ${number}`).toBeGreaterThan(0)
      for (const place of places) {
        expect(existsSync(join(root, place)), place).toBe(true)
        if (place.startsWith('fixtures/')) expect(existsSync(join(root, place, 'in.jsonl')), place).toBe(true)
      }
    }
  })

  it('has every numbered golden file of Codex', () => {
    const cases = readdirSync(join(root, 'fixtures/codex')).filter((name) => /^(?:3[6-9]|[45]\d)-/.test(name))
    const named = rows.flatMap(({ places }) => places)
    expect(cases.filter((name) => !named.includes(`fixtures/codex/${name}`))).toEqual([])
  })

  it('has every golden file of Claude Code', () => {
    const cases = readdirSync(join(root, 'fixtures/claude')).filter((name) => /^(?:[0-2]\d|3[0-5])-/.test(name))
    const named = new Set(rows.flatMap(({ places }) => places))
    const numbers = new Set(rows.map(({ number }) => number))
    expect(cases.filter((name) => !numbers.has(String(Number(name.slice(0, 2)))))).toEqual([])
    expect(cases.filter((name) => named.has(`fixtures/claude/${name}`)).length).toBeGreaterThan(20)
  })

  it('has each case from 1 to 50', () => {
    const numbers = new Set(rows.map(({ number }) => Number(number)))
    expect(Array.from({ length: 50 }, (_, at) => at + 1).filter((number) => !numbers.has(number))).toEqual([])
  })
})
