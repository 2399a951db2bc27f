import { expect, it } from 'vitest'

import { withoutPictures } from './pictures.ts'

it.each([
  ['look', 'look', 0],
  ['[image]', '', 1],
  ['look\n[image]\n[image]', 'look', 2],
  ['a\n[image]\nb', 'a\nb', 1],
  ['this is an [image] of text', 'this is an [image] of text', 0],
  ['```\n[image]\n```\n[image]', '```\n[image]\n```', 1],
  ['~~~~\n~~~\n[image]\n~~~~\n[image]', '~~~~\n~~~\n[image]\n~~~~', 1],
])('takes the pictures out of %j', (text, left, pictures) =>
  expect(withoutPictures(text)).toEqual({ text: left, pictures }),
)
