import { type JsonObject, isObject } from '../../base/index.ts'

/** The JSON object a text holds; null when it holds anything else. */
export function embeddedObject(text: string): JsonObject | null {
  if (!/^\s*\{/.test(text)) return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
}
