/** Money for people: `$12.30`, `$0.0042`; `–` where nothing has a price. */
export function showUsd(usd: number | null): string {
  if (usd === null) return '–'
  const amount = Math.abs(usd)
  if (amount === 0 || amount >= 1) return `$${withCommas(usd.toFixed(2))}`
  return amount < 0.00005 ? '<$0.0001' : `$${usd.toFixed(4)}`
}

/** A count for people: `12,345`, or `12.3k`, `4.5M`, `1.2B` when it must be short. */
export function showCount(count: number, isShort: boolean): string {
  if (!isShort || count < 1000) return withCommas(String(count))
  const steps: readonly (readonly [number, string])[] = [
    [1e3, 'k'],
    [1e6, 'M'],
    [1e9, 'B'],
    [1e12, 'T'],
  ]
  // 999,950 would round to 1000.0k.
  const [size, unit] = steps.findLast(([step]) => count >= step * 0.99995) ?? [1, '']
  return `${(count / size).toFixed(1)}${unit}`
}

/** How long ago, in the largest unit that fits: `now`, `5 min`, `3 h`, `12 d`. */
export function showAge(ms: number): string {
  if (ms < 60_000) return 'now'
  if (ms < 3_600_000) return `${Math.floor(ms / 60_000)} min`
  if (ms < 48 * 3_600_000) return `${Math.floor(ms / 3_600_000)} h`
  return `${Math.floor(ms / 86_400_000)} d`
}

/** What a tool call is about in one line: the telling part of its input, else all of it. */
export function showCall(input: string): string {
  const telling = tellingPart(input) ?? input
  return telling.replace(/\s+/g, ' ').trim().slice(0, 500)
}

const tellingKeys = ['command', 'cmd', 'file_path', 'path', 'pattern', 'query', 'url', 'description', 'prompt', 'input']

function tellingPart(input: string): string | null {
  if (!input.startsWith('{') || input.length > 1_000_000) return null
  const parsed = parse(input)
  for (const key of tellingKeys) {
    const value = parsed[key]
    if (typeof value === 'string' && value !== '') return value
    if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'))
      return value.join(' ')
  }
  return null
}

function parse(input: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(input) as Record<string, unknown>
  } catch {
    // Cut-off input is shown as it stands.
    return {}
  }
}

function withCommas(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+(?!\d))/g, (_, __, at: number, whole: string) =>
    whole.includes('.') && at > whole.indexOf('.') ? '' : ',',
  )
}
