import { AgentsviewError, cleanLine, cleanLines, messageOf } from '../../base/index.ts'
import { drawLine, paint } from './paint.ts'
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

/** A hint that names a command itself says `Try:` where the command stands. */
function drawHint(hint: string, hasColour: boolean): string {
  const [advice = '', command] = hint.split(/(?<=\.) Try: /)
  if (command === undefined) return drawLine([paint('cyan', 'Try: '), hint], hasColour)
  return drawLine([advice, paint('cyan', ' Try: '), command], hasColour)
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
