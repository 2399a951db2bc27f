import { AgentsviewError } from '../base/index.ts'

/** Values that name a place in an ordered list. */
export type CursorValues = readonly (number | string)[]

/** A place in a list as the opaque text of `nextCursor`. */
export function writeCursor(list: string, values: CursorValues): string {
  return Buffer.from(JSON.stringify([list, ...values])).toString('base64url')
}

/**
 * Reads what `writeCursor` made for the same list.
 * @param types  the type of each value, in order
 * @throws AgentsviewError `usage.cursor` for anything else
 */
export function readCursor(list: string, cursor: string, types: readonly ('number' | 'string')[]): CursorValues {
  const values = parse(cursor)
  const isRight =
    Array.isArray(values) &&
    values.length === types.length + 1 &&
    values[0] === list &&
    types.every((type, at) => typeof values[at + 1] === type)
  if (isRight) return (values as (number | string)[]).slice(1)
  throw new AgentsviewError({
    code: 'usage.cursor',
    message: 'this cursor does not belong to this list',
    hint: 'Give --cursor the nextCursor of the same command, unchanged.',
  })
}

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
  } catch {
    // Anything a person can type may stand here; the caller says what is wrong with it.
    return null
  }
}
