import fc from 'fast-check'
import { parse } from 'smol-toml'
import { describe, expect, it } from 'vitest'
import { AgentsviewError } from '../base/index.ts'
import { appendRemote, removeRemote, removeRemoteKey, setRemoteKey, setTableKey } from './toml-edit.ts'

const file = `# my config

[store]
url = "file:a.db"   # here

# the big box
[[remotes]]
name = "gpu"        # "gpu" # not a comment
bucket = 'b#1'
prefixes = [
  "prod/", # first
  "lab/",
]
"region" = "x"

[remotes.rename]
# names
"ci-*" = "ci"

# mine
[[remotes]]
  name = "home"
  bucket = "b2"
  rename = { a = "b", c = "d" }
  # off for now

[prices."m"] # prices
input = "3"
`

describe('setting a key of a table', () => {
  it.each([
    ['', '[local]\nmachine = "x"\n'],
    ['# only this', '# only this\n\n[local]\nmachine = "x"\n'],
    ['[local]\nmachine = "old" # mine\n\n[store]\n', '[local]\nmachine = "x" # mine\n\n[store]\n'],
    ['[local] # here\nenabled = true\n\n[store]\n', '[local] # here\nenabled = true\nmachine = "x"\n\n[store]\n'],
    ['local = { enabled = true }\n', 'local = { enabled = true, machine = "x" }\n'],
    ['local.machine = "old"\n', 'local.machine = "x"\n'],
    ['[[remotes]]\nmachine = "old"\n', '[[remotes]]\nmachine = "old"\n\n[local]\nmachine = "x"\n'],
  ])('makes of %j what was meant and leaves the rest', (before, after) => {
    expect(setTableKey(before, 'local', 'machine', 'x')).toBe(after)
  })

  it('leaves a file alone that it cannot edit safely', () => {
    expect(() => setTableKey('local.enabled = true\n', 'local', 'machine', 'x')).toThrow(AgentsviewError)
  })
})

describe('setting a key', () => {
  it.each([
    [0, ['region'], 'y', '"region" = "x"', '"region" = "y"'],
    [0, ['bucket'], 'c', "bucket = 'b#1'", 'bucket = "c"'],
    [0, ['prefixes'], ['a/'], '[\n  "prod/", # first\n  "lab/",\n]', '["a/"]'],
    [0, ['rename', 'ci-*'], 'x', '"ci-*" = "ci"', '"ci-*" = "x"'],
    [0, ['rename', 'new'], 'x', '"ci-*" = "ci"\n', '"ci-*" = "ci"\nnew = "x"\n'],
    [1, ['rename', 'a'], 'x', 'a = "b"', 'a = "x"'],
    [1, ['rename', 'e.f'], 'g', 'c = "d"', 'c = "d", "e.f" = "g"'],
    [0, ['concurrency'], 3, '"region" = "x"\n', '"region" = "x"\nconcurrency = 3\n'],
    [1, ['enabled'], false, 'c = "d" }\n', 'c = "d" }\n  enabled = false\n'],
  ] as const)('in remotes[%i], %j, changes those bytes and no others', (index, key, value, before, after) => {
    expect(setRemoteKey(file, index, key, value)).toBe(file.replace(before, after))
  })

  it('replaces a table of its own by an inline one when all of it is set', () => {
    const after = setRemoteKey(file, 0, ['rename'], { z: 'y' })
    expect(parse(after)['remotes']).toMatchObject([{ rename: { z: 'y' } }, { name: 'home' }])
    expect(after).toContain('# names')
  })

  it('keeps the line endings of the file', () => {
    const crlf = file.replaceAll('\n', '\r\n')
    expect(setRemoteKey(crlf, 0, ['concurrency'], 3)).toBe(
      setRemoteKey(file, 0, ['concurrency'], 3).replaceAll('\n', '\r\n'),
    )
  })

  it('adds to a last line without a line break', () => {
    expect(setRemoteKey('[[remotes]]\nname = "a"', 0, ['bucket'], 'b')).toBe('[[remotes]]\nname = "a"\nbucket = "b"\n')
  })

  it('adds to dotted keys as a dotted key', () => {
    const dotted = '[[remotes]]\nname = "a"\nrename.x = "y"\n'
    expect(setRemoteKey(dotted, 0, ['rename', 'u v'], 'w')).toBe(`${dotted}rename."u v" = "w"\n`)
  })

  it('refuses a remote that is not written as a block', () => {
    const inline = 'remotes = [{ name = "a", bucket = "b" }]\n'
    expect(setRemoteKey(inline, 0, ['bucket'], 'c')).toBe(inline.replace('"b"', '"c"'))
    expect(() => setRemoteKey(inline, 0, ['region'], 'x')).toThrow(AgentsviewError)
    expect(() => appendRemote(inline, [['name', 'x']])).toThrow(AgentsviewError)
    expect(() => removeRemote(inline, 0)).toThrow(AgentsviewError)
  })
})

describe('removing a key', () => {
  it.each([
    [0, ['region'], '"region" = "x"\n', ''],
    [0, ['prefixes'], 'prefixes = [\n  "prod/", # first\n  "lab/",\n]\n', ''],
    [0, ['rename', 'ci-*'], '"ci-*" = "ci"\n', ''],
    [0, ['rename'], '[remotes.rename]\n# names\n"ci-*" = "ci"\n', '# names\n'],
    [1, ['rename', 'a'], 'a = "b", ', ''],
    [1, ['rename', 'c'], ', c = "d"', ''],
    [1, ['rename'], '  rename = { a = "b", c = "d" }\n', ''],
    [1, ['region'], '', ''],
  ] as const)('in remotes[%i], %j, takes those bytes and no others', (index, key, before, after) => {
    expect(removeRemoteKey(file, index, key)).toBe(file.replace(before, after))
  })
})

