import type { CheckedTable } from './check.ts'
import type { Mistakes } from './mistakes.ts'

/**
 * Reads `prefixes`: each ends in `/` or is empty (the whole bucket). One that lies inside another is
 * dropped with a warning, so that nothing is read twice.
 */
export function readPrefixes(table: CheckedTable, mistakes: Mistakes): readonly string[] {
  const path = [...table.path, 'prefixes']
  const given = table.texts('prefixes') ?? ['']
  if (given.length === 0) mistakes.add(path, 'is empty; [""] reads the whole bucket')
  for (const prefix of given) {
    const problem = prefixProblem(prefix)
    if (problem !== null) mistakes.add(path, `"${prefix}" ${problem}`)
  }
  const whole = given.map((prefix) => (prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`))
  return whole.filter((prefix, at) => {
    const holder = whole.find(
      (other, place) => place !== at && prefix.startsWith(other) && (other !== prefix || place < at),
    )
    if (holder === undefined) return true
    const why = holder === prefix ? 'stands there twice' : `lies inside "${holder}"`
    mistakes.warn(path, `"${prefix}" ${why} and is read once`)
    return false
  })
}

function prefixProblem(prefix: string): string | null {
  if (prefix.startsWith('s3://')) return 'must be a folder inside the bucket, without s3:// and the bucket’s name'
  if (prefix.startsWith('/')) return 'must not begin with / (keys do not)'
  if (prefix.split('/').some((part) => part === '..' || part === '.')) return 'must not hold . or .. folders'
  // oxlint-disable-next-line no-control-regex -- control characters are what is refused
  return /[\u0000-\u001F\u007F]/.test(prefix) ? 'holds a control character' : null
}
