export const exportFormats = ['md', 'html', 'json'] as const
/** What a session can be written as. */
export type ExportFormat = (typeof exportFormats)[number]

/** Content types of the formats. */
export const exportTypes: Readonly<Record<ExportFormat, string>> = {
  md: 'text/markdown; charset=utf-8',
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
}

const mostCharacters = 120
/** Names that Windows keeps for devices, whatever follows the dot. */
const reserved = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i

/**
 * A name for the file of a session, safe on every system: no folder, no hidden file, no option, nothing that a shell
 * or a file system reads as anything else.
 * @param id      of the session; of several sessions, a word for them
 * @param ending  without its dot
 */
export function exportFileName(id: string, ending: string): string {
  const plain = id
    .replace(/[^\w.~-]+/g, '_')
    .replace(/^[._~-]+/, '')
    .slice(0, mostCharacters)
    .replace(/\.+$/, '')
  const safe = plain === '' || reserved.test(plain) ? `session_${plain}` : plain
  return `${safe}.${ending}`
}
