/**
 * A price in US dollars per million tokens as integer pico-dollars per token: 1 USD per million tokens is
 * 10⁶ pico-dollars per token, so six decimals are exact.
 */
export function parsePrice(value: unknown): { readonly value: number } | { readonly problem: string } {
  const text = typeof value === 'number' ? String(value) : value
  const match = typeof text === 'string' ? /^(\d+)(?:\.(\d+))?$/.exec(text.trim()) : null
  if (match === null) return { problem: 'must be dollars per million tokens, such as "3.75" or 15' }
  const decimals = (match[2] ?? '').replace(/0+$/, '')
  if (decimals.length > 6) return { problem: 'has more than six decimals' }
  const pico = Number(`${match[1] ?? ''}${decimals.padEnd(6, '0')}`)
  return pico <= 4e9 ? { value: pico } : { problem: 'is over 4000 dollars per million tokens' }
}
