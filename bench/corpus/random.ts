/** A source of repeatable randomness: the same seed gives the same corpus, byte for byte. */
export interface Random {
  /** A fraction from 0 up to, not including, 1. */
  fraction(): number
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number
  /** True with this probability. */
  chance(probability: number): boolean
  pick<T>(choices: readonly T[]): T
  /** Lower-case hexadecimal digits. */
  hex(digits: number): string
  uuid(): string
  /** A size around `median`, now and then many times that: log-normal with this spread. */
  skewed(median: number, spread: number): number
}

/** Makes a `Random` of a seed (mulberry32 over a hash of the text). */
export function randomOf(seed: string): Random {
  let state = hashOf(seed)
  const fraction = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (low: number, high: number): number => low + Math.floor(fraction() * (high - low + 1))
  const hex = (digits: number): string => {
    let text = ''
    while (text.length < digits) text += int(0, 0xffff).toString(16).padStart(4, '0')
    return text.slice(0, digits)
  }
  return {
    fraction,
    int,
    hex,
    chance: (probability) => fraction() < probability,
    pick: (choices) => {
      const choice = choices[Math.floor(fraction() * choices.length)]
      if (choice === undefined) throw new RangeError('nothing to choose from')
      return choice
    },
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
    skewed: (median, spread) => {
      const normal = Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction())
      return median * Math.exp(spread * normal)
    },
  }
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193)
  return hash
}
