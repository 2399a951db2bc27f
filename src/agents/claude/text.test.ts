import { describe, expect, it } from 'vitest'
import { isSlashCommand, readQueuedText, readUserText } from './text.ts'

const talk = (text: string) => [{ subtype: null, text }]

describe('readUserText', () => {
  it('trims the front and keeps everything else of a prompt', () => {
    expect(readUserText('\uFEFF \n fix it\n')).toEqual(talk('fix it\n'))
    expect(readUserText(' \n')).toEqual([])
  })

  it('writes a command envelope as the command, whatever the order of its tags', () => {
    expect(readUserText('<command-message>x</command-message>\n<command-name>/review</command-name>')).toEqual(
      talk('/review'),
    )
    expect(readUserText('<command-message>init</command-message>')).toEqual(talk('/init'))
    expect(readUserText('<command-name>m</command-name><command-args> a b </command-args>')).toEqual(talk('/m a b'))
  })

  it('takes text behind command tags, or an open tag, as talk', () => {
    for (const text of ['<command-name>/x</command-name> go', '<command-name>/x', '<command-args>y</command-args>']) {
      expect(readUserText(text)).toEqual(talk(text))
    }
  })

  it('drops an envelope that names no command', () => {
    expect(readUserText('<command-name> </command-name>')).toEqual([])
  })

  it('cuts reminders off a prompt and reads what is behind them', () => {
    expect(readUserText('<system-reminder>a</system-reminder> <command-name>x</command-name>')).toEqual(talk('/x'))
    expect(readUserText('<system-reminder>a</system-reminder>[Request interrupted by user]')[0]?.subtype).toBe(
      'interrupted',
    )
  })

  it('keeps several things an editor attached together, apart from the prompt', () => {
    const context = '<ide_opened_file>a</ide_opened_file>\n<ide_selection>b</ide_selection>'
    expect(readUserText(`${context}\nexplain`)).toEqual([
      { subtype: 'ide_opened_file', text: context },
      { subtype: null, text: 'explain' },
    ])
    expect(readUserText('<ide_selection>open')).toEqual(talk('<ide_selection>open'))
  })

  it('keeps of an editor context only that when the rest is the program talking', () => {
    const parts = readUserText('<ide_selection>b</ide_selection>Stop hook feedback: x')
    expect(parts).toEqual([{ subtype: 'ide_selection', text: '<ide_selection>b</ide_selection>' }])
  })
})

describe('readQueuedText', () => {
  it('leaves what an editor attached in the prompt', () => {
    const text = '<ide_selection>b</ide_selection>explain'
    expect(readQueuedText(text)).toEqual({ subtype: 'queued', text })
    expect(readQueuedText('  ')).toBeNull()
  })
})

describe('isSlashCommand', () => {
  it('tells commands from paths', () => {
    expect(['/clear', '/model opus', '/a_b-1\nx', '/usr/bin fails', '/', 'x /y', '/a:b'].map(isSlashCommand)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
      false,
    ])
  })
})
