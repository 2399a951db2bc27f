import { describe, expect, it } from 'vitest'

import { claudeImages } from './images.ts'

const image = (data: string) => ({ type: 'image', source: { type: 'base64', media_type: 'image/png', data } })
const read = (value: unknown) =>
  claudeImages({
    offset: 0,
    bytes: new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value)),
  })

describe('the pictures of a line of Claude Code', () => {
  it('are those of a message, in order', () => {
    const content = [image('AAAA'), { type: 'text', text: 'what is this' }, image('BBBB')]
    expect(read({ type: 'user', message: { role: 'user', content } })).toEqual([
      { callId: null, base64: 'AAAA' },
      { callId: null, base64: 'BBBB' },
    ])
  })

  it('are those of results, each with its call', () => {
    const content = [
      { type: 'tool_result', tool_use_id: 't1', content: [image('AAAA')] },
      { type: 'tool_result', tool_use_id: 't2', content: [{ type: 'text', text: 'x' }, image('BBBB'), image('CCCC')] },
      { type: 'tool_result', content: [image('DDDD')] },
    ]
    expect(read({ type: 'user', message: { content } })).toEqual([
      { callId: 't1', base64: 'AAAA' },
      { callId: 't2', base64: 'BBBB' },
      { callId: 't2', base64: 'CCCC' },
    ])
  })

  it('are those of a prompt typed while a tool ran', () => {
    const attachment = { type: 'queued_command', prompt: [{ type: 'text', text: 'look' }, image('AAAA')] }
    expect(read({ type: 'attachment', attachment })).toEqual([{ callId: null, base64: 'AAAA' }])
  })

  it('have no bytes where the log only names an address, and keep their place', () => {
    const content = [{ type: 'image', source: { type: 'url', url: 'https://x.example/a.png' } }, { type: 'image' }]
    expect(read({ message: { content: [...content, image('AAAA')] } })).toEqual([
      { callId: null, base64: null },
      { callId: null, base64: null },
      { callId: null, base64: 'AAAA' },
    ])
  })

  it.each(['', '{', '[]', '{"message":{"content":"[image]"}}', '{"message":{"content":[null,1,"x"]}}'])(
    'are none in %j',
    (line) => expect(read(line)).toEqual([]),
  )
})
