/**
 * lines: bytes of an object → lines with the offset of each, unpacked on the way when they are packed.
 * In: chunks as they arrive, cut anywhere. Out: lines, long lines as mere places, the unfinished tail.
 * Must not: decode text or hold more than the line in hand.
 */
export { compressionOf, decompress } from './decompress.ts'
export type { Compression } from './decompress.ts'
export { isCompleteObject, splitLines } from './split-lines.ts'
export type { LineSplitter, LongLine, Tail } from './split-lines.ts'
