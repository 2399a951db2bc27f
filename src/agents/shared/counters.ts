import type { NanoUsd } from '../../model/index.ts'

const maxTokens = 2_000_000
const decimal = /^[+-]?\d{1,30}(?:\.\d{1,30})?$/

/** A token counter: a number or a numeric string, whole, clamped to 0…2,000,000; 0 for anything else. */
export function tokensOf(value: unknown): number {
  return Math.min(countOf(value), maxTokens)
}

/** A count as logged: a whole number from 0 to 2^53 − 1; 0 for anything else. */
export function countOf(value: unknown): number {
  const number = numberOf(value)
  if (number === null || number <= 0) return 0
  return Math.min(Math.trunc(number), Number.MAX_SAFE_INTEGER)
}

/** A cost logged in dollars as whole nano-dollars; null when it is none, negative or beyond 2^53. */
export function nanoUsdOf(value: unknown): NanoUsd | null {
  const dollars = numberOf(value)
  if (dollars === null || dollars < 0) return null
  const nano = Math.round(dollars * 1e9)
  return Number.isSafeInteger(nano) ? nano : null
}

function numberOf(value: unknown): number | null {
  if (typeof value === 'number') return Number.isNaN(value) ? null : value
  if (typeof value !== 'string' || value.length > 64) return null
  const text = value.trim()
  return decimal.test(text) ? Number(text) : null
}
