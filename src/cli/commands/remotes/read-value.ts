import { AgentsviewError } from '../../../base/index.ts'
import type { TomlValue } from '../../../config/index.ts'
import { remoteKeys } from '../../../config/index.ts'

/**
 * A value as a person types it, in the type that its key has; what the key itself does not allow is
 * found when the config is checked.
 * @throws AgentsviewError `usage.value` for what is not of that type at all
 */
export function readTypedValue(key: string, text: string, agents: readonly string[]): TomlValue {
  const type = remoteKeys(agents)[key]?.type.is ?? 'text'
  switch (type) {
    case 'flag':
      return readFlag(key, text)
    case 'count':
      return /^\d+$/.test(text) ? Number(text) : text
    case 'texts':
      return text.trimStart().startsWith('[') ? readList(key, text) : text.split(',').map((one) => one.trim())
    case 'text-map':
      throw new AgentsviewError({
        code: 'usage.value',
        message: `${key} is a table`,
        hint: `Set one entry at a time: ${key}.<from>=<to>`,
      })
    case 'size':
      return /^\d+$/.test(text) ? Number(text) : text
    case 'span':
    case 'price':
    case 'text':
      return text
  }
}

/** A list written as in the file, `["a/", "b/"]`: people copy it from there. */
function readList(key: string, text: string): TomlValue {
  const list = parsedOrNull(text)
  if (Array.isArray(list) && list.every((one): one is string => typeof one === 'string')) return list
  throw new AgentsviewError({
    code: 'usage.value',
    message: `${key} is not written as a list`,
    hint: `Separate its entries by commas: ${key}=a,b`,
  })
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}

function readFlag(key: string, text: string): boolean {
  if (/^(true|yes|on|1)$/i.test(text)) return true
  if (/^(false|no|off|0)$/i.test(text)) return false
  throw new AgentsviewError({
    code: 'usage.value',
    message: `${key} must be true or false`,
    hint: `Write ${key}=true or ${key}=false.`,
  })
}
