import { expect, it } from 'vitest'

import { toCsv } from './csv.ts'

it('quotes what needs quotes and disarms formulas', () => {
  const rows = [['a,b', '=1+1', 3, null]]
  expect(toCsv({ columns: ['x"y', 'z', 'n', 'e'], rows })).toBe(`"x""y",z,n,e\r\n"a,b",'=1+1,3,\r\n`)
})
