/** Where an object is, for people: `s3://bucket/key`, or the file's path for the local folders. */
export function sourceOf(remote: string, bucket: string, key: string): string {
  if (remote !== 'local') return `s3://${bucket}/${key}`
  // The key of a local file begins with its agent; the folder on disk does not.
  const path = key.slice(key.indexOf('/') + 1)
  return bucket.endsWith('/') ? `${bucket}${path}` : `${bucket}/${path}`
}
