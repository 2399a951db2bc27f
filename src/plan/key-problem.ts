/* oxlint-disable no-control-regex -- control characters are what is refused here */

/**
 * Why a key is not fetched, in words for people; null when it is fine. A key never becomes a path
 * here, but what is stored and shown of it must not be able to become one elsewhere.
 */
export function keyProblem(key: string): string | null {
  if (key.includes('\\')) return 'the key holds a backslash'
  if (/[\u0000-\u001F\u007F-\u009F\u2028\u2029]/.test(key)) return 'the key holds a control character'
  const segments = key.split('/')
  if (segments.some((segment) => segment === '..' || segment === '.')) return 'the key holds a "." or ".." segment'
  if (segments.some((segment) => segment === '')) return 'the key holds an empty segment'
  return null
}

/** True for the zero-byte "folder" that some tools put into buckets. */
export function isFolderMarker(key: string, size: number): boolean {
  return size === 0 && key.endsWith('/')
}
