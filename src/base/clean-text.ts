/* Control characters are what this file is about. */
/* oxlint-disable no-control-regex */

/** C0 without tab, newline and return; DEL; C1. */
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/g
const anyControl = /[\u0000-\u001F\u007F-\u009F]/g
/** Characters that reorder or hide their neighbours on a screen. */
const bidi = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** Text fit to store: no NUL or other control characters but tab, newline and return; well-formed Unicode. */
export function cleanText(text: string): string {
  const wellFormed = isWellFormed(text) ? text : text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD')
  return wellFormed.replace(controls, '')
}

/** Text fit for one line of a terminal: escapes, line breaks and direction marks are gone. */
export function cleanLine(text: string): string {
  return cleanText(text).replace(anyControl, ' ').replace(bidi, '')
}

/** Text fit for several lines of a terminal: as `cleanLine`, but newlines and tabs stay. */
export function cleanLines(text: string): string {
  return cleanText(text).replaceAll('\r', '').replace(bidi, '')
}

/** Node 20 has the method; its ES2023 types do not know it yet. */
function isWellFormed(text: string): boolean {
  return (text as string & { isWellFormed(): boolean }).isWellFormed()
}
