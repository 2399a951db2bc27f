import { AgentsviewError, cleanLine, cleanLines, messageOf } from '../../base/index.ts'
import { drawLine, paint } from './paint.ts'
import type { Painted } from './paint.ts'
import { safeJson } from './output.ts'

/** An error as people read it on stderr: what happened, then what to try; a bug also shows its stack. */
export function drawFailure(error: unknown, hasColour: boolean): string {
  if (!(error instanceof AgentsviewError)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : messageOf(error)
    return [
      drawLine([paint('red', 'Error: '), `this is a bug of agentsview: ${messageOf(error)}`], hasColour),
      cleanLines(stack),
      drawLine([paint('cyan', 'Try: '), 'report it with the lines above, after removing what is private'], hasColour),
    ].join('\n')
  }
  const [first = '', ...more] = error.message.split('\n')
  const lines = [drawLine([paint('red', 'Error: '), first], hasColour), ...more.map(cleanLine)]
  if (error.hint !== undefined) lines.push(drawHint(error.hint, hasColour))
  return lines.join('\n')
}

function drawHint(hint: string, hasColour: boolean): string {
  return drawLine(hintParts(hint), hasColour)
}

/** The pieces of a hint's line: `Try:` stands before it, or where it names a command itself. */
export function hintParts(hint: string): readonly (string | Painted)[] {
  const at = hint.search(/(?<=[.?!] )Try: /)
  if (at === -1) return [paint('cyan', 'Try: '), hint]
  return [hint.slice(0, at), paint('cyan', 'Try: '), hint.slice(at + 'Try: '.length)]
}

/** An error as one JSON object on one line. */
export function failureJson(error: unknown): string {
  if (!(error instanceof AgentsviewError)) {
    const hint = 'This is a bug of agentsview: run again without --json and report what it prints.'
    return safeJson({ error: { code: 'internal', message: messageOf(error), hint } })
  }
  const remote = error.context['remote']
  return safeJson({
    error: {
      code: error.code,
      message: error.message,
      ...(typeof remote === 'string' ? { remote } : {}),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    },
  })
}
