import { Buffer } from 'node:buffer'

/** Up to this many characters a loop is faster than a call out of the language. */
const shortLength = 48
/** From here on a text is measured before room is made for it; below, room for its worst case is cheap. */
const longLength = 2 ** 16

/** From here on room grows by this much at a time. */
const largeCapacity = 2 ** 22

/**
 * Writes numbers and texts one after the other into bytes that grow as needed; `ByteReader` reads them back. Texts
 * become UTF-8, a lone surrogate U+FFFD.
 */
export class ByteWriter {
  #bytes: Buffer<ArrayBuffer>
  #view: DataView
  #at = 0

  /** @param capacity  bytes to begin with */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  /** Bytes written so far. */
  get length(): number {
    return this.#at
  }

  /** A whole number from 0 to 255. */
  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[this.#at] = value
    this.#at += 1
  }

  /** A whole number from 0 to 2³² − 1. */
  count(value: number): void {
    this.#reserve(4)
    this.#view.setUint32(this.#at, value, true)
    this.#at += 4
  }

  /** Any number but NaN, or null. */
  number(value: number | null): void {
    this.#reserve(8)
    this.#view.setFloat64(this.#at, value ?? Number.NaN, true)
    this.#at += 8
  }

  /** A text of any length: its bytes, and whether all of it is ASCII. */
  text(value: string): void {
    const { length } = value
    this.#reserve(5 + (length < longLength ? length * 3 : Buffer.byteLength(value)))
    const start = this.#at + 5
    const size = this.#short(value, start) ?? this.#bytes.write(value, start)
    this.#view.setUint32(this.#at, size, true)
    this.#bytes[this.#at + 4] = size === length ? 1 : 0
    this.#at = start + size
  }

  /** What stands between two places, as bytes of their own. */
  slice(from: number, to: number): Uint8Array<ArrayBuffer> {
    const part = Buffer.allocUnsafeSlow(to - from)
    this.#bytes.copy(part, 0, from, to)
    return part
  }

  /** Gives all that was written away, without a copy, and goes on in as much new room, `capacity` at most. */
  handOver(capacity: number): Uint8Array<ArrayBuffer> {
    const all = this.#bytes.subarray(0, this.#at)
    this.#at = 0
    this.#make(Math.min(capacity, this.#bytes.length))
    return all
  }

  /** Forgets the first bytes; what follows moves to their place. */
  dropFront(size: number): void {
    if (size > 0) this.#bytes.copyWithin(0, size, this.#at)
    this.#at -= size
  }

  /** Appends bytes that a writer has written. */
  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#at)
    this.#at += bytes.length
  }

  /** Forgets all that was written and keeps the room for what follows, unless it is more than `capacity`. */
  clear(capacity: number): void {
    this.#at = 0
    if (this.#bytes.length > capacity) this.#make(capacity)
  }

  #short(value: string, start: number): number | null {
    const { length } = value
    if (length > shortLength) return null
    const bytes = this.#bytes
    for (let place = 0; place < length; place += 1) {
      const code = value.charCodeAt(place)
      if (code > 0x7f) return null
      bytes[start + place] = code
    }
    return length
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return
    const old = this.#bytes
    const wanted = this.#at + more
    // Much room is not doubled, but what follows a long text must not have it copied once more.
    this.#make(wanted > largeCapacity ? wanted + largeCapacity : Math.max(wanted, old.length * 2))
    old.copy(this.#bytes, 0, 0, this.#at)
  }

  #make(capacity: number): void {
    this.#bytes = Buffer.allocUnsafeSlow(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }
}
