import { expect, it } from 'vitest'
import { projectNamer } from './project-rule.ts'

const nameOf = projectNamer([
  { name: 'shop', match: ['*/code/shop-api*', 'shop_web', 'C:/work/shop'] },
  { name: 'rest', match: ['/srv/*'] },
])

it('joins folders of several machines by the first rule that fits, and leaves the others as they are', () => {
  expect(nameOf('shop_api', '/home/ann/code/shop-api')).toBe('shop')
  expect(nameOf('x', '/Users/bo/code/shop-api-2/sub')).toBe('shop')
  expect(nameOf('shop_web', null)).toBe('shop')
  expect(nameOf('shop', 'C:\\work\\shop')).toBe('shop')
  expect(nameOf('a', '/srv/code/shop-api')).toBe('shop')
  expect(nameOf('a', '/srv/a')).toBe('rest')
  expect(nameOf('a', '/home/srv/a')).toBe('a')
  expect(nameOf(null, null)).toBeNull()
})

it('takes every sign but the star as it is, and no pattern can stall it', () => {
  expect(projectNamer([{ name: 'n', match: ['a.b', 'a?c', '[x]'] }])('axb', null)).toBe('axb')
  const slow = projectNamer([{ name: 'n', match: [`${'*a'.repeat(200)}b`] }])
  expect(slow(null, 'a'.repeat(4096))).toBeNull()
  expect(projectNamer([{ name: 'n', match: ['a*a'] }])('a', null)).toBe('a')
})
