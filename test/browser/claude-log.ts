/** One thing a model did in answer: it thought, said something, or used a tool. */
export interface Step {
  readonly thinking?: string
  readonly text?: string
  readonly tool?: {
    readonly name: string
    readonly input: unknown
    readonly result?: unknown
    readonly isError?: boolean
  }
}

/** A session to write as Claude Code writes its logs. */
export interface LogPlan {
  readonly id: string
  readonly cwd: string
  readonly branch?: string
  readonly model?: string
  readonly title?: string
  /** Epoch milliseconds of the first line. */
  readonly start: number
  /** Milliseconds between lines. */
  readonly pace?: number
  readonly turns: readonly { readonly prompt: string | readonly object[]; readonly steps: readonly Step[] }[]
  /** Makes answers longer, and dearer. */
  readonly weight?: number
}

/** The log of a session as JSON lines, each response with its usage. */
export function claudeLog(plan: LogPlan): string {
  const { id, cwd, model = 'claude-opus-4-6', pace = 20_000, weight = 1 } = plan
  const lines: object[] = []
  let at = plan.start
  let parentUuid: string | null = null
  let context = 14_000 * weight
  const add = (entry: object): void => {
    const uuid = `${id.slice(0, 24)}${String(lines.length).padStart(12, '0')}`
    lines.push({
      parentUuid,
      isSidechain: false,
      userType: 'external',
      cwd,
      sessionId: id,
      version: '2.1.34',
      gitBranch: plan.branch ?? 'main',
      ...entry,
      uuid,
      timestamp: new Date(at).toISOString(),
    })
    parentUuid = uuid
    at += pace
  }
  const answer = (content: readonly object[], place: number): void => {
    const output = 180 + ((place * 97) % 900)
    const written = Math.round((600 + ((place * 131) % 2400)) * weight)
    add({
      type: 'assistant',
      requestId: `req_${id.slice(0, 8)}${place}`,
      message: {
        id: `msg_${id.slice(0, 8)}${place}`,
        type: 'message',
        role: 'assistant',
        model,
        content,
        stop_reason: 'end_turn',
        usage: {
          input_tokens: 4 + (place % 9),
          cache_read_input_tokens: Math.round(context),
          cache_creation_input_tokens: written,
          cache_creation: { ephemeral_5m_input_tokens: written, ephemeral_1h_input_tokens: 0 },
          output_tokens: output,
        },
      },
    })
    context += written + output
  }
  let place = 0
  for (const { prompt, steps } of plan.turns) {
    add({ type: 'user', message: { role: 'user', content: prompt } })
    for (const step of steps) {
      const call = `toolu_${id.slice(0, 8)}${place}`
      const { thinking, text, tool } = step
      answer(
        [
          ...(thinking === undefined ? [] : [{ type: 'thinking', thinking, signature: 'c2ln' }]),
          ...(text === undefined ? [] : [{ type: 'text', text }]),
          ...(tool === undefined ? [] : [{ type: 'tool_use', id: call, name: tool.name, input: tool.input }]),
        ],
        place,
      )
      if (tool?.result !== undefined) {
        const result = { type: 'tool_result', tool_use_id: call, content: tool.result, is_error: tool.isError ?? false }
        add({ type: 'user', message: { role: 'user', content: [result] } })
      }
      place += 1
    }
  }
  if (plan.title !== undefined) lines.push({ type: 'summary', summary: plan.title, leafUuid: parentUuid })
  return `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
}
