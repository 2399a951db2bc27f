const signs = [
  { type: 'image/png', at: 0, bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] },
  { type: 'image/jpeg', at: 0, bytes: [0xff, 0xd8, 0xff] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38, 0x37, 0x61] },
  { type: 'image/gif', at: 0, bytes: [0x47, 0x49, 0x46, 0x38, 0x39, 0x61] },
  { type: 'image/webp', at: 8, bytes: [0x57, 0x45, 0x42, 0x50] },
] as const
const riff = [0x52, 0x49, 0x46, 0x46] as const

/** Every type that is shown: pictures made of points alone, which can hold no script. */
export const imageTypes: readonly string[] = ['image/png', 'image/jpeg', 'image/gif', 'image/webp']

/** What the bytes of a picture say it is, whatever the log calls it; null for all that is not shown. */
export function imageType(bytes: Uint8Array): string | null {
  const found = signs.find(({ at, bytes: sign }) => sign.every((byte, place) => bytes[at + place] === byte))
  if (found?.type === 'image/webp' && !riff.every((byte, place) => bytes[place] === byte)) return null
  return found?.type ?? null
}
