import type { Painted } from './paint.ts'

/** One column of a list: what machines read (`value`) and, where it differs, what people read (`show`). */
export interface Column<Row> {
  /** Name for `--fields` and the head of CSV and TSV. */
  readonly key: string
  /** Head of the table for people. */
  readonly title: string
  readonly value: (row: Row) => string | number | boolean | null
  /** For tables and Markdown; without it, `value` is shown as it is and null as `–`. */
  readonly show?: ((row: Row) => string | Painted) | undefined
  /** Right for numbers; left without it. */
  readonly align?: 'left' | 'right' | undefined
  /** May be cut with an ellipsis when the terminal is narrow. */
  readonly canShrink?: boolean | undefined
  /** Narrowest it may be cut to, in terminal columns; 8 without it. */
  readonly least?: number | undefined
  /** May be left out where the terminal is too narrow for all columns, the highest number first. */
  readonly leaveOut?: number | undefined
  /** Printed only when `--fields` names it or in CSV and TSV. */
  readonly isExtra?: boolean | undefined
}
