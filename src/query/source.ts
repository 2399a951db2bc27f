/** Where an object is, for people: `s3://bucket/key`, or the file's path for the local folders. */
export function sourceOf(remote: string, bucket: string, key: string): string {
  if (remote !== 'local') return `s3://${bucket}/${key}`
  if (bucket === '' || key.startsWith('/')) return key
  return bucket.endsWith('/') ? `${bucket}${key}` : `${bucket}/${key}`
}
