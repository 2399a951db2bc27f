/* oxlint-disable no-control-regex -- control characters are what is refused here */

/**
 * Why a machine name cannot be used, in words for people; null when it can.
 * `~` is refused because a session's id is `<machine>~<id>`.
 */
export function machineNameProblem(name: string): string | null {
  if (name === '') return 'it is empty'
  if (name === '.' || name === '..') return `"${name}" is a folder's name`
  if (/[~/\\]/.test(name)) return 'it holds one of ~ / \\'
  if (/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/.test(name)) return 'it holds a control character'
  if (/[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(name)) return 'it holds an invisible direction mark'
  if (name !== name.trim()) return 'it begins or ends with a space'
  if (Buffer.byteLength(name) > 128) return 'it is longer than 128 bytes'
  return null
}
