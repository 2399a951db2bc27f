import { describe, expect, it } from 'vitest'

import { firstLine, visible } from './visible.ts'

describe('visible', () => {
  it('writes direction marks out instead of obeying them', () => {
    expect(visible('safe\u202Egnp.exe')).toBe('safe⟨RLO⟩gnp.exe')
    expect(visible('a\u2066b\u2069')).toBe('a⟨LRI⟩b⟨PDI⟩')
  })

  it('leaves other text alone, of any script', () => {
    const text = 'مرحبا 日本語 👩‍💻 <b>&amp;'
    expect(visible(text)).toBe(text)
  })
})

describe('firstLine', () => {
  it('takes the first line with something in it', () => {
    expect(firstLine('\n\n  one\ntwo')).toBe('one')
  })

  it('cuts what is too long', () => {
    expect(firstLine('x'.repeat(30), 10)).toBe(`${'x'.repeat(10)}…`)
  })
})
