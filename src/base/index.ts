/**
 * base: what every room may use: errors, JSON guards, bytes, secrets, time.
 * In: nothing. Out: pure helpers.
 * Must not: know the domain, do I/O, or import another room.
 */
export { ByteReader } from './byte-reader.ts'
export { ByteWriter } from './byte-writer.ts'
export { concatBytes, formatBytes, parseByteSize } from './bytes.ts'
export { cleanLine, cleanLines, cleanText } from './clean-text.ts'
export { AgentsviewError, exitCodeOf, exitCodes, isFamily, messageOf } from './errors.ts'
export type { ErrorCode, ErrorDetails, ErrorFamily } from './errors.ts'
export { asArray, asObject, asText, isObject } from './json.ts'
export type { Json, JsonObject } from './json.ts'
export { Secret } from './secret.ts'
export { parseTimeSpan, systemClock, toRfc3339 } from './time.ts'
export type { Clock, EpochMs } from './time.ts'
