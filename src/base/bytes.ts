/** Joins byte chunks into one array; one chunk is returned as it is, without a copy. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1 && chunks[0] !== undefined) return chunks[0]
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.length
  }
  return joined
}

const units = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 }

/** Reads a size such as `64MiB`, `1.5 GB` or `4096` as whole bytes; null when it is not one. */
export function parseByteSize(text: string): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]*)\s*$/.exec(text)
  if (match === null) return null
  const name = match[2] ?? ''
  const unit = name === '' ? 1 : Object.entries(units).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  const bytes = Math.round(Number(match[1]) * (unit ?? Number.NaN))
  return Number.isSafeInteger(bytes) ? bytes : null
}

/** A size for people, in powers of 1024: `0 B`, `4.1 MiB`. */
export function formatBytes(bytes: number): string {
  const names = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let step = 0
  while (value >= 1024 && step < names.length - 1) {
    value /= 1024
    step += 1
  }
  return `${step === 0 ? value : value.toFixed(1)} ${names[step] ?? 'B'}`
}
