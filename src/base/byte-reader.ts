import { Buffer } from 'node:buffer'

/** Reads back what a `ByteWriter` wrote, in the same order. */
export class ByteReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    this.#at += 1
    return this.#view.getUint8(this.#at - 1)
  }

  count(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  number(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }

  numberOrNull(): number | null {
    const value = this.number()
    return Number.isNaN(value) ? null : value
  }

  text(): string {
    const [from, isAscii] = this.#textAt()
    return this.#bytes.toString(isAscii ? 'latin1' : 'utf8', from, this.#at)
  }

  /** The bytes of a text, not copied, and whether all of it is ASCII. */
  textBytes(): { readonly bytes: Uint8Array; readonly isAscii: boolean } {
    const [from, isAscii] = this.#textAt()
    return { bytes: this.#bytes.subarray(from, this.#at), isAscii }
  }

  #textAt(): readonly [number, boolean] {
    const size = this.count()
    const isAscii = this.byte() === 1
    const from = this.#at
    this.#at += size
    return [from, isAscii]
  }
}
