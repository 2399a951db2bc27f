/**
 * export: sessions as a file to keep or hand on: Markdown, HTML, JSON.
 * In: an archive to ask. Out: text, piece by piece.
 * Must not: write anything, or let what a transcript holds be more than text.
 */
export { exportFileName, exportFormats, exportTypes } from './formats.ts'
export type { ExportFormat } from './formats.ts'
export { exportSessions } from './export-sessions.ts'
export { readSessions } from './session.ts'
export type { SessionToExport } from './session.ts'
