import { describe, expect, it } from 'vitest'

import { ansiParts, isAnsi } from './ansi.ts'

const plain = (text: string): string =>
  ansiParts(text)
    .map((part) => part.text)
    .join('')

describe('ansiParts', () => {
  it('gives colours as classes, never as markup', () => {
    const parts = ansiParts('\u001B[31m<b>red</b>\u001B[0m done')
    expect(parts[0]).toEqual({ text: '<b>red</b>', classes: 'ansi-red-fg' })
    expect(parts.at(-1)).toEqual({ text: ' done', classes: '' })
  })

  it('reads colours whose escape character the archive has dropped', () => {
    expect(ansiParts('[1;32mok[0m')[0]).toEqual({ text: 'ok', classes: 'ansi-green-fg ansi-bold' })
  })

  it('leaves brackets of ordinary text alone', () => {
    expect(isAnsi('a[5m] and list[0] [12m')).toBe(false)
    expect(plain('a[5m] and list[0]')).toBe('a[5m] and list[0]')
  })

  it('drops cursor movements', () => {
    expect(plain('\u001B[2Kone\u001B[1Atwo\u001B[0m')).toBe('onetwo')
  })
})
