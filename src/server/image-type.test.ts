import { expect, it } from 'vitest'

import { imageType } from './image-type.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text, 'latin1')

it.each([
  ['\x89PNG\r\n\x1a\n....', 'image/png'],
  ['\xff\xd8\xff\xe0....', 'image/jpeg'],
  ['GIF87a..', 'image/gif'],
  ['GIF89a..', 'image/gif'],
  ['RIFF....WEBPVP8 ', 'image/webp'],
])('knows %j as %s', (text, type) => expect(imageType(bytes(text))).toBe(type))

it.each([
  '',
  '<svg xmlns="http://www.w3.org/2000/svg"/>',
  '<?xml version="1.0"?><svg/>',
  '<html><script>',
  ' GIF89a',
  'GIF88a',
  'WXYZ....WEBP',
  'RIFF....WAVE',
  '\x89PNG',
  '%PDF-1.7',
  'BM......',
])('shows nothing that begins with %j', (text) => expect(imageType(bytes(text))).toBeNull())
