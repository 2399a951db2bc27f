import { expect, it } from 'vitest'

import { sql } from './sql.ts'

it('keeps values out of the text, in the order of their marks', () => {
  const name = `x' OR '1' = '1`
  const inner = sql`name = ${name} AND size > ${7}`
  expect(sql`SELECT 1 FROM t WHERE ${inner} AND gone IS ${null}`).toEqual({
    text: 'SELECT 1 FROM t WHERE name = ? AND size > ? AND gone IS ?',
    values: [name, 7, null],
  })
})

it('joins pieces with their values', () => {
  expect(sql.join([sql`a = ${1}`, sql`b = ${2}`, sql`c`], sql` AND `)).toEqual({
    text: 'a = ? AND b = ? AND c',
    values: [1, 2],
  })
  expect(sql.join([], sql`, `)).toEqual({ text: '', values: [] })
})

it('takes bytes as a value, and raw text as it stands', () => {
  const bytes = new Uint8Array([1])
  expect(sql`${bytes} / ${sql.raw('900')}`).toEqual({ text: '? / 900', values: [bytes] })
})
