import { settings } from '../base/settings.ts'
import { en } from './en.ts'
import { zhCn } from './zh-cn.ts'

/** The name of a text; every language has them all. */
export type Key = keyof typeof en

const dictionaries: Readonly<Record<string, Readonly<Record<Key, string>>>> = { en, 'zh-CN': zhCn }

/** A text in the chosen language, with `{name}` replaced; of `one|many`, `{count}` says which. */
export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  const [one = '', many = one] = (dictionaries[settings.value.language] ?? en)[key].split('|')
  const text = String(values['count']) === '1' ? one : many
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : String(value)
  })
}

/** True for text that names an entry: for values of the API that may or may not have a word of ours. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(en, key)
}

/** The text of `prefix.value` where there is one, else the value itself. */
export function wordFor(prefix: string, value: string): string {
  const key = `${prefix}.${value}`
  return isKey(key) ? t(key) : value
}
