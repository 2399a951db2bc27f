import { describe, expect, it } from 'vitest'

import { codexImages } from './images.ts'

const image = (image_url: unknown) => ({ type: 'input_image', image_url })
const read = (payload: unknown) =>
  codexImages({ offset: 0, bytes: new TextEncoder().encode(JSON.stringify({ type: 'response_item', payload })) })

describe('the pictures of a line of Codex', () => {
  it('are those of a message, in order', () => {
    const content = [
      { type: 'input_text', text: 'look' },
      image('data:image/png;base64,AAAA'),
      image('data:image/jpeg;name=x.jpg;base64,BBBB'),
    ]
    expect(read({ type: 'message', role: 'user', content })).toEqual([
      { callId: null, base64: 'AAAA' },
      { callId: null, base64: 'BBBB' },
    ])
  })

  it('are those of outputs, whichever way they are wrapped', () => {
    const blocks = [image('data:image/png;base64,AAAA')]
    const given = [{ callId: 'c1', base64: 'AAAA' }]
    expect(read({ type: 'function_call_output', call_id: 'c1', output: blocks })).toEqual(given)
    expect(read({ type: 'function_call_output', call_id: 'c1', output: { content: blocks } })).toEqual(given)
    expect(read({ type: 'custom_tool_call_output', call_id: 'c1', output: blocks })).toEqual(given)
    expect(read({ type: 'function_call_output', call_id: 'c1', output: 'text' })).toEqual([])
  })

  it('are those a call made', () => {
    expect(read({ type: 'image_generation_call', id: 'ig_1', result: 'AAAA' })).toEqual([
      { callId: 'ig_1', base64: 'AAAA' },
    ])
    expect(read({ type: 'image_generation_call', id: 'ig_1', status: 'failed' })).toEqual([])
  })

  it('have no bytes where the log only names an address', () => {
    const content = [image('https://x.example/a.png'), image('data:text/html;base64,AAAA'), image(7), {}]
    expect(read({ type: 'message', role: 'user', content })).toEqual([
      { callId: null, base64: null },
      { callId: null, base64: null },
      { callId: null, base64: null },
    ])
  })

  it('are found in the oldest logs, which have no envelope', () => {
    const line = { type: 'message', role: 'user', content: [image('data:image/gif;base64,AAAA')] }
    const bytes = new TextEncoder().encode(JSON.stringify(line))
    expect(codexImages({ offset: 0, bytes })).toEqual([{ callId: null, base64: 'AAAA' }])
  })
})
