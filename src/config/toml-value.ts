/** What an edit can write as a value. */
export type TomlValue = string | number | boolean | readonly string[] | { readonly [key: string]: string }

/** A value as TOML text on one line. */
export function tomlValue(value: TomlValue): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return `[${value.map(quote).join(', ')}]`
  const entries = Object.entries(value as Readonly<Record<string, string>>)
  return entries.length === 0 ? '{}' : `{ ${entries.map(([key, to]) => `${tomlKey(key)} = ${quote(to)}`).join(', ')} }`
}

/** A key as TOML text: bare where it can be, else quoted. */
export function tomlKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quote(key)
}

/** JSON's escapes are TOML's; DEL is the one character JSON leaves bare and TOML does not allow. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', '\\u007F')
}
