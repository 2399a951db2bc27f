import { describe, expect, it } from 'vitest'

import type { ErrorCode } from '../base/index.ts'
import { AgentsviewError } from '../base/index.ts'
import { circuitBreaker } from './circuit-breaker.ts'

const failure = (code: ErrorCode): AgentsviewError => new AgentsviewError({ code, message: code })
const times = (count: number, work: () => void): void => {
  for (let at = 0; at < count; at += 1) work()
}

describe('the circuit breaker of a remote', () => {
  it('opens at the eighth failure in a row of a remote that does not answer, also after much was read', () => {
    const breaker = circuitBreaker()
    times(100, breaker.succeeded)
    const opened = Array.from({ length: 9 }, () => breaker.failed(failure('remote.unreachable.timeout')))
    expect(opened).toEqual([false, false, false, false, false, false, false, true, false])
    expect(breaker.isOpen).toBe(true)
  })

  it('starts to count anew with every object that is read', () => {
    const breaker = circuitBreaker()
    times(20, () => {
      times(7, () => void breaker.failed(failure('remote.unreachable.server')))
      breaker.succeeded()
    })
    expect(breaker.isOpen).toBe(false)
  })

  it('stays closed for objects that fail one by one', () => {
    const breaker = circuitBreaker()
    breaker.succeeded()
    times(1000, () => void breaker.failed(failure('remote.refused.denied')))
    times(1000, () => void breaker.failed(failure('remote.unreachable.length')))
    expect(breaker.isOpen).toBe(false)
  })

  it('opens at the sixteenth refusal where nothing at all could be read', () => {
    const breaker = circuitBreaker()
    times(15, () => void breaker.failed(failure('remote.refused.denied')))
    expect(breaker.isOpen).toBe(false)
    expect(breaker.failed(failure('remote.refused.denied'))).toBe(true)
  })
})
