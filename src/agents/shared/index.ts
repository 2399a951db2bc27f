/**
 * shared: what every log format needs: JSON lines, times, counters, raw tool inputs, project names.
 * In: bytes and untrusted JSON values. Out: clean values, or null where there is none.
 * Must not: know one format's fields, keep state, or do I/O.
 */
export { badLine, decodeLine } from './decode-line.ts'
export type { DecodedLine } from './decode-line.ts'
export { jsonText } from './json-text.ts'
export { projectFromCwd, projectFromFolder } from './project.ts'
export { countOf, nanoUsdOf, tokensOf } from './counters.ts'
export { cleanString, cutBytes, modelName } from './text.ts'
export { timeOf } from './time-of.ts'
export { toolCategory } from './tool-category.ts'
export type { ToolCategory } from './tool-category.ts'
