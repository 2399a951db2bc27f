import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** A log that is being written, in buffered pieces. */
export interface LogFile {
  /** Bytes written to it by this run, the newline of the last line counted. */
  bytes(): number
  /** One record, as one line. */
  line(record: unknown): void
  /** Text as one line, JSON or not. */
  lineText(text: string): void
  /** Text as it is. */
  raw(text: string): void
  /** Ends the last line, unless it is to stay without its newline; `tail` is the start of another one. */
  close(end?: { readonly isOpen?: boolean; readonly tail?: string }): void
}

const flushAt = 1 << 20

/** Opens a log to write from its start (`w`) or to go on with (`a`); makes its folder. */
export function openLog(path: string, mode: 'w' | 'a', eol: '\n' | '\r\n' = '\n'): LogFile {
  mkdirSync(dirname(path), { recursive: true })
  const file = openSync(path, mode)
  let waiting: string[] = []
  let waitingLength = 0
  let bytes = 0
  const flush = (): void => {
    if (waiting.length === 0) return
    const chunk = Buffer.from(waiting.join(''))
    for (let done = 0; done < chunk.length;) done += writeSync(file, chunk, done)
    waiting = []
    waitingLength = 0
  }
  const raw = (text: string): void => {
    bytes += Buffer.byteLength(text)
    waiting.push(text)
    waitingLength += text.length
    if (waitingLength >= flushAt) flush()
  }
  // The newline of a line is written before the next one, so that the last line may stay without.
  let isOpen = false
  const lineText = (text: string): void => {
    raw(isOpen ? eol + text : text)
    isOpen = true
  }
  return {
    bytes: () => bytes + (isOpen ? eol.length : 0),
    raw,
    lineText,
    line: (record) => lineText(JSON.stringify(record)),
    close: (end = {}) => {
      if (isOpen && end.isOpen !== true) raw(eol)
      isOpen = false
      raw(end.tail ?? '')
      flush()
      closeSync(file)
    },
  }
}
