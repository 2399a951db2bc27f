import { expect, it } from 'vitest'

import { readPatch } from './patch.ts'

const patch = `*** Begin Patch
*** Update File: src/a.ts
*** Move to: src/b.ts
@@ class A
 keep
-old
+new
*** Add File: c.txt
+hello
*** Delete File: d.txt
*** End Patch
rest`

it('reads the files of a patch with their hunks', () => {
  expect(readPatch(patch)).toEqual([
    {
      path: 'src/a.ts',
      kind: 'update',
      movedTo: 'src/b.ts',
      hunks: [{ heading: 'class A', lines: [' keep', '-old', '+new'] }],
    },
    { path: 'c.txt', kind: 'add', movedTo: null, hunks: [{ heading: '', lines: ['+hello'] }] },
    { path: 'd.txt', kind: 'delete', movedTo: null, hunks: [] },
  ])
})

it('finds a patch inside a shell command', () => {
  expect(readPatch(`apply_patch <<'EOF'\n${patch}\nEOF`)?.length).toBe(3)
})

it('knows no patch in other text, nor in one without files', () => {
  expect(readPatch('echo hello')).toBeNull()
  expect(readPatch('*** Begin Patch\nnothing\n*** End Patch')).toBeNull()
})
