/**
 * output: turns what a command found into text: tables, JSON, CSV, errors, colours.
 * In: rows, objects, errors, the global options. Out: clean lines on stdout and stderr.
 * Must not: ask rooms for data, or let an escape sequence from the data reach the terminal.
 */
export type { Column } from './column.ts'
export { drawFailure, failureJson, hintParts } from './failure.ts'
export { makeOutput, safeJson } from './output.ts'
export type { Output, RowsToPrint } from './output.ts'
export { drawLine, hasColour, paint } from './paint.ts'
export type { Colour, Painted } from './paint.ts'
