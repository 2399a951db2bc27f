import pc from 'picocolors'
import { cleanLine } from '../../base/index.ts'

export type Colour = 'red' | 'green' | 'yellow' | 'cyan' | 'bold' | 'dim'

/** Text with the colour it is shown in where colours are; the text itself may come from anywhere. */
export interface Painted {
  readonly text: string
  readonly colour: Colour
}

/** Marks text to be shown in a colour. */
export function paint(colour: Colour, text: string): Painted {
  return { text, colour }
}

/** Draws pieces of one line: each is cleaned of escapes first, so only our own colours reach the terminal. */
export function drawLine(parts: readonly (string | Painted)[], isColoured: boolean): string {
  const colours = pc.createColors(isColoured)
  return parts
    .map((part) => (typeof part === 'string' ? cleanLine(part) : colours[part.colour](cleanLine(part.text))))
    .join('')
}

/** Whether a stream gets colours: the flag decides, else NO_COLOR, FORCE_COLOR, TERM and the terminal. */
export function hasColour(
  flag: 'auto' | 'always' | 'never',
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (flag !== 'auto') return flag === 'always'
  if ((env['NO_COLOR'] ?? '') !== '') return false
  if ((env['FORCE_COLOR'] ?? '0') !== '0') return true
  return isTTY && env['TERM'] !== 'dumb'
}
