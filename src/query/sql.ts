/** A value SQLite takes or gives. */
export type SqlValue = null | number | string | Uint8Array

/** A piece of a query: its text, and the values of the question marks in it, in order. */
export interface SQL {
  readonly text: string
  readonly values: readonly SqlValue[]
}

/**
 * Writes a piece of a query: what stands in `${…}` is another piece, or a value, which never becomes part of the text.
 * Questions are whole statements written by hand, and this is all they need to be put together; a query builder
 * takes longer to load than most questions take to answer.
 */
export function sql(strings: TemplateStringsArray, ...parts: readonly (SQL | SqlValue)[]): SQL {
  let text = strings[0] ?? ''
  const values: SqlValue[] = []
  for (const [at, part] of parts.entries()) {
    if (isPiece(part)) {
      text += part.text
      values.push(...part.values)
    } else {
      text += '?'
      values.push(part)
    }
    text += strings[at + 1] ?? ''
  }
  return { text, values }
}

/** Pieces one after the other, with another one between them. */
sql.join = (pieces: readonly SQL[], between: SQL): SQL => {
  const [first, ...rest] = pieces
  return first === undefined ? sql`` : rest.reduce((joined, piece) => sql`${joined}${between}${piece}`, first)
}

/** Text as it stands: for names and numbers of the program's own, never for what a person or a log says. */
sql.raw = (text: string): SQL => ({ text, values: [] })

function isPiece(part: SQL | SqlValue): part is SQL {
  return part !== null && typeof part === 'object' && 'text' in part
}