describe('adding and removing blocks', () => {
  it('appends after a blank line and leaves all before as it was', () => {
    const after = appendRemote(file, [
      ['name', 'new'],
      ['bucket', 'b'],
      ['prefixes', ['a/', 'ü"/']],
    ])
    expect(after).toBe(`${file}\n[[remotes]]\nname = "new"\nbucket = "b"\nprefixes = ["a/", "ü\\"/"]\n`)
  })

  it('starts an empty file, and goes on after a last line without a line break', () => {
    expect(appendRemote('', [['name', 'a']])).toBe('[[remotes]]\nname = "a"\n')
    expect(appendRemote('# note', [['name', 'a']])).toBe('# note\n\n[[remotes]]\nname = "a"\n')
  })

  it('removes the block with its sub-table and the comment right above', () => {
    const gone = file.slice(file.indexOf('# the big box'), file.indexOf('# mine'))
    expect(removeRemote(file, 0)).toBe(file.replace(gone, ''))
  })

  it('removes the comment inside a block and keeps that of the next', () => {
    const gone = file.slice(file.indexOf('# mine'), file.indexOf('[prices'))
    expect(removeRemote(file, 1)).toBe(file.replace(gone, ''))
    const next = '[[remotes]]\nname = "a"\n# about b\n[[remotes]]\nname = "b"\n'
    expect(removeRemote(next, 0)).toBe('# about b\n[[remotes]]\nname = "b"\n')
  })

  it('keeps the comment at the top of the file', () => {
    expect(removeRemote('# my config\n[[remotes]]\nname = "a"\n', 0)).toBe('# my config\n')
  })

  it('removes a sub-table that stands apart from its block', () => {
    const apart = '[[remotes]]\nname = "a"\n\n[local]\nenabled = true\n\n[remotes.rename]\nx = "y"\n'
    expect(removeRemote(apart, 0)).toBe('[local]\nenabled = true\n')
  })
})

const blank = fc.constantFrom('', '\n', '  \n', '# note "quoted" [x]\n', "# it's = {\n", '\t# [[remotes]]\n')
const value = fc.constantFrom(
  '"a"',
  "'#x'",
  '3',
  '1.5',
  'true',
  '["a", "b"]',
  '[\n "x", # ]\n "y"\n]',
  '"""\n# no\n"q""""',
  "'''a''b'''",
  '{ a = "b", "c d" = \'e\' }',
  '1979-05-27T07:32:00Z',
)
const keys = ['alpha', '"be ta"', 'gam.ma', "'del#ta'", 'eps-1']
const entries = fc
  .uniqueArray(fc.constantFrom(...keys), { maxLength: 5 })
  .chain((names) =>
    fc.tuple(...names.map((name) => fc.tuple(blank, fc.constant(name), value, fc.constantFrom('', ' # why', '\t')))),
  )
  .map((all) => all.map(([before, name, one, after]) => `${before}${name} = ${one}${after}\n`).join(''))
const block = fc
  .tuple(blank, entries, blank, fc.boolean())
  .map(
    ([before, body, after, hasTable]) =>
      `${before}[[remotes]] # head\nname = "n"\n${body}${hasTable ? '[remotes.rename]\n"x y" = "z"\n' : ''}${after}`,
  )
const files = fc.record({
  top: fc.tuple(blank, entries).map((parts) => parts.join('')),
  blocks: fc.array(block, { minLength: 1, maxLength: 4 }),
  bottom: fc.constantFrom('', '\n[store]\nurl = "x" # y\n', '# end'),
  isCrlf: fc.boolean(),
})

describe('any file', () => {
  it('loses nothing but the edited value when a key is set', () => {
    fc.assert(
      fc.property(files, fc.nat(3), fc.string(), ({ top, blocks, bottom, isCrlf }, pick, put) => {
        const index = pick % blocks.length
        const lf = [top, ...blocks, bottom].join('')
        const text = isCrlf ? lf.replaceAll('\n', '\r\n') : lf
        const after = setRemoteKey(text, index, ['name'], put)
        let seen = -1
        const marked = text.replaceAll('name = "n"', (found) => {
          seen += 1
          return seen === index ? 'name = \u0000' : found
        })
        const [before = '', behind = ''] = marked.split('\u0000')
        expect(after.startsWith(before)).toBe(true)
        expect(after.endsWith(behind)).toBe(true)
        expect(JSON.parse(after.slice(before.length, after.length - behind.length))).toBe(put)
      }),
    )
  })

  it('is the same again after a key was added and removed', () => {
    fc.assert(
      fc.property(files, fc.nat(3), ({ top, blocks, bottom, isCrlf }, pick) => {
        const lf = `${[top, ...blocks, bottom].join('')}\n`
        const text = isCrlf ? lf.replaceAll('\n', '\r\n') : lf
        const index = pick % blocks.length
        const added = setRemoteKey(text, index, ['added'], ['x'])
        expect(added).not.toBe(text)
        expect(removeRemoteKey(added, index, ['added'])).toBe(text)
      }),
    )
  })

  it('keeps every other block byte for byte when one is removed', () => {
    fc.assert(
      fc.property(files, fc.nat(3), ({ top, blocks, bottom }, pick) => {
        const index = pick % blocks.length
        const after = removeRemote([top, ...blocks, bottom].join(''), index)
        blocks.forEach((one, at) => {
          if (at !== index)
            expect(after).toContain(
              one
                .slice(one.indexOf('[[remotes]]'))
                .trimEnd()
                .replace(/\n[ \t]*#[^\n]*$/, ''),
            )
        })
      }),
    )
  })
})
