/** How the archive marks a picture, which it does not keep: a line of its own. */
const marker = '[image]'
const fence = /^\s{0,3}(`{3,}|~{3,})/

/** A text without the markers of its pictures, and how many there were; those in blocks of code are text. */
export function withoutPictures(text: string): { readonly text: string; readonly pictures: number } {
  if (!text.includes(marker)) return { text, pictures: 0 }
  let open: string | null = null
  let pictures = 0
  const kept = text.split('\n').filter((line) => {
    const sign = fence.exec(line)?.[1] ?? null
    if (sign !== null && (open === null || sign.startsWith(open))) open = open === null ? sign : null
    if (open !== null || line !== marker) return true
    pictures += 1
    return false
  })
  return { text: kept.join('\n'), pictures }
}
