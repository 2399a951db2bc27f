/**
 * Where the keys of a TOML text stand. The text must have passed a real TOML parser: the scan only
 * finds positions and does not judge.
 */

/** A table's or value's place in the document: keys, and indices of arrays. */
export type TomlPath = readonly (string | number)[]

/** A half-open range of UTF-16 units in the text. */
export interface Span {
  readonly from: number
  readonly to: number
}

/** `key = value`, on a line of its own or inside an inline table. */
export interface TomlEntry {
  readonly kind: 'entry'
  readonly path: TomlPath
  readonly key: Span
  readonly value: Span
  readonly valueKind: 'scalar' | 'array' | 'inline-table'
  /** Inside another value, so not on a line of its own. */
  readonly isInline: boolean
}

/** `[table]` or `[[array of tables]]`. */
export interface TomlHeader {
  readonly kind: 'header'
  readonly path: TomlPath
  readonly isArray: boolean
  readonly span: Span
}

export type TomlNode = TomlEntry | TomlHeader

/** Every key and header of a TOML text, in its order; what is inside a value comes after its entry. */
export function scanToml(text: string): readonly TomlNode[] {
  const scan = new Scan(text)
  scan.document()
  return scan.nodes
}

/** 1-based line of a position. */
export function lineOf(text: string, at: number): number {
  let line = 1
  for (let found = text.indexOf('\n'); found >= 0 && found < at; found = text.indexOf('\n', found + 1)) line += 1
  return line
}

/** True when both paths are the same. */
export function isSamePath(a: TomlPath, b: TomlPath): boolean {
  return a.length === b.length && isUnder(a, b)
}

/** True when `path` is `above` or lies inside it. */
export function isUnder(path: TomlPath, above: TomlPath): boolean {
  return above.length <= path.length && above.every((part, at) => part === path[at])
}

class Scan {
  readonly nodes: TomlNode[] = []
  readonly #text: string
  #at = 0
  /** Index of the newest element of each array of tables, by its path as JSON. */
  readonly #newest = new Map<string, number>()

  constructor(text: string) {
    this.#text = text
    if (text.startsWith('\uFEFF')) this.#at = 1
  }

  document(): void {
    let table: TomlPath = []
    for (this.#skipBlank(); this.#at < this.#text.length; this.#skipBlank()) {
      if (this.#text[this.#at] === '[') table = this.#header()
      else this.#entry(table, false)
    }
  }

  #header(): TomlPath {
    const from = this.#at
    const isArray = this.#text.startsWith('[[', from)
    this.#at += isArray ? 2 : 1
    const keys = this.#dottedKey()
    this.#skipSpace()
    this.#at += isArray ? 2 : 1
    const path = this.#resolve(keys, isArray)
    this.nodes.push({ kind: 'header', path, isArray, span: { from, to: this.#at } })
    return path
  }

  /** Puts the index of the newest element behind each name of an array of tables. */
  #resolve(keys: readonly string[], isArray: boolean): TomlPath {
    const path: (string | number)[] = []
    keys.forEach((key, at) => {
      path.push(key)
      const id = JSON.stringify(path)
      const newest = this.#newest.get(id)
      const isNew = isArray && at === keys.length - 1
      const index = isNew ? (newest ?? -1) + 1 : newest
      if (isNew) this.#newest.set(id, index ?? 0)
      if (index !== undefined) path.push(index)
    })
    return path
  }

  #entry(table: TomlPath, isInline: boolean): void {
    const from = this.#at
    const keys = this.#dottedKey()
    const key = { from, to: this.#at }
    this.#skipSpace()
    this.#at += 1
    this.#skipSpace()
    const path = [...table, ...keys]
    const start = this.#at
    const first = this.#text[start]
    const place = this.nodes.length
    this.#value(path)
    const valueKind = first === '[' ? 'array' : first === '{' ? 'inline-table' : 'scalar'
    const value = { from: start, to: this.#at }
    this.nodes.splice(place, 0, { kind: 'entry', path, key, value, valueKind, isInline })
  }

  #value(path: TomlPath): void {
    const first = this.#text[this.#at]
    if (first === '"' || first === "'") this.#string(first)
    else if (first === '[') this.#array(path)
    else if (first === '{') this.#inlineTable(path)
    else this.#at = end(this.#text, /[,\]}#\r\n]/g, this.#at, true)
  }

  #array(path: TomlPath): void {
    this.#at += 1
    let index = 0
    for (this.#skipBlank(); this.#at < this.#text.length && this.#text[this.#at] !== ']'; this.#skipBlank()) {
      if (this.#text[this.#at] === ',') {
        this.#at += 1
        continue
      }
      this.#value([...path, index])
      index += 1
    }
    this.#at += 1
  }

  #inlineTable(path: TomlPath): void {
    this.#at += 1
    for (this.#skipBlank(); this.#at < this.#text.length && this.#text[this.#at] !== '}'; this.#skipBlank()) {
      if (this.#text[this.#at] === ',') this.#at += 1
      else this.#entry(path, true)
    }
    this.#at += 1
  }

  #dottedKey(): readonly string[] {
    const keys: string[] = []
    for (;;) {
      this.#skipSpace()
      keys.push(this.#key())
      const before = this.#at
      this.#skipSpace()
      if (this.#text[this.#at] !== '.') {
        this.#at = before
        return keys
      }
      this.#at += 1
    }
  }

  #key(): string {
    const from = this.#at
    const first = this.#text[from]
    if (first !== '"' && first !== "'") {
      this.#at = end(this.#text, /[^A-Za-z0-9_-]/g, from, false)
      if (this.#at === from) this.#at += 1
      return this.#text.slice(from, this.#at)
    }
    this.#string(first)
    const body = this.#text.slice(from + 1, this.#at - 1)
    return first === "'" ? body : unescapeToml(body)
  }

  #string(quote: string): void {
    const isLong = this.#text.startsWith(quote.repeat(3), this.#at)
    const close = isLong ? quote.repeat(3) : quote
    this.#at += close.length
    while (this.#at < this.#text.length && !this.#text.startsWith(close, this.#at))
      this.#at += quote === '"' && this.#text[this.#at] === '\\' ? 2 : 1
    this.#at += close.length
    // A long string may end with up to two quotes of its own.
    if (isLong) while (this.#text[this.#at] === quote) this.#at += 1
  }

  #skipSpace(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at += 1
  }

  #skipBlank(): void {
    for (;;) {
      while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at += 1
      if (this.#text[this.#at] !== '#') return
      this.#at = end(this.#text, /\n/g, this.#at, false)
    }
  }
}

/** Position of the next match, else the end of the text; `trims` steps back over spaces before it. */
function end(text: string, stop: RegExp, from: number, trims: boolean): number {
  stop.lastIndex = from
  const at = stop.exec(text)?.index ?? text.length
  return trims ? from + text.slice(from, at).trimEnd().length : at
}

function unescapeToml(body: string): string {
  const names: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001B' }
  return body.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|(.))/g, (...found: string[]) => {
    const [, four, eight, two, sign = ''] = found
    const hex = four ?? eight ?? two
    return hex === undefined ? (names[sign] ?? sign) : String.fromCodePoint(Number.parseInt(hex, 16))
  })
}
