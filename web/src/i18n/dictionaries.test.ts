import { describe, expect, it } from 'vitest'

import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

const slots = (text: string): readonly string[] =>
  [...new Set([...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot))].toSorted()

describe('the dictionaries', () => {
  it('have the same names', () => {
    expect(Object.keys(zhCn).toSorted()).toEqual(Object.keys(en).toSorted())
  })

  it('fill in the same values', () => {
    const differing = (Object.keys(en) as (keyof typeof en)[]).filter(
      (key) => JSON.stringify(slots(en[key])) !== JSON.stringify(slots(zhCn[key])),
    )
    expect(differing).toEqual([])
  })

  it('leave no text empty, and translate nearly all of it', () => {
    const same = (Object.keys(en) as (keyof typeof en)[]).filter((key) => en[key] === zhCn[key])
    expect(Object.values(zhCn).filter((text) => text.trim() === '')).toEqual([])
    expect(same.filter((key) => !key.startsWith('search.example.') && key !== 'analytics.matrix')).toEqual([])
  })
})
