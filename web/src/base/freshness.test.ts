import { beforeEach, describe, expect, it } from 'vitest'

import type { Freshness } from './freshness.ts'
import { freshness } from './freshness.ts'

let stale: number
let page: Freshness

beforeEach(() => {
  stale = 0
  page = freshness(() => (stale += 1))
})

describe('freshness of what is shown', () => {
  it('asks for nothing again when the news is of the version that is shown', () => {
    page.ask()('7')
    page.tell('7')
    page.tell('7')
    expect(stale).toBe(0)
  })

  it('asks again when one of the answers is older than the news', () => {
    page.ask()('7')
    page.ask()('8')
    page.tell('8')
    expect(stale).toBe(1)
  })

  it('asks again when an older answer comes after the news', () => {
    const answered = page.ask()
    page.tell('8')
    answered('7')
    expect(stale).toBe(1)
  })

  it('does not ask without end while the news of a newer answer is still to come', () => {
    page.tell('7')
    page.ask()('8')
    expect(stale).toBe(0)
    page.tell('8')
    expect(stale).toBe(0)
  })

  it('compares only what was answered since everything was asked for again', () => {
    page.ask()('7')
    page.forget()
    page.ask()('8')
    page.ask()(null)
    page.tell('8')
    expect(stale).toBe(0)
  })
})
