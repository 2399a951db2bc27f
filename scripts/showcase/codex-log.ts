import type { LogPlan } from '../../test/browser/claude-log.ts'

/** The same kind of session as Codex writes it. */
export function codexLog(plan: LogPlan): string {
  const { id, cwd, model = 'gpt-5.5', pace = 20_000, weight = 1 } = plan
  const lines: object[] = []
  let at = plan.start
  const add = (type: string, payload: object): void => {
    lines.push({ timestamp: new Date(at).toISOString(), type, payload })
    at += pace / 3
  }
  const git = { branch: plan.branch ?? 'main' }
  add('session_meta', {
    id,
    timestamp: new Date(at).toISOString(),
    cwd,
    originator: 'codex_cli_rs',
    cli_version: '0.98.0',
    source: 'cli',
    git,
  })
  const total = {
    input_tokens: 0,
    cached_input_tokens: 0,
    output_tokens: 0,
    reasoning_output_tokens: 0,
    total_tokens: 0,
  }
  let context = 9000 * weight
  let place = 0
  const message = (role: string, kind: string, text: string): void => {
    add('response_item', { type: 'message', role, content: [{ type: kind, text }] })
  }
  for (const { prompt: asked, steps } of plan.turns) {
    const prompt = typeof asked === 'string' ? asked : ''
    add('turn_context', { turn_id: `${id}-${place}`, cwd, model })
    message('user', 'input_text', prompt)
    add('event_msg', { type: 'user_message', message: prompt })
    for (const { thinking, text, tool } of steps) {
      const call = `call_${id.slice(0, 8)}${place}`
      if (thinking !== undefined)
        add('response_item', { type: 'reasoning', summary: [{ type: 'summary_text', text: thinking }] })
      if (text !== undefined) message('assistant', 'output_text', text)
      if (tool !== undefined) {
        const shell = tool.name === 'Bash'
        const input = shell ? { cmd: (tool.input as { command: string }).command } : tool.input
        add('response_item', {
          type: 'function_call',
          name: shell ? 'exec_command' : tool.name,
          arguments: JSON.stringify(input),
          call_id: call,
        })
        const code = tool.isError === true ? 1 : 0
        const output = `Process exited with code ${code}\nOutput:\n${typeof tool.result === 'string' ? tool.result : ''}`
        add('response_item', { type: 'function_call_output', call_id: call, output })
      }
      const last = {
        input_tokens: Math.round(context),
        cached_input_tokens: Math.round(context * 0.9),
        output_tokens: 150 + ((place * 83) % 700),
        reasoning_output_tokens: 40,
        total_tokens: 0,
      }
      last.total_tokens = last.input_tokens + last.output_tokens
      for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += last[key]
      add('event_msg', {
        type: 'token_count',
        info: { total_token_usage: { ...total }, last_token_usage: last, model_context_window: 258_400 },
      })
      context += 900 * weight
      place += 1
    }
  }
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}
