/** Characters that reorder or hide their neighbours, by the name they are shown under. */
const names: Readonly<Record<string, string>> = {
  '\u061C': 'ALM',
  '\u200E': 'LRM',
  '\u200F': 'RLM',
  '\u202A': 'LRE',
  '\u202B': 'RLE',
  '\u202C': 'PDF',
  '\u202D': 'LRO',
  '\u202E': 'RLO',
  '\u2066': 'LRI',
  '\u2067': 'RLI',
  '\u2068': 'FSI',
  '\u2069': 'PDI',
}
const hidden = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Text as it is, with direction marks written out (`⟨RLO⟩`), so that nothing reads other than it is. */
export function visible(text: string): string {
  return text.replace(hidden, (sign) => `⟨${names[sign] ?? 'bidi'}⟩`)
}

/** The first line of a text, cut to so many characters. */
export function firstLine(text: string, most = 200): string {
  const start = text.trimStart()
  const end = start.indexOf('\n')
  const line = end < 0 ? start.slice(0, most + 1) : start.slice(0, Math.min(end, most + 1))
  return visible(line.length > most ? `${line.slice(0, most)}…` : line)
}
