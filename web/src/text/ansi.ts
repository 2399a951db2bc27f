import Anser from 'anser'

/** A stretch of terminal output with the classes of its look. */
export interface AnsiPart {
  readonly text: string
  readonly classes: string
}

const escape = '\u001B'
/**
 * A colour sequence whose escape character is gone: logs are stored without control characters. Only
 * output that also ends a colour is read so, since `[1m` alone may be ordinary text.
 */
const bare = /\[(?:\d{1,3}(?:;\d{1,3}){0,8})?m/g
const hasReset = /\[(?:0|39|22|49|0;\d+)?m/
const hasColour = /\[(?:\d{1,3}(?:;\d{1,3}){1,8}|[1-9]\d?|10\d)m/

/** True for output that holds colour sequences. */
export function isAnsi(text: string): boolean {
  return text.includes(`${escape}[`) || (hasReset.test(text) && hasColour.test(text))
}

/** Splits terminal output at its colours; sequences that are no colours vanish. Text is given back unescaped. */
export function ansiParts(text: string): readonly AnsiPart[] {
  if (!isAnsi(text)) return [{ text, classes: '' }]
  const restored = text.includes(escape) ? text : text.replace(bare, (sequence) => escape + sequence)
  return Anser.ansiToJson(restored, { json: true, use_classes: true, remove_empty: true }).map(
    ({ content, fg, bg, decorations }) => ({
      text: content.replaceAll(escape, ''),
      classes: [named(fg, 'fg'), named(bg, 'bg'), ...decorations.map((name) => `ansi-${name}`)]
        .filter((name) => name !== '')
        .join(' '),
    }),
  )
}

/** Class of one of the 16 colours; the 256 and the free ones keep the ordinary colour. */
function named(colour: unknown, side: 'fg' | 'bg'): string {
  const name = typeof colour === 'string' ? /^ansi-(?:bright-)?[a-z]+$/.exec(colour)?.[0] : undefined
  return name === undefined ? '' : `${name}-${side}`
}
